import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { itemEndpoints } from '@lectern/contract/items.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { presentItem } from './get-item.ts';

type Endpoint = typeof itemEndpoints.listItems;

/** The documents with ids of the caller's, in the order of the ids. */
export async function listItems(
  app: Pick<App, 'store'>,
  caller: Caller,
  { datasetId, after, pageSize = 100 }: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  await requireDataset(db, caller.teamId, datasetId);
  const all = db
    .selectFrom('collections')
    .where('teamId', '=', caller.teamId)
    .where('datasetId', '=', datasetId)
    .where('externalId', 'is not', null)
    .where('deletedTime', 'is', null);
  const page = after === undefined ? all : all.where('externalId', '>', after);
  const [rows, counted] = await Promise.all([
    page.selectAll().orderBy('externalId').limit(pageSize).execute(),
    all.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirst(),
  ]);
  const next = rows.length === pageSize ? rows.at(-1)?.externalId : undefined;
  return {
    list: rows.map(presentItem),
    total: Number(counted?.total ?? 0),
    ...(next != null && { next }),
  };
}
