import type { appFolderEndpoints } from '@lectern/contract/app-folders.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { pathTo } from '../tree.ts';
import { requireApp } from './queries.ts';

type Endpoint = typeof appFolderEndpoints.getAppPath;

/** The folders above an app, from the root down. */
export async function getAppPath(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'app:read');
  const id = input.sourceId ?? input.parentId ?? null;
  if (id === null) return [];
  const { parentId } = await requireApp(app, caller.teamId, id);
  return await pathTo(app.store.db, 'apps', caller.teamId, input.type === 'parent' ? parentId : id);
}
