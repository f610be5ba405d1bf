import type { deletedEndpoints } from '@lectern/contract/deleted.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import type { Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { pageOfDeletions } from './page-of-deletions.ts';

type Endpoints = typeof deletedEndpoints;
type ListApp = Pick<App, 'store' | 'processes'>;

/** Datasets and folders that can be restored, with what went with each. Throws teamForbidden. */
export function listDeletedDatasets(
  app: ListApp,
  caller: Caller,
  input: InputOf<Endpoints['listDeletedDatasets']>,
): Promise<OutputOf<Endpoints['listDeletedDatasets']>> {
  const none = { folders: 0, datasets: 0, collections: 0, data: 0 };
  return pageOfDeletions(
    app,
    caller,
    { objectType: 'dataset', none, partsOf: partsOfDatasets },
    pageOf(input, 20),
  );
}

/** Apps and folders that can be restored, with what went with each. Throws teamForbidden. */
export function listDeletedApps(
  app: ListApp,
  caller: Caller,
  input: InputOf<Endpoints['listDeletedApps']>,
): Promise<OutputOf<Endpoints['listDeletedApps']>> {
  const none = { folders: 0, apps: 0, keys: 0, chats: 0 };
  return pageOfDeletions(app, caller, { objectType: 'app', none, partsOf: partsOfApps }, pageOf(input, 20));
}

async function partsOfDatasets(db: Kysely<Database>, teamId: string, ids: string[]) {
  const [objects, collections, data] = await Promise.all([
    objectsOf(db, 'datasets', teamId, ids),
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
  return [
    ...objects,
    ...collections.map((part) => ({ ...part, kind: 'collections' as const })),
    ...data.map((part) => ({ ...part, kind: 'data' as const })),
  ];
}

async function partsOfApps(db: Kysely<Database>, teamId: string, ids: string[]) {
  const counted = (table: 'api_keys' | 'chats') =>
    db
      .selectFrom('apps')
      .innerJoin(`${table as 'chats'} as part`, 'part.appId', 'apps.id')
      .select((eb) => ['apps.deletionId as id', eb.fn.countAll<number>().as('n')])
      .where('apps.teamId', '=', teamId)
      .where('apps.deletionId', 'in', ids)
      .groupBy('apps.deletionId')
      .execute();
  const [objects, keys, chats] = await Promise.all([
    objectsOf(db, 'apps', teamId, ids),
    counted('api_keys'),
    counted('chats'),
  ]);
  return [
    ...objects,
    ...keys.map((part) => ({ ...part, kind: 'keys' as const })),
    ...chats.map((part) => ({ ...part, kind: 'chats' as const })),
  ];
}

/** The objects themselves, folders apart. */
async function objectsOf<Table extends 'datasets' | 'apps'>(
  db: Kysely<Database>,
  table: Table,
  teamId: string,
  ids: string[],
) {
  const rows = await db
    .selectFrom(table as 'datasets')
    .select((eb) => ['deletionId as id', 'type', eb.fn.countAll<number>().as('n')])
    .where('teamId', '=', teamId)
    .where('deletionId', 'in', ids)
    .groupBy(['deletionId', 'type'])
    .execute();
  return rows.map(({ id, type, n }) => ({ id, n, kind: type === 'folder' ? ('folders' as const) : table }));
}
