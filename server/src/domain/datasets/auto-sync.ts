import { autoSyncJobId, autoSyncKind, syncJobId, syncKind } from '../../jobs/sync/kinds.ts';
import { fail } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { requireContentDataset } from './queries.ts';

/** However often a day is bad: the next one is tried, too. */
const autoSyncAttempts = 1000;

/** Sees to it that a dataset is synchronised every day, beginning with now, for as long as it says so itself. */
export async function keepSyncing(
  app: Pick<App, 'jobs'>,
  { teamId, id: datasetId }: { teamId: string; id: string },
): Promise<void> {
  const input = { kind: autoSyncKind, teamId, datasetId, payload: {}, maxAttempts: autoSyncAttempts };
  await app.jobs.enqueueOnce(autoSyncJobId(datasetId), input);
}

/** Begins to synchronise a dataset; one that is at it already goes on. */
export async function syncNow(
  app: Pick<App, 'store' | 'jobs'>,
  caller: Caller,
  datasetId: string,
): Promise<void> {
  authorize(caller, 'dataset:write');
  const { teamId } = caller;
  const dataset = await requireContentDataset(app.store.db, teamId, datasetId);
  if (dataset.websiteConfig === null && dataset.apiServer === null) {
    throw fail('noWebsite', { param: 'datasetId' });
  }
  await app.jobs.enqueueOnce(syncJobId(datasetId), { kind: syncKind, teamId, datasetId, payload: {} });
}
