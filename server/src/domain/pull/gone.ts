import type { Kysely } from 'kysely';
import { lockRows, lockTree } from '../../store/locking.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import { markDeleted } from '../collections/remove.ts';
import type { App, Caller } from '../context.ts';
import { inBatches } from '../tree.ts';
import { isPulled } from './write-pulled.ts';

type GoneApp = Pick<App, 'store' | 'jobs'>;

/** Collections of a dataset that were pulled and are not among `present` (ids of ours). */
export async function goneCollections(
  db: Kysely<Database>,
  teamId: string,
  datasetId: string,
  present: ReadonlySet<string>,
): Promise<{ id: string; name: string }[]> {
  const rows = await db
    .selectFrom('collections')
    .select(['id', 'name'])
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .where('deletedTime', 'is', null)
    .orderBy('id')
    .execute();
  return rows.filter(({ id }) => isPulled(id) && !present.has(id));
}

/** Deletes those collections. What was made here inside a folder among them moves out of it first. */
export async function removeCollections(
  app: GoneApp,
  { teamId }: Caller,
  gone: readonly { id: string }[],
): Promise<void> {
  const collectionIds = gone.map(({ id }) => id);
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `knowledge ${teamId}`, 'alone');
    const going = new Set(collectionIds);
    for (const ids of inBatches(collectionIds)) {
      const inside = await trx
        .selectFrom('collections')
        .select('id')
        .where('teamId', '=', teamId)
        .where('parentId', 'in', ids)
        .execute();
      for (const { id } of inside.filter((row) => !going.has(row.id))) {
        await trx
          .updateTable('collections')
          .set({ parentId: null })
          .where('teamId', '=', teamId)
          .where('id', '=', id)
          .execute();
      }
    }
    await markDeleted(app, trx, teamId, { collectionIds });
  });
}

/** Items of a collection that were pulled and are not among `present` (ids of ours). */
export async function goneItems(
  db: Kysely<Database>,
  { teamId, id }: CollectionRow,
  present: ReadonlySet<string>,
): Promise<string[]> {
  const rows = await db
    .selectFrom('data')
    .select('id')
    .where('teamId', '=', teamId)
    .where('collectionId', '=', id)
    .execute();
  return rows.map((row) => row.id).filter((itemId) => isPulled(itemId) && !present.has(itemId));
}

/** Deletes those items; no search finds them when this resolves. */
export async function removeItems(
  { store }: GoneApp,
  { teamId, id: collectionId }: CollectionRow,
  gone: readonly string[],
): Promise<void> {
  for (const ids of inBatches(gone, 100)) {
    await store.db.transaction().execute(async (trx) => {
      await lockRows(store, trx, 'collections', teamId, [collectionId]);
      await store.index.remove(trx, ids);
      await trx.deleteFrom('data_indexes').where('teamId', '=', teamId).where('dataId', 'in', ids).execute();
      await trx.deleteFrom('data').where('teamId', '=', teamId).where('id', 'in', ids).execute();
    });
  }
}
