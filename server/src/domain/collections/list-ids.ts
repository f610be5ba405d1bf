import { type collectionsManyEndpoints, mostCollections } from '@lectern/contract/collections-many.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { inOrder, wanted } from './list-collections.ts';

type Endpoint = typeof collectionsManyEndpoints.listCollectionIds;

/** The ids of all collections that a list shows page by page, in its order. */
export async function listCollectionIds(
  { store }: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:read');
  const { teamId } = caller;
  await requireDataset(store.db, teamId, input.datasetId);
  const query = wanted(store.db, teamId, input, 'any');
  const rows = await inOrder(store.engine, query, input)
    .select(['id', 'type'])
    .limit(mostCollections)
    .execute();
  const counted = await query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirst();
  return {
    ids: rows.map(({ id }) => id),
    folders: rows.filter(({ type }) => type === 'folder').length,
    total: Number(counted?.total ?? 0),
  };
}
