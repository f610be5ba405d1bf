import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { inBatches, withDescendants } from '../tree.ts';
import { requireApp } from './queries.ts';

/** How much stands in an app or a folder of them. */
export interface AppContents {
  folders: number;
  apps: number;
  keys: number;
  chats: number;
}

/** What deleting an app, or a folder with all in it, would take away, itself included. */
export async function getContents(
  app: Pick<App, 'store'>,
  caller: Caller,
  appId: string,
): Promise<AppContents> {
  authorize(caller, 'app:read');
  const { teamId } = caller;
  const { db } = app.store;
  await requireApp(app, teamId, appId);
  const contents: AppContents = { folders: 0, apps: 0, keys: 0, chats: 0 };
  for (const ids of inBatches(await withDescendants(db, 'apps', teamId, [appId]))) {
    const count = async (table: 'api_keys' | 'chats') => {
      const row = await db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll().as('count'))
        .where('teamId', '=', teamId)
        .where('appId', 'in', ids)
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    };
    const types = await db
      .selectFrom('apps')
      .select('type')
      .where('teamId', '=', teamId)
      .where('id', 'in', ids)
      .execute();
    const folders = types.filter(({ type }) => type === 'folder').length;
    contents.folders += folders;
    contents.apps += types.length - folders;
    contents.keys += await count('api_keys');
    contents.chats += await count('chats');
  }
  return contents;
}
