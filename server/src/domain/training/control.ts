import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { trainingEndpoints } from '@lectern/contract/training.ts';
import { retryFailedItems, triedAgain } from '../../jobs/training/items.ts';
import { fail } from '../../kernel/errors.ts';
import { requireCollection } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { requireTrainingItem } from './queries.ts';

type Endpoints = typeof trainingEndpoints;

/** One item of the queue as a person corrects it. */
export async function getTrainingItem(
  { store }: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<Endpoints['getTrainingDataDetail']>,
): Promise<OutputOf<Endpoints['getTrainingDataDetail']>> {
  authorize(caller, 'dataset:read');
  await requireOwn(store, caller, input);
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
  app: Pick<App, 'store' | 'jobs' | 'training' | 'embedding'>,
  caller: Caller,
  input: InputOf<Endpoints['updateTrainingData']>,
): Promise<void> {
  authorize(caller, 'dataset:write');
  await requireOwn(app.store, caller, input);
  if (input.dataId === undefined) return await retryFailed(app, caller, input);
  const { dataId, q, a, chunkIndex } = input;
  const job = await failedImport(app, caller, input, dataId);
  if (job) {
    await app.jobs.retry(caller.teamId, job.id);
    return;
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

async function retryFailed(
  app: Pick<App, 'store' | 'jobs' | 'training' | 'embedding'>,
  caller: Caller,
  { datasetId, collectionId }: { datasetId: string; collectionId: string },
): Promise<void> {
  const { teamId } = caller;
  await retryFailedItems(app.store.db, { teamId, datasetId, collectionId });
  const jobs = await importsOf(app, caller, collectionId);
  for (const { id } of jobs) await app.jobs.retry(teamId, id);
  app.training.wanted(datasetId);
  // Items that could not be embedded are tried again with the next look at the dataset.
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

/** Drops an item of the queue, or an import that failed. What is stored already stays. */
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
  const row = await requireTrainingItem(db, caller.teamId, input);
  await db
    .deleteFrom('training_items')
    .where('teamId', '=', caller.teamId)
    .where('id', '=', row.id)
    .execute();
}
