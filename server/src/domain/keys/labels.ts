import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { containsText } from '../../store/contains.ts';
import { fromJson, toJson } from '../../store/json.ts';
import { lockTree } from '../../store/locking.ts';
import type { Database } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { inBatches } from '../tree.ts';
import { isOfLiveApp } from './queries.ts';

/** A label as keys show it. */
export interface KeyLabel {
  _id: string;
  name: string;
}

const mostLabels = 200;

/** The team's labels of keys by name. */
export async function labelsOf(db: Kysely<Database>, teamId: string): Promise<KeyLabel[]> {
  return await db
    .selectFrom('key_labels')
    .select(['id as _id', 'name'])
    .where('teamId', '=', teamId)
    .orderBy('name')
    .orderBy('id')
    .execute();
}

/**
 * The ids, each once, for a key's column; keyLabelNotFound for one that is no label of the team. A label that is
 * deleted at the same moment may stay behind in a key, where nobody sees it.
 */
export async function checkedLabels(db: Kysely<Database>, teamId: string, ids: string[]): Promise<string> {
  if (ids.length === 0) return toJson([]);
  const known = new Set((await labelsOf(db, teamId)).map(({ _id }) => _id));
  const unknown = ids.find((id) => !known.has(id));
  if (unknown !== undefined) throw fail('keyLabelNotFound', { params: { id: unknown }, param: 'tags' });
  return toJson([...new Set(ids)]);
}

/** The labels of the team, and on how many of its keys each is. */
export async function listKeyLabels(
  app: Pick<App, 'store'>,
  caller: Caller,
): Promise<(KeyLabel & { keys: number })[]> {
  const { db } = app.store;
  const counts = new Map<string, number>();
  const rows = await db
    .selectFrom('api_keys')
    .select('labels')
    .where('teamId', '=', caller.teamId)
    .where(isOfLiveApp)
    .execute();
  for (const id of rows.flatMap(({ labels }) => fromJson<string[]>(labels, [])))
    counts.set(id, (counts.get(id) ?? 0) + 1);
  const labels = await labelsOf(db, caller.teamId);
  return labels.map((label) => ({ ...label, keys: counts.get(label._id) ?? 0 }));
}

/** Makes a label, or answers the id of the one that has this name. Throws teamForbidden, and conflict at the limit. */
export async function createKeyLabel(app: Pick<App, 'store'>, caller: Caller, name: string): Promise<string> {
  authorize(caller, 'key:create');
  const { teamId } = caller;
  return await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `key labels ${teamId}`, 'alone');
    const labels = await labelsOf(trx, teamId);
    const known = labels.find((label) => label.name === name);
    if (known) return known._id;
    if (labels.length >= mostLabels) {
      const details = { en: `There are already ${mostLabels} labels.`, zh: `已有 ${mostLabels} 个标签。` };
      throw fail('conflict', { params: { details } });
    }
    const id = newId();
    await trx.insertInto('key_labels').values({ id, teamId, name, createTime: Date.now() }).execute();
    return id;
  });
}

async function labelNamed(db: Kysely<Database>, teamId: string, name: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('key_labels')
    .select('id')
    .where('teamId', '=', teamId)
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.id;
}

async function requireLabel(db: Kysely<Database>, teamId: string, id: string): Promise<void> {
  const row = await db
    .selectFrom('key_labels')
    .select('id')
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) throw fail('keyLabelNotFound', { params: { id }, param: 'id' });
}

/** Renames a label wherever it is used. Throws keyLabelNotFound, and conflict for the name of another. */
export async function updateKeyLabel(
  app: Pick<App, 'store'>,
  caller: Caller,
  { id, name }: { id: string; name: string },
): Promise<void> {
  authorize(caller, 'key:create');
  const { teamId } = caller;
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `key labels ${teamId}`, 'alone');
    await requireLabel(trx, teamId, id);
    const other = await labelNamed(trx, teamId, name);
    if (other !== undefined && other !== id) {
      const details = { en: `There is already a label "${name}".`, zh: `已有标签“${name}”。` };
      throw fail('conflict', { params: { details }, param: 'name' });
    }
    await trx
      .updateTable('key_labels')
      .set({ name })
      .where('teamId', '=', teamId)
      .where('id', '=', id)
      .execute();
  });
}

/** Deletes a label and takes it off every key. Throws keyLabelNotFound. */
export async function deleteKeyLabel(app: Pick<App, 'store'>, caller: Caller, id: string): Promise<void> {
  authorize(caller, 'key:create');
  const { teamId } = caller;
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `key labels ${teamId}`, 'alone');
    await requireLabel(trx, teamId, id);
    await trx.deleteFrom('key_labels').where('teamId', '=', teamId).where('id', '=', id).execute();
    const keys = await trx
      .selectFrom('api_keys')
      .select(['id', 'labels'])
      .where('teamId', '=', teamId)
      .where((eb) => containsText(eb.ref('labels'), id))
      .execute();
    const left = Map.groupBy(keys, ({ labels }) =>
      toJson(fromJson<string[]>(labels, []).filter((label) => label !== id)),
    );
    for (const [labels, those] of left)
      for (const batch of inBatches(those.map((key) => key.id)))
        await trx
          .updateTable('api_keys')
          .set({ labels })
          .where('teamId', '=', teamId)
          .where('id', 'in', batch)
          .execute();
  });
}
