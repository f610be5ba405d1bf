import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { trainingEndpoints } from '@lectern/contract/training.ts';
import type { Kysely } from 'kysely';
import { forgetRefusals } from '../../jobs/refusals.ts';
import { settleFailed } from '../../jobs/settle-failed.ts';
import { triedAgain } from '../../jobs/training/items.ts';
import { fail } from '../../kernel/errors.ts';
import { lockRows } from '../../store/locking.ts';
import type { Database } from '../../store/schema.ts';
import { requireCollection } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { updateData } from '../data/update-data.ts';
import { authorize } from '../policy.ts';
import { requireTrainingItem } from './queries.ts';
import { findRefused } from './refused-items.ts';
import { retryFailed } from './retry-many.ts';

type Endpoints = typeof trainingEndpoints;
type UpdateInput = InputOf<Endpoints['updateTrainingData']>;

/** One item of the queue as a person corrects it. */
export async function getTrainingItem(
  { store }: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<Endpoints['getTrainingDataDetail']>,
): Promise<OutputOf<Endpoints['getTrainingDataDetail']>> {
  authorize(caller, 'dataset:read');
  await requireOwn(store, caller, input);
  const refused = await findRefused(store.db, caller.teamId, input);
  if (refused) {
    const { id, datasetId, q, a, chunkIndex } = refused;
    return { _id: id, datasetId, mode: 'chunk', q, a, chunkIndex };
  }
  const row = await requireTrainingItem(store.db, caller.teamId, input);
  return {
    _id: row.id,
    datasetId: row.datasetId,
    mode: row.mode,
    q: row.q,
    a: row.a,
    chunkIndex: row.chunkIndex,
    ...(row.imageId && { imageId: row.imageId }),
  };
}

/** The collection of this team, and in the dataset that is named beside it. */
async function requireOwn(
  store: App['store'],
  caller: Caller,
  { datasetId, collectionId }: { datasetId: string; collectionId: string },
): Promise<void> {
  const collection = await requireCollection(store.db, caller.teamId, collectionId);
  if (collection.datasetId !== datasetId) throw fail('datasetNotFound');
}

/** Corrects one item and lets it be tried again; without `dataId`, everything that failed in the collection is tried again. */
export async function updateTraining(
  app: Pick<App, 'store' | 'jobs' | 'training' | 'embedding' | 'textIndex'>,
  caller: Caller,
  input: InputOf<Endpoints['updateTrainingData']>,
): Promise<void> {
  authorize(caller, 'dataset:write');
  await requireOwn(app.store, caller, input);
  if (input.dataId === undefined) {
    return await retryFailed(app, { teamId: caller.teamId, datasetId: input.datasetId }, [
      input.collectionId,
    ]);
  }
  const { dataId, q, a, chunkIndex } = input;
  const job = await failedImport(app, caller, input, dataId);
  if (job) {
    await app.jobs.retry(caller.teamId, job.id);
    return;
  }
  if (await findRefused(app.store.db, caller.teamId, { ...input, dataId })) {
    return await updateRefused(app, caller, { ...input, dataId });
  }
  const row = await requireTrainingItem(app.store.db, caller.teamId, { ...input, dataId });
  await app.store.db
    .updateTable('training_items')
    .set((eb) => ({
      ...(q !== undefined && { q }),
      ...(a !== undefined && { a }),
      ...(chunkIndex !== undefined && { chunkIndex }),
      ...triedAgain(),
      version: eb('version', '+', 1),
    }))
    .where('teamId', '=', caller.teamId)
    .where('id', '=', row.id)
    .where('state', '!=', 'held')
    .execute();
  app.training.wanted(row.datasetId);
}

/** A data item that the embedding model refused is stored already: what is corrected is corrected there. */
async function updateRefused(
  app: Pick<App, 'store' | 'embedding' | 'textIndex'>,
  caller: Caller,
  { dataId, datasetId, q, a, chunkIndex }: UpdateInput & { dataId: string },
): Promise<void> {
  await updateData(app, caller, { dataId, ...(q !== undefined && { q }), ...(a !== undefined && { a }) });
  if (chunkIndex !== undefined) {
    await app.store.db
      .updateTable('data')
      .set({ chunkIndex })
      .where('teamId', '=', caller.teamId)
      .where('id', '=', dataId)
      .execute();
  }
  await forgetRefusals(app.store.db, caller.teamId, [dataId]);
  app.embedding.wanted(datasetId);
}

/** Import jobs of a collection that failed for good; `id` = this one alone. */
function importsOf({ store }: Pick<App, 'store'>, caller: Caller, collectionId: string, id?: string) {
  let query = store.db
    .selectFrom('jobs')
    .select('id')
    .where('teamId', '=', caller.teamId)
    .where('collectionId', '=', collectionId)
    .where('state', '=', 'failed');
  if (id !== undefined) query = query.where('id', '=', id);
  return query.execute();
}

async function failedImport(
  app: Pick<App, 'store'>,
  caller: Caller,
  { collectionId }: { collectionId: string },
  id: string,
): Promise<{ id: string } | undefined> {
  return (await importsOf(app, caller, collectionId, id))[0];
}

/**
 * Drops an item of the queue, or an import that failed. What is stored already stays: an item that the embedding model
 * refused is found by its words. A job that failed because of the last such item failed no more.
 */
export async function deleteTraining(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<Endpoints['deleteTrainingData']>,
): Promise<void> {
  authorize(caller, 'dataset:write');
  await requireOwn(app.store, caller, input);
  const { db } = app.store;
  const job = await failedImport(app, caller, input, input.dataId);
  if (job) {
    await db
      .updateTable('jobs')
      .set({ state: 'cancelled', updateTime: Date.now() })
      .where('teamId', '=', caller.teamId)
      .where('id', '=', job.id)
      .where('state', '=', 'failed')
      .execute();
    return;
  }
  const { teamId } = caller;
  if (await findRefused(db, teamId, input)) {
    await db.transaction().execute(async (trx) => {
      await lockRows(app.store, trx, 'collections', teamId, [input.collectionId]);
      const refused = await findRefused(trx, teamId, input);
      if (refused) await giveUpVectors(trx, refused);
    });
    return;
  }
  const row = await requireTrainingItem(db, teamId, input);
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom('training_items').where('teamId', '=', teamId).where('id', '=', row.id).execute();
    await settleFailed(trx, row);
  });
}

/** Marks the item like one that has nothing to embed, so that nobody tries again before it changes. */
async function giveUpVectors(
  trx: Kysely<Database>,
  { id, teamId, datasetId }: { id: string; teamId: string; datasetId: string },
): Promise<void> {
  await trx
    .updateTable('data')
    .set((eb) => ({
      vectorModel: eb.selectFrom('datasets').select('vectorModel').where('datasets.id', '=', datasetId),
    }))
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .execute();
  await forgetRefusals(trx, teamId, [id]);
  await settleFailed(trx, { teamId, datasetId });
}
