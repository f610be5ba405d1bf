import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import type { tagEndpoints } from '@lectern/contract/tags.ts';
import { containsText } from '../../store/contains.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { presentTag } from './queries.ts';

type Endpoint = typeof tagEndpoints.listTags;

/** A page of the tags of a dataset, in the order of the alphabet. */
export async function listTags(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const { teamId } = caller;
  await requireDataset(db, teamId, input.datasetId);
  const searchText = input.searchText?.trim();
  let query = db.selectFrom('tags').where('teamId', '=', teamId).where('datasetId', '=', input.datasetId);
  if (searchText) query = query.where((eb) => containsText(eb.ref('name'), searchText));
  const { offset, limit } = pageOf(input);
  const [rows, counted] = await Promise.all([
    query.select(['id', 'name']).orderBy('name').limit(limit).offset(offset).execute(),
    query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirst(),
  ]);
  return { list: rows.map(presentTag), total: Number(counted?.total ?? 0) };
}

/** Every tag of a dataset, in the order of the alphabet. */
export async function getAllTags(
  app: Pick<App, 'store'>,
  caller: Caller,
  datasetId: string,
): Promise<OutputOf<typeof tagEndpoints.getAllTags>> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const { teamId } = caller;
  await requireDataset(db, teamId, datasetId);
  const rows = await db
    .selectFrom('tags')
    .select(['id', 'name'])
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .orderBy('name')
    .execute();
  return { list: rows.map(presentTag) };
}
