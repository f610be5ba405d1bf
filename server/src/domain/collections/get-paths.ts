import type { citationEndpoints } from '@lectern/contract/citations.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { requireCollection } from './queries.ts';

/** More levels than a tree that people made. */
const deepest = 1000;

/** The folders from the root down to this one. */
export async function getCollectionPaths(
  app: Pick<App, 'store'>,
  caller: Caller,
  folderId: string | null,
): Promise<OutputOf<typeof citationEndpoints.getCollectionPaths>> {
  authorize(caller, 'dataset:read');
  const path: { parentId: string; parentName: string }[] = [];
  for (let id = folderId; id !== null && path.length < deepest; ) {
    const folder = await requireCollection(app.store.db, caller.teamId, id);
    path.unshift({ parentId: folder.id, parentName: folder.name });
    id = folder.parentId;
  }
  return path;
}
