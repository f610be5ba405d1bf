import type { datasetEndpoints } from '@lectern/contract/datasets.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { pathTo } from '../tree.ts';
import { requireDataset } from './queries.ts';

type Endpoint = typeof datasetEndpoints.getDatasetPaths;

/** The folders above a dataset, from the root down. */
export async function getDatasetPaths(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:read');
  const id = input.sourceId ?? input.parentId ?? null;
  if (id === null) return [];
  const { db } = app.store;
  const dataset = await requireDataset(db, caller.teamId, id);
  return await pathTo(db, 'datasets', caller.teamId, input.type === 'parent' ? dataset.parentId : id);
}
