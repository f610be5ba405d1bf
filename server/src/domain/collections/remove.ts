import type { Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';
import { removeCollectionFromIndex, removeFromIndex } from '../../store/search-index/write.ts';
import type { App } from '../context.ts';
import { inBatches } from '../tree.ts';

/** Data items that go in one transaction, so that a large deletion never holds up other writers for long. */
const itemsAtOnce = 1000;

/**
 * Removes collections with their data, index, files and unfinished imports. `finish` runs in the last transaction,
 * after the last collection is gone.
 */
export async function removeCollections(
  app: Pick<App, 'store' | 'blobs' | 'jobs' | 'log'>,
  teamId: string,
  collectionIds: string[],
  finish: (trx: Kysely<Database>) => Promise<void> = async () => {},
): Promise<void> {
  const { db } = app.store;
  for (const ids of inBatches(collectionIds)) {
    // Out of every search at once, whatever the rest takes.
    await db
      .updateTable('collections')
      .set({ forbid: 1 })
      .where('teamId', '=', teamId)
      .where('id', 'in', ids)
      .execute();
  }
  for (const id of collectionIds) {
    await app.jobs.cancelFor({ teamId, collectionId: id });
    await removeItems(db, teamId, id);
  }
  const blobKeys = await db.transaction().execute(async (trx) => {
    const freed: string[] = [];
    for (const ids of inBatches(collectionIds)) freed.push(...(await removeRows(trx, teamId, ids)));
    await finish(trx);
    return freed;
  });
  for (const key of blobKeys) {
    await app.blobs.delete(key).catch((err) => app.log.warn({ err }, 'a deleted file could not be removed'));
  }
}

async function removeItems(db: Kysely<Database>, teamId: string, collectionId: string): Promise<void> {
  for (;;) {
    const rows = await db
      .selectFrom('data')
      .select('id')
      .where('teamId', '=', teamId)
      .where('collectionId', '=', collectionId)
      .limit(itemsAtOnce)
      .execute();
    // The rest goes with the collection itself.
    if (rows.length < itemsAtOnce) return;
    const ids = rows.map((row) => row.id);
    await db.transaction().execute(async (trx) => {
      await removeFromIndex(trx, ids);
      await trx.deleteFrom('data').where('teamId', '=', teamId).where('id', 'in', ids).execute();
    });
  }
}

/** Deletes collection rows and what belongs to them; answers the blobs that nobody needs any more. */
async function removeRows(trx: Kysely<Database>, teamId: string, ids: string[]): Promise<string[]> {
  const mine = await trx
    .selectFrom('collections')
    .select(['id', 'fileId'])
    .where('teamId', '=', teamId)
    .where('id', 'in', ids)
    .execute();
  for (const { id } of mine) await removeCollectionFromIndex(trx, id);
  if (mine.length > 0) {
    const found = mine.map((row) => row.id);
    await trx.deleteFrom('data').where('teamId', '=', teamId).where('collectionId', 'in', found).execute();
    await trx.deleteFrom('jobs').where('teamId', '=', teamId).where('collectionId', 'in', found).execute();
    await trx.deleteFrom('collections').where('teamId', '=', teamId).where('id', 'in', found).execute();
  }
  const fileIds = mine.map((row) => row.fileId).filter((id) => id !== null);
  if (fileIds.length === 0) return [];
  const gone = await trx
    .deleteFrom('files')
    .where('teamId', '=', teamId)
    .where('id', 'in', fileIds)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('collections')
            .select('collections.id')
            .whereRef('collections.fileId', '=', 'files.id'),
        ),
      ),
    )
    .returning('blobKey')
    .execute();
  return gone.map((row) => row.blobKey);
}
