import type { CallerKind, Scope } from '@lectern/contract/endpoint.ts';
import { fail } from '../../kernel/errors.ts';
import { hashSecret } from '../../kernel/secrets.ts';
import { fromJson } from '../../store/json.ts';
import type { App, KeyCaller } from '../context.ts';
import type { PresentedKey } from './key-text.ts';
import { addressAllowed, routeAllowed } from './limits.ts';
import { findKeyByHash, type KeyWithMember } from './queries.ts';
import { rateWindowSeconds } from './rates.ts';

/** What authentication has to know of a route. */
export interface RouteFacts {
  operation: string;
  path: string;
  callers: readonly CallerKind[];
  scope?: Scope;
}

const kinds = {
  global: { en: 'a global key', zh: '全局密钥' },
  app: { en: 'an app key', zh: '应用密钥' },
} as const;

/** Whether the route reads API keys at all. */
export function takesKeys(route: RouteFacts): boolean {
  return route.callers.includes('global') || route.callers.includes('app');
}

/**
 * Finds a key that may be used now: known, its member and app still there, not expired, budget left (points that are
 * not written yet included), not a replaced key string whose overlap is over. `isReplaced`: it is within the overlap.
 * Every entrance checks keys with this.
 */
export async function findUsableKey(
  app: Pick<App, 'store' | 'keyUsage'>,
  presented: PresentedKey,
): Promise<KeyWithMember & { isReplaced: boolean }> {
  const hash = hashSecret(presented.key);
  const row = await findKeyByHash(app.store, hash);
  if (!row) throw fail('keyUnknown');
  const isReplaced = row.keyHash !== hash;
  if (isReplaced && (row.previousUntil ?? 0) <= Date.now()) {
    throw fail('keyReplaced', { params: { date: new Date(row.previousUntil ?? 0).toISOString() } });
  }
  if (row.expiredTime !== null && row.expiredTime <= Date.now()) {
    throw fail('keyExpired', { params: { date: new Date(row.expiredTime).toISOString() } });
  }
  const used = row.usagePoints + app.keyUsage.pending(row.id).points;
  if (row.maxUsagePoints >= 0 && used >= row.maxUsagePoints) {
    throw fail('keyOverBudget', { params: { points: row.maxUsagePoints } });
  }
  return { ...row, isReplaced };
}

/** Refuses what this key may not do on this route from this address; counts the request against its rate. */
export async function checkKeyLimits(
  app: Pick<App, 'keyUsage' | 'config'>,
  row: KeyWithMember,
  request: { address: string; route: RouteFacts },
): Promise<void> {
  const { route, address } = request;
  const addresses = fromJson<string[] | null>(row.allowedAddresses, null);
  if (addresses && !addressAllowed(address, addresses))
    throw fail('keyAddressForbidden', { params: { address } });
  if (!takesKeys(route)) throw fail('sessionNeeded');
  const kind = row.appId === null ? 'global' : 'app';
  const asMember = kind === 'app' && app.config.appKeysActAsMember;
  if (!route.callers.includes(kind) && !asMember) {
    const other = kind === 'app' ? 'global' : 'app';
    throw fail('wrongKeyKind', { params: { needed: kinds[other], given: kinds[kind] } });
  }
  const routes = fromJson<string[] | null>(row.allowedRoutes, null);
  if (routes && !routeAllowed(route, routes)) throw fail('keyRouteForbidden');
  if (route.scope && !fromJson<string[]>(row.scopes, []).includes(route.scope)) {
    throw fail('keyScopeMissing', { params: { scope: route.scope } });
  }
  if (row.maxPerMinute !== null) await countRequest(app, row.id, row.maxPerMinute);
}

async function countRequest(app: Pick<App, 'keyUsage'>, keyId: string, limit: number): Promise<void> {
  const rate = await app.keyUsage.countRequest(keyId, limit);
  if (rate.allowed) return;
  throw fail('tooManyRequests', {
    params: { limit, window: rateWindowSeconds, retry: rate.resetSeconds },
    retryAfter: rate.resetSeconds,
    headers: {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(rate.remaining),
      'x-ratelimit-reset': String(rate.resetSeconds),
    },
  });
}

/** The caller that a key is, with the app it is bound to or that its suffix names. */
export function keyCaller(row: KeyWithMember, presented: PresentedKey, address: string): KeyCaller {
  return {
    kind: row.appId === null ? 'global' : 'app',
    teamId: row.teamId,
    memberId: row.memberId,
    userId: row.userId,
    role: row.role,
    name: row.memberName,
    address,
    keyId: row.id,
    keyName: row.name,
    scopes: fromJson<string[]>(row.scopes, []),
    ...(row.appId !== null && { appId: row.appId }),
    ...(row.appId === null && presented.appId !== undefined && { suffixAppId: presented.appId }),
  };
}
