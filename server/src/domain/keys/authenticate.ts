import { fail } from '../../kernel/errors.ts';
import type { App, Caller, SessionCaller } from '../context.ts';
import { findSession } from '../users/sessions.ts';
import { checkKeyLimits, findUsableKey, keyCaller, type RouteFacts, takesKeys } from './check-key.ts';
import { type PresentedKey, parseAuthorization } from './key-text.ts';

/** What a request brought to prove who it is. */
export interface Credentials {
  authorization?: string;
  /** From the header `token` or the cookie. */
  sessionToken?: string;
  /** Of the caller, for a key's allowed addresses. */
  address: string;
}

/** A session whose password must be changed can do only this (and log out, which is public). */
const allowedBeforePasswordChange = new Set([
  'tokenLogin',
  'loginout',
  'updatePasswordByOld',
  'resetExpiredPsw',
  'checkPswExpired',
  'getInitData',
]);

/** On completions an app key's own app wins over any other that the request names (ruling 2). */
const isCompletion = (path: string) => path.endsWith('/chat/completions');

/**
 * Who is calling. `null` only on public routes. A route that takes keys and gets an `Authorization` header looks at
 * nothing else; a route that takes no keys ignores that header when there is a session (proxies add their own).
 * Costs one store round trip. Throws 401 for what is unknown and 403 for what is known but not allowed here.
 */
export async function authenticate(
  app: Pick<App, 'store' | 'keyUsage' | 'config'>,
  credentials: Credentials,
  route: RouteFacts,
): Promise<Caller | null> {
  const { authorization, sessionToken } = credentials;
  const isPublic = route.callers.includes('public');
  if (authorization && takesKeys(route)) return byKey(app, authorization, credentials.address, route);
  if (sessionToken && route.callers.includes('session')) {
    const session = await findSession(app.store, sessionToken);
    if (session) return checkSession({ ...session, address: credentials.address }, route);
    if (isPublic) return null;
    throw fail('loginRequired');
  }
  if (isPublic) return null;
  // A key where only a session will do: a known one is told so, an unknown one is unknown here as anywhere.
  if (authorization) return byKey(app, authorization, credentials.address, route);
  throw fail('unauthorized');
}

function checkSession(session: SessionCaller, route: RouteFacts): SessionCaller {
  if (session.mustChangePassword && !allowedBeforePasswordChange.has(route.operation)) {
    throw fail('passwordChangeRequired');
  }
  return session;
}

async function byKey(
  app: Pick<App, 'store' | 'keyUsage' | 'config'>,
  authorization: string,
  address: string,
  route: RouteFacts,
): Promise<Caller> {
  const presented = parseAuthorization(authorization);
  if (!presented) throw fail('keyMalformed');
  const row = await findUsableKey(app, presented);
  await checkKeyLimits(app, row, { address, route });
  if (suffixContradicts(row.appId, presented) && !isCompletion(route.path)) throw fail('keyAppMismatch');
  app.keyUsage.touch(row.id, row.isReplaced);
  return keyCaller(row, presented, address);
}

function suffixContradicts(ownAppId: string | null, presented: PresentedKey): boolean {
  return ownAppId !== null && presented.appId !== undefined && presented.appId !== ownAppId;
}
