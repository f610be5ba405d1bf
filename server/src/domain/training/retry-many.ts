import type { collectionsManyEndpoints } from '@lectern/contract/collections-many.ts';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import { retryFailedItems } from '../../jobs/training/items.ts';
import { requireCollectionsOf } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { inBatches } from '../tree.ts';

type Input = InputOf<typeof collectionsManyEndpoints.retryCollections>;
type RetryApp = Pick<App, 'store' | 'jobs' | 'training' | 'embedding'>;

/** Tries again everything that failed in collections of a dataset. */
export async function retryCollections(app: RetryApp, caller: Caller, input: Input): Promise<void> {
  authorize(caller, 'dataset:write');
  const { teamId } = caller;
  const { datasetId } = input;
  const { db } = app.store;
  const ids = [...new Set(input.collectionIds)];
  await requireContentDataset(db, teamId, datasetId);
  await requireCollectionsOf(db, { teamId, datasetId }, ids);
  for (const batch of inBatches(ids)) await retryFailed(app, { teamId, datasetId }, batch);
}

/** The same for some that are known to be of this dataset. */
export async function retryFailed(
  app: RetryApp,
  { teamId, datasetId }: { teamId: string; datasetId: string },
  collectionIds: readonly string[],
): Promise<void> {
  const { db } = app.store;
  await retryFailedItems(db, { teamId, datasetId, collectionIds });
  await db
    .deleteFrom('embedding_refusals')
    .where('teamId', '=', teamId)
    .where('collectionId', 'in', collectionIds)
    .execute();
  const jobs = await db
    .selectFrom('jobs')
    .select('id')
    .where('teamId', '=', teamId)
    .where('collectionId', 'in', collectionIds)
    .where('state', '=', 'failed')
    .execute();
  for (const { id } of jobs) await app.jobs.retry(teamId, id);
  app.training.wanted(datasetId);
  // Items that could not be embedded are tried again with the next look at the dataset.
  app.embedding.wanted(datasetId);
}
