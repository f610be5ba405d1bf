import type { datasetEndpoints } from '@lectern/contract/datasets.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { presentDataset } from './present.ts';
import { requireDataset } from './queries.ts';

/** One dataset in full. */
export async function getDataset(
  app: Pick<App, 'store' | 'models' | 'vectorIndex'>,
  caller: Caller,
  id: string,
): Promise<OutputOf<typeof datasetEndpoints.getDataset>> {
  authorize(caller, 'dataset:read');
  return presentDataset(app, caller, await requireDataset(app.store.db, caller.teamId, id));
}
