import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { BlobStore } from '../store/blobs.ts';
import { lockRows } from '../store/locking.ts';
import type { Store } from '../store/ports.ts';
import type { Database } from '../store/schema.ts';
import { clearApps } from './clear-apps.ts';
import { type JobHandler, Later } from './job.ts';
import { releaseOver, timeLeft } from './release-deleted.ts';
import { settleFailed } from './settle-failed.ts';

export const cleanUpKind = 'clean-up';

/** What was decided is done however often it takes. */
export const cleanUpAttempts = 1000;

/** Data items in one transaction: a large deletion never holds up other writers for longer than a few milliseconds. */
const itemsAtOnce = 50;
const collectionsAtOnce = 50;
/** Items after which the keyword index gives back their room. */
const itemsBetweenCompactions = 1000;
/** Files or training items in one statement. */
const rowsAtOnce = 500;

export interface CleanUpDeps {
  store: Store;
  blobs: BlobStore;
  /** Whose clock deletions go by. */
  processes: { now(): number };
}

/**
 * Clears away what a team has marked as deleted and no deletion keeps: data, index, files, jobs, at last the rows
 * themselves, and apps with all of theirs. Every step leaves less to do, so it goes on where a stopped server left it.
 * A job of one deletion comes back when that is over.
 */
export function cleanUp(deps: CleanUpDeps): JobHandler {
  return async ({ teamId, payload }, { signal }) => {
    await releaseOver(deps, teamId);
    await clearKnowledge(deps, teamId, signal);
    await clearApps(deps.store.db, teamId, signal);
    const { deletionId } = (payload ?? {}) as { deletionId?: string };
    const left = deletionId === undefined ? undefined : await timeLeft(deps, teamId, deletionId);
    if (left !== undefined) throw new Later(left);
  };
}

async function clearKnowledge(deps: CleanUpDeps, teamId: string, signal: AbortSignal): Promise<void> {
  const { db } = deps.store;
  for (;;) {
    const collections = await deletedCollections(db, teamId);
    if (collections.length === 0) break;
    const ids = collections.map(({ id }) => id);
    await removeItems(deps.store, teamId, ids, signal);
    await removeTrainingItems(deps.store.db, teamId, ids, signal);
    await removeBlobs(
      deps,
      teamId,
      collections.map(({ fileId }) => fileId).filter((id) => id !== null),
    );
    await removePictures(deps, teamId, ids);
    await db.transaction().execute((trx) => removeRows(deps.store, trx, teamId, collections));
  }
  // One that was marked just now still has its collections: the job of that deletion takes it.
  await db
    .deleteFrom('datasets')
    .where('teamId', '=', teamId)
    // Below zero: one that an import is still filling.
    .where('deletedTime', '>', 0)
    .where('deletionId', 'is', null)
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
}

interface DeletedCollection {
  id: string;
  datasetId: string;
  fileId: string | null;
}

function deletedCollections(db: Kysely<Database>, teamId: string): Promise<DeletedCollection[]> {
  return db
    .selectFrom('collections')
    .select(['id', 'datasetId', 'fileId'])
    .where('teamId', '=', teamId)
    .where('deletedTime', 'is not', null)
    .where('deletionId', 'is', null)
    .limit(collectionsAtOnce)
    .execute();
}

/** All items of these collections, a few at a time, with as long a pause after each step as it took. */
async function removeItems(
  store: Store,
  teamId: string,
  collectionIds: string[],
  signal: AbortSignal,
): Promise<void> {
  const { db, index } = store;
  const stepOf = async <T>(work: (trx: Kysely<Database>) => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    const began = performance.now();
    const result = await db.transaction().execute(work);
    await pause(performance.now() - began);
    return result;
  };
  for (let removed = 0; ; ) {
    const rows = await db
      .selectFrom('data')
      .select(['id', 'collectionId'])
      .where('teamId', '=', teamId)
      .where('collectionId', 'in', collectionIds)
      .limit(itemsAtOnce)
      .execute();
    if (rows.length > 0) {
      const ids = rows.map(({ id }) => id);
      await stepOf(async (trx) => {
        await lockRows(store, trx, 'collections', teamId, [
          ...new Set(rows.map(({ collectionId }) => collectionId)),
        ]);
        await index.remove(trx, ids);
        await trx.deleteFrom('data').where('teamId', '=', teamId).where('id', 'in', ids).execute();
      });
      removed += rows.length;
    }
    if (rows.length > 0 && removed < itemsBetweenCompactions) continue;
    while (await stepOf((trx) => index.compact(trx)));
    if (rows.length === 0) return;
    removed = 0;
  }
}

async function removeTrainingItems(
  db: Kysely<Database>,
  teamId: string,
  collectionIds: string[],
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const rows = await db
      .selectFrom('training_items')
      .select('id')
      .where('teamId', '=', teamId)
      .where('collectionId', 'in', collectionIds)
      .limit(rowsAtOnce)
      .execute();
    if (rows.length === 0) return;
    const ids = rows.map(({ id }) => id);
    await db.deleteFrom('training_items').where('teamId', '=', teamId).where('id', 'in', ids).execute();
  }
}

/** Before the rows that name them, so that no file is left without anybody who knows of it. */
async function removeBlobs({ store, blobs }: CleanUpDeps, teamId: string, fileIds: string[]): Promise<void> {
  if (fileIds.length === 0) return;
  for (const { blobKey } of await unusedFiles(store.db, teamId, fileIds)) await blobs.delete(blobKey);
}

/** Pictures belong to one collection each. */
async function removePictures(
  { store, blobs }: CleanUpDeps,
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
  for (let start = 0; start < pictures.length; start += rowsAtOnce) {
    const ids = pictures.slice(start, start + rowsAtOnce).map(({ id }) => id);
    await store.db.deleteFrom('files').where('teamId', '=', teamId).where('id', 'in', ids).execute();
  }
}

/** Those of the files that only collections refer to that are cleared away. */
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
            .where((kept) =>
              kept.or([
                kept('collections.deletedTime', 'is', null),
                kept('collections.deletionId', 'is not', null),
              ]),
            ),
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
  for (const datasetId of new Set(collections.map((collection) => collection.datasetId))) {
    await settleFailed(trx, { teamId, datasetId });
  }
  if (files.length === 0) return;
  const unused = files.map(({ id }) => id);
  await trx.deleteFrom('files').where('teamId', '=', teamId).where('id', 'in', unused).execute();
}
