import type { Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';
import { audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { requireOwnKey } from './require-own-key.ts';

/** Deletes exactly this key; the next request with it answers keyUnknown. */
export async function deleteKey(app: Pick<App, 'store'>, caller: Caller, id: string): Promise<void> {
  await app.store.db.transaction().execute(async (trx) => {
    const key = await requireOwnKey(trx, caller, id);
    await trx.deleteFrom('api_keys').where('teamId', '=', caller.teamId).where('id', '=', key.id).execute();
    const detail = { name: key.name, appId: key.appId };
    await audit(trx, caller, { action: 'key.delete', objectType: 'key', objectId: key.id, detail });
  });
}

/** Deletes the keys of apps that are cleared away, each with its line in the audit log; part of that transaction. */
export async function deleteKeysOfApps(
  trx: Kysely<Database>,
  teamId: string,
  appIds: string[],
): Promise<void> {
  const gone = await trx
    .deleteFrom('api_keys')
    .where('teamId', '=', teamId)
    .where('appId', 'in', appIds)
    .returning(['id', 'name', 'appId'])
    .execute();
  const by = { teamId, actor: 'clean-up' };
  for (const { id, name, appId } of gone) {
    const detail = { name, appId };
    await audit(trx, by, { action: 'key.delete', objectType: 'key', objectId: id, detail });
  }
}
