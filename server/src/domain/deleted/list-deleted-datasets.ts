import type { deletedEndpoints } from '@lectern/contract/deleted.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import type { Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { pageOfDeletions } from './page-of-deletions.ts';

type Endpoint = typeof deletedEndpoints.listDeletedDatasets;
type Contents = OutputOf<Endpoint>['list'][number]['contents'];

/** Datasets and folders that can be restored, with what went with each. Throws teamForbidden. */
export async function listDeletedDatasets(
  app: Pick<App, 'store' | 'processes'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  const { list, total } = await pageOfDeletions(app, caller, 'dataset', pageOf(input, 20));
  const ids = list.map(({ _id }) => _id);
  const contents = await contentsOf(app.store.db, caller.teamId, ids);
  const none = { folders: 0, datasets: 0, collections: 0, data: 0 };
  return { list: list.map((each) => ({ ...each, contents: contents.get(each._id) ?? none })), total };
}

async function contentsOf(
  db: Kysely<Database>,
  teamId: string,
  ids: string[],
): Promise<Map<string, Contents>> {
  const found = new Map(ids.map((id) => [id, { folders: 0, datasets: 0, collections: 0, data: 0 }]));
  if (ids.length === 0) return found;
  const [datasets, collections, data] = await Promise.all([
    db
      .selectFrom('datasets')
      .select((eb) => ['deletionId as id', 'type', eb.fn.countAll<number>().as('n')])
      .where('teamId', '=', teamId)
      .where('deletionId', 'in', ids)
      .groupBy(['deletionId', 'type'])
      .execute(),
    db
      .selectFrom('collections')
      .select((eb) => ['deletionId as id', eb.fn.countAll<number>().as('n')])
      .where('teamId', '=', teamId)
      .where('deletionId', 'in', ids)
      .where('type', '!=', 'folder')
      .groupBy('deletionId')
      .execute(),
    db
      .selectFrom('data')
      .innerJoin('collections', 'collections.id', 'data.collectionId')
      .select((eb) => ['collections.deletionId as id', eb.fn.countAll<number>().as('n')])
      .where('data.teamId', '=', teamId)
      .where('collections.deletionId', 'in', ids)
      .groupBy('collections.deletionId')
      .execute(),
  ]);
  const add = (id: string | null, name: keyof Contents, n: number) => {
    const entry = found.get(id ?? '');
    if (entry) entry[name] += Number(n);
  };
  for (const { id, type, n } of datasets) add(id, type === 'folder' ? 'folders' : 'datasets', n);
  for (const { id, n } of collections) add(id, 'collections', n);
  for (const { id, n } of data) add(id, 'data', n);
  return found;
}
