import type { Scope } from '@lectern/contract/endpoint.ts';
import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { hashSecret } from '../../kernel/secrets.ts';
import { toJson } from '../../store/json.ts';
import { lockRows } from '../../store/locking.ts';
import type { Database } from '../../store/schema.ts';
import { audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { type KeyLimitInput, limitColumns } from './key-input.ts';
import { newKeyText } from './key-text.ts';
import { checkedLabels } from './labels.ts';
import { appExists, countKeys } from './queries.ts';

export interface NewKey {
  name?: string | undefined;
  /** Binds the key to this app of the team. */
  appId?: string | undefined;
  limit?: KeyLimitInput | undefined;
  scopes?: Scope[] | undefined;
  /** Ids of labels of the team. */
  tags?: string[] | undefined;
}

/**
 * Makes a key that acts as the caller's member, and answers it in plain text: the only time it is ever seen. Throws
 * teamForbidden, appNotFound (also for another team's app), keyLimitReached, keyLabelNotFound, validation.
 */
export async function createKey(
  app: Pick<App, 'store' | 'config'>,
  caller: Caller,
  input: NewKey,
): Promise<string> {
  authorize(caller, 'key:create');
  const key = newKeyText(app.config.openapiPrefix);
  await app.store.db.transaction().execute(async (trx) => {
    await lockRows(app.store, trx, 'members', caller.teamId, [caller.memberId]);
    await checkRoom(trx, app.config.maxKeys, caller, input.appId ?? null);
    const id = await insertKey(trx, caller, key, input);
    const detail = { name: input.name, appId: input.appId, limit: input.limit, scopes: input.scopes };
    await audit(trx, caller, { action: 'key.create', objectType: 'key', objectId: id, detail });
  });
  return key;
}

/** Refuses an app that the team does not have, and one key more than the limit. */
export async function checkRoom(
  trx: Kysely<Database>,
  maxKeys: number,
  caller: Caller,
  appId: string | null,
): Promise<void> {
  if (appId !== null && !(await appExists(trx, caller.teamId, appId))) throw fail('appNotFound');
  const { teamId, memberId } = caller;
  if ((await countKeys(trx, { teamId, memberId, appId })) >= maxKeys) {
    throw fail('keyLimitReached', { params: { limit: maxKeys } });
  }
}

/** Stores a key by its hash and answers its id. */
export async function insertKey(
  trx: Kysely<Database>,
  caller: Caller,
  key: string,
  input: NewKey,
): Promise<string> {
  const id = newId();
  const labels = await checkedLabels(trx, caller.teamId, input.tags ?? []);
  await trx
    .insertInto('api_keys')
    .values({
      id,
      teamId: caller.teamId,
      memberId: caller.memberId,
      appId: input.appId ?? null,
      name: input.name ?? 'Api Key',
      keyHash: hashSecret(key),
      last4: key.slice(-4),
      scopes: toJson(input.scopes ?? []),
      createTime: Date.now(),
      lastUsedTime: null,
      usagePoints: 0,
      expiredTime: null,
      maxUsagePoints: -1,
      maxPerMinute: null,
      allowedAddresses: null,
      allowedRoutes: null,
      previousHash: null,
      previousLast4: null,
      previousUntil: null,
      previousUsedTime: null,
      rotatedTime: null,
      labels,
      ...limitColumns(input.limit),
    })
    .execute();
  return id;
}
