import type { deletedEndpoints } from '@lectern/contract/deleted.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import type { Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { pageOfDeletions } from './page-of-deletions.ts';

type Endpoint = typeof deletedEndpoints.listDeletedApps;
type Contents = OutputOf<Endpoint>['list'][number]['contents'];

/** Apps and folders that can be restored, with what went with each. Throws teamForbidden. */
export async function listDeletedApps(
  app: Pick<App, 'store' | 'processes'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  const { list, total } = await pageOfDeletions(app, caller, 'app', pageOf(input, 20));
  const ids = list.map(({ _id }) => _id);
  const contents = await contentsOf(app.store.db, caller.teamId, ids);
  const none = { folders: 0, apps: 0, keys: 0, chats: 0 };
  return { list: list.map((each) => ({ ...each, contents: contents.get(each._id) ?? none })), total };
}

async function contentsOf(
  db: Kysely<Database>,
  teamId: string,
  ids: string[],
): Promise<Map<string, Contents>> {
  const found = new Map(ids.map((id) => [id, { folders: 0, apps: 0, keys: 0, chats: 0 }]));
  if (ids.length === 0) return found;
  const counted = (table: 'api_keys' | 'chats') =>
    db
      .selectFrom('apps')
      .innerJoin(`${table as 'chats'} as part`, 'part.appId', 'apps.id')
      .select((eb) => ['apps.deletionId as id', eb.fn.countAll<number>().as('n')])
      .where('apps.teamId', '=', teamId)
      .where('apps.deletionId', 'in', ids)
      .groupBy('apps.deletionId')
      .execute();
  const [apps, keys, chats] = await Promise.all([
    db
      .selectFrom('apps')
      .select((eb) => ['deletionId as id', 'type', eb.fn.countAll<number>().as('n')])
      .where('teamId', '=', teamId)
      .where('deletionId', 'in', ids)
      .groupBy(['deletionId', 'type'])
      .execute(),
    counted('api_keys'),
    counted('chats'),
  ]);
  const add = (id: string | null, name: keyof Contents, n: number) => {
    const entry = found.get(id ?? '');
    if (entry) entry[name] += Number(n);
  };
  for (const { id, type, n } of apps) add(id, type === 'folder' ? 'folders' : 'apps', n);
  for (const { id, n } of keys) add(id, 'keys', n);
  for (const { id, n } of chats) add(id, 'chats', n);
  return found;
}
