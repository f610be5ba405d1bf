import type { Kysely } from 'kysely';
import type { BlobStore } from '../store/blobs.ts';
import { lockRows } from '../store/locking.ts';
import type { Store } from '../store/ports.ts';
import type { Database } from '../store/schema.ts';
import type { JobHandler } from './job.ts';

export const cleanUpKind = 'clean-up';

/** What was decided is done however often it takes. */
export const cleanUpAttempts = 1000;

/** Data items in one transaction, so that a large deletion never holds up other writers for long. */
const itemsAtOnce = 500;
const collectionsAtOnce = 50;

interface Deps {
  store: Store;
  blobs: BlobStore;
}

/**
 * Clears away what a team has marked as deleted: data, index, files, jobs, at last the rows themselves. Every step
 * leaves less to do, so it goes on where a stopped server left it.
 */
export function cleanUp(deps: Deps): JobHandler {
  return async ({ teamId }, { signal }) => {
    const { db } = deps.store;
    for (;;) {
      const collections = await deletedCollections(db, teamId);
      for (const { id } of collections) {
        signal.throwIfAborted();
        await removeItems(deps.store, teamId, id, signal);
      }
      if (collections.length === 0) break;
      await removeBlobs(
        deps,
        teamId,
        collections.map(({ fileId }) => fileId).filter((id) => id !== null),
      );
      await removePictures(
        deps,
        teamId,
        collections.map(({ id }) => id),
      );
      await db.transaction().execute((trx) => removeRows(deps.store, trx, teamId, collections));
    }
    // One that was marked just now still has its collections: the job of that deletion takes it.
    await db
      .deleteFrom('datasets')
      .where('teamId', '=', teamId)
      // Below zero: one that an import is still filling.
      .where('deletedTime', '>', 0)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('collections')
              .select('collections.id')
              .whereRef('collections.datasetId', '=', 'datasets.id'),
          ),
        ),
      )
      .execute();
  };
}

interface DeletedCollection {
  id: string;
  fileId: string | null;
}

function deletedCollections(db: Kysely<Database>, teamId: string): Promise<DeletedCollection[]> {
  return db
    .selectFrom('collections')
    .select(['id', 'fileId'])
    .where('teamId', '=', teamId)
    .where('deletedTime', 'is not', null)
    .limit(collectionsAtOnce)
    .execute();
}

/** All items but the last few, which go with the collection itself. */
async function removeItems(
  store: Store,
  teamId: string,
  collectionId: string,
  signal: AbortSignal,
): Promise<void> {
  const { db, index } = store;
  for (;;) {
    signal.throwIfAborted();
    const rows = await db
      .selectFrom('data')
      .select('id')
      .where('teamId', '=', teamId)
      .where('collectionId', '=', collectionId)
      .limit(itemsAtOnce)
      .execute();
    if (rows.length < itemsAtOnce) return;
    const ids = rows.map((row) => row.id);
    await db.transaction().execute(async (trx) => {
      await lockRows(store, trx, 'collections', teamId, [collectionId]);
      await index.remove(trx, ids);
      await trx.deleteFrom('data').where('teamId', '=', teamId).where('id', 'in', ids).execute();
    });
  }
}

/** Before the rows that name them, so that no file is left without anybody who knows of it. */
async function removeBlobs({ store, blobs }: Deps, teamId: string, fileIds: string[]): Promise<void> {
  if (fileIds.length === 0) return;
  for (const { blobKey } of await unusedFiles(store.db, teamId, fileIds)) await blobs.delete(blobKey);
}

/** Pictures belong to one collection each. */
async function removePictures(
  { store, blobs }: Deps,
  teamId: string,
  collectionIds: string[],
): Promise<void> {
  const pictures = await store.db
    .selectFrom('files')
    .select(['id', 'blobKey'])
    .where('teamId', '=', teamId)
    .where('collectionId', 'in', collectionIds)
    .execute();
  for (const { blobKey } of pictures) await blobs.delete(blobKey);
  for (let start = 0; start < pictures.length; start += itemsAtOnce) {
    const ids = pictures.slice(start, start + itemsAtOnce).map(({ id }) => id);
    await store.db.deleteFrom('files').where('teamId', '=', teamId).where('id', 'in', ids).execute();
  }
}

/** Those of the files that only deleted collections refer to. */
function unusedFiles(db: Kysely<Database>, teamId: string, fileIds: string[]) {
  return db
    .selectFrom('files')
    .select(['id', 'blobKey'])
    .where('teamId', '=', teamId)
    .where('id', 'in', fileIds)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('collections')
            .select('collections.id')
            .whereRef('collections.fileId', '=', 'files.id')
            .where('collections.deletedTime', 'is', null),
        ),
      ),
    )
    .execute();
}

async function removeRows(
  store: Store,
  trx: Kysely<Database>,
  teamId: string,
  collections: DeletedCollection[],
): Promise<void> {
  const ids = collections.map(({ id }) => id);
  await lockRows(store, trx, 'collections', teamId, ids);
  const fileIds = collections.map(({ fileId }) => fileId).filter((id) => id !== null);
  const files = fileIds.length === 0 ? [] : await unusedFiles(trx, teamId, fileIds);
  for (const id of ids) await store.index.removeCollection(trx, id);
  await trx.deleteFrom('data').where('teamId', '=', teamId).where('collectionId', 'in', ids).execute();
  await trx.deleteFrom('jobs').where('teamId', '=', teamId).where('collectionId', 'in', ids).execute();
  await trx
    .deleteFrom('training_items')
    .where('teamId', '=', teamId)
    .where('collectionId', 'in', ids)
    .execute();
  await trx.deleteFrom('collections').where('teamId', '=', teamId).where('id', 'in', ids).execute();
  if (files.length === 0) return;
  const unused = files.map(({ id }) => id);
  await trx.deleteFrom('files').where('teamId', '=', teamId).where('id', 'in', unused).execute();
}
