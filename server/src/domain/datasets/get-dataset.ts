import type { datasetEndpoints } from '@lectern/contract/datasets.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { Lang, Text } from '@lectern/contract/lang.ts';
import { syncJobId } from '../../jobs/sync/kinds.ts';
import { fromJson } from '../../store/json.ts';
import type { DatasetRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { presentDataset } from './present.ts';
import { requireDataset } from './queries.ts';

/** One dataset in full. */
export async function getDataset(
  app: Pick<App, 'store' | 'models' | 'vectorIndex'>,
  caller: Caller,
  id: string,
  lang: Lang,
): Promise<OutputOf<typeof datasetEndpoints.getDataset>> {
  authorize(caller, 'dataset:read');
  const row = await requireDataset(app.store.db, caller.teamId, id);
  return { ...presentDataset(app, caller, row), ...(await syncState(app, row, lang)) };
}

/** Whether the dataset is being brought in step with where it comes from, and why that failed. */
async function syncState(
  { store }: Pick<App, 'store'>,
  { id, teamId }: DatasetRow,
  lang: Lang,
): Promise<{ status?: 'syncing' | 'error'; errorMsg?: string }> {
  const job = await store.db
    .selectFrom('jobs')
    .select(['state', 'error'])
    .where('teamId', '=', teamId)
    .where('id', '=', syncJobId(id))
    .executeTakeFirst();
  if (job?.state === 'waiting' || job?.state === 'running') return { status: 'syncing' };
  if (job?.state !== 'failed') return {};
  const errorMsg = fromJson<Text | null>(job.error, null)?.[lang];
  return { status: 'error', ...(errorMsg !== undefined && { errorMsg }) };
}
