import { fail } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { withDescendants } from '../tree.ts';
import { requireCollection } from './queries.ts';
import { removeCollections } from './remove.ts';

/** Deletes collections, and with folders everything inside. One unknown id among them deletes nothing. */
export async function deleteCollections(
  app: Pick<App, 'store' | 'blobs' | 'jobs' | 'log'>,
  caller: Caller,
  input: { id?: string | undefined; collectionIds?: string[] | undefined },
): Promise<void> {
  authorize(caller, 'dataset:write');
  const ids = [...new Set([...(input.id ? [input.id] : []), ...(input.collectionIds ?? [])])];
  if (ids.length === 0) throw fail('missingParams', { params: { field: 'id' }, param: 'id' });
  const { db } = app.store;
  for (const id of ids) await requireCollection(db, caller.teamId, id);
  await removeCollections(app, caller.teamId, await withDescendants(db, 'collections', caller.teamId, ids));
}
