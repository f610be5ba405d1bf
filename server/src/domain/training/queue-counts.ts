import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { trainingEndpoints } from '@lectern/contract/training.ts';
import { embeddingState, waitingItems } from '../collections/embedding-state.ts';
import { itemsToCome } from '../collections/present.ts';
import { importsOf } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { rebuildingCount } from '../embedding-rebuild/get-rebuild.ts';
import { authorize } from '../policy.ts';
import { inBatches } from '../tree.ts';
import { pendingOf, trainingOfCollections } from './queries.ts';

type Endpoints = typeof trainingEndpoints;
type CountApp = Pick<App, 'store' | 'models' | 'vectorIndex'>;

/** How much of a dataset is still to come: from imports, from models, and of vectors. */
export async function getDatasetQueue(
  app: CountApp,
  caller: Caller,
  datasetId: string,
): Promise<OutputOf<Endpoints['getDatasetTrainingQueue']>> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const dataset = await requireDataset(db, caller.teamId, datasetId);
  const collections = await db
    .selectFrom('collections')
    .select('id')
    .where('teamId', '=', caller.teamId)
    .where('datasetId', '=', datasetId)
    .where('deletedTime', 'is', null)
    .execute();
  let trainingCount = 0;
  for (const ids of inBatches(collections.map(({ id }) => id))) {
    const [imports, training, embedding] = await Promise.all([
      importsOf(db, caller.teamId, ids),
      trainingOfCollections(db, caller.teamId, ids),
      embeddingState(app, dataset, ids),
    ]);
    for (const job of imports.values()) trainingCount += itemsToCome(job);
    for (const counts of training.values()) trainingCount += pendingOf(counts);
    for (const id of ids) trainingCount += waitingItems(embedding, id);
  }
  const which = { teamId: caller.teamId, datasetId: dataset.id };
  return { rebuildingCount: await rebuildingCount(app, which), trainingCount };
}

/** What of a team's knowledge waits for models, by what the model is to do. */
export async function getQueueLengths(
  { store: { db } }: Pick<App, 'store'>,
  caller: Caller,
): Promise<OutputOf<Endpoints['getQueueLen']>> {
  authorize(caller, 'dataset:read');
  const { teamId } = caller;
  const [vectors, items] = await Promise.all([
    db
      .selectFrom('data')
      .innerJoin('datasets', 'datasets.id', 'data.datasetId')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .where('data.teamId', '=', teamId)
      .where('data.vectorModel', 'is', null)
      // Without a model nothing waits for one.
      .where('datasets.vectorModel', 'is not', null)
      .where('datasets.deletedTime', 'is', null)
      .executeTakeFirst(),
    db
      .selectFrom('training_items')
      .select(['mode', (eb) => eb.fn.countAll<number>().as('n')])
      .where('teamId', '=', teamId)
      .where('state', '!=', 'failed')
      .groupBy('mode')
      .execute(),
  ]);
  const waiting = (...modes: string[]) =>
    items.filter(({ mode }) => modes.includes(mode)).reduce((sum, { n }) => sum + Number(n), 0);
  return {
    vectorTrainingCount: Number(vectors?.n ?? 0),
    qaTrainingCount: waiting('qa'),
    autoTrainingCount: waiting('auto'),
    imageTrainingCount: waiting('image', 'imageParse'),
  };
}
