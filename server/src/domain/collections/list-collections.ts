import type { collectionEndpoints } from '@lectern/contract/collections.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import { containsText } from '../../store/contains.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { embeddingState } from './embedding-state.ts';
import { presentListItem } from './present.ts';
import { countChildren, countData, importsOf } from './queries.ts';

type Endpoint = typeof collectionEndpoints.listCollections;

/** A page of the collections of one folder, or with a search text of all folders; latest update first. */
export async function listCollections(
  app: Pick<App, 'store' | 'models' | 'vectorIndex'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const { teamId } = caller;
  const dataset = await requireDataset(db, teamId, input.datasetId);
  const searchText = input.searchText?.trim();
  let query = db
    .selectFrom('collections')
    .where('teamId', '=', teamId)
    .where('datasetId', '=', input.datasetId)
    .where('deletedTime', 'is', null);
  if (searchText) query = query.where((eb) => containsText(eb.ref('name'), searchText));
  else if (input.parentId) query = query.where('parentId', '=', input.parentId);
  else query = query.where('parentId', 'is', null);
  if (input.selectFolder) query = query.where('type', '=', 'folder');
  const wanted = input.filterTags ?? [];
  if (wanted.length > 0) {
    // The column holds a JSON list of names, so a whole quoted name is looked for.
    query = query.where((eb) =>
      eb.or(wanted.map((tag) => containsText(eb.ref('tags'), JSON.stringify(tag)))),
    );
  }
  const { offset, limit } = pageOf(input);
  const [rows, counted] = await Promise.all([
    query
      .selectAll()
      .orderBy('updateTime', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .offset(offset)
      .execute(),
    query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirst(),
  ]);
  const ids = rows.map((row) => row.id);
  const folders = rows.filter((row) => row.type === 'folder').map((row) => row.id);
  const [data, children, imports, embedding] = await Promise.all([
    countData(db, teamId, ids),
    countChildren(db, teamId, folders),
    importsOf(db, teamId, ids),
    embeddingState(app, dataset, ids),
  ]);
  const list = rows.map((row) => {
    const amount = (row.type === 'folder' ? children : data).get(row.id) ?? 0;
    return presentListItem(caller, row, { job: imports.get(row.id), dataAmount: amount, embedding });
  });
  return { list, total: Number(counted?.total ?? 0) };
}
