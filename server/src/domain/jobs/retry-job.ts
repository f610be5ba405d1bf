import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { jobEndpoints } from '@lectern/contract/jobs.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import { embedKind } from '../../jobs/embed-dataset.ts';
import { retryFailedItems } from '../../jobs/training/items.ts';
import { trainKind } from '../../jobs/training/train-dataset.ts';
import { fail } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { presentJob } from './present.ts';
import { requireJob } from './queries.ts';

/** Lets a job run again, or now; one that trains tries again what failed in its dataset. */
export async function retryJob(
  app: Pick<App, 'store' | 'jobs'>,
  caller: Caller,
  id: string,
  lang: Lang,
): Promise<OutputOf<typeof jobEndpoints.retryJob>> {
  authorize(caller, 'dataset:write');
  const { db } = app.store;
  const before = await requireJob(db, caller.teamId, id);
  if (before.state === 'done') throw fail('jobEnded', { params: { state: before.state } });
  const { teamId, kind, datasetId } = before;
  if (kind === trainKind && datasetId !== null) await retryFailedItems(db, { teamId, datasetId });
  if (kind === embedKind && datasetId !== null) {
    await db
      .deleteFrom('embedding_refusals')
      .where('teamId', '=', teamId)
      .where('datasetId', '=', datasetId)
      .execute();
  }
  await app.jobs.retry(caller.teamId, id);
  return presentJob(await requireJob(db, caller.teamId, id), lang);
}
