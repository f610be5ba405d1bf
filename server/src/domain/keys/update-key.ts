import type { Scope } from '@lectern/contract/endpoint.ts';
import { toJson } from '../../store/json.ts';
import { lockRows } from '../../store/locking.ts';
import { audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { type KeyLimitInput, limitColumns } from './key-input.ts';
import { checkedLabels } from './labels.ts';
import { requireOwnKey } from './require-own-key.ts';
import { refuseWidening } from './widening.ts';

export interface KeyChange {
  id: string;
  name?: string | undefined;
  /** What is absent in it stays as it is. */
  limit?: KeyLimitInput | undefined;
  scopes?: Scope[] | undefined;
  /** Ids of labels of the team: all that the key is to have. */
  tags?: string[] | undefined;
}

/**
 * Changes name, limits, scopes and labels of a key; the next request with it is judged by them. Of another member's key
 * managers may narrow them only. Throws keyNotFound, keyForbidden, keyWideningForbidden, keyLabelNotFound.
 */
export async function updateKey(app: Pick<App, 'store'>, caller: Caller, change: KeyChange): Promise<void> {
  const given = {
    ...(change.name !== undefined && { name: change.name }),
    ...(change.scopes !== undefined && { scopes: toJson(change.scopes) }),
    ...limitColumns(change.limit),
  };
  await app.store.db.transaction().execute(async (trx) => {
    await lockRows(app.store, trx, 'api_keys', caller.teamId, [change.id]);
    const key = await requireOwnKey(trx, caller, change.id);
    if (key.memberId !== caller.memberId) refuseWidening(key, given);
    const labels = change.tags && (await checkedLabels(trx, caller.teamId, change.tags));
    const columns = { ...given, ...(labels !== undefined && { labels }) };
    // Clients send everything that they know of a key: what is as it was is no change to write down.
    const before = new Map<string, unknown>(Object.entries(key));
    const changed = Object.entries(columns).filter(
      ([name, value]) => String(value) !== String(before.get(name)),
    );
    if (changed.length === 0) return;
    await trx
      .updateTable('api_keys')
      .set(columns)
      .where('teamId', '=', caller.teamId)
      .where('id', '=', key.id)
      .execute();
    const detail = { key: key.name, appId: key.appId, ...Object.fromEntries(changed) };
    await audit(trx, caller, { action: 'key.update', objectType: 'key', objectId: key.id, detail });
  });
}
