import { fail } from '../../kernel/errors.ts';
import { lockTree } from '../../store/locking.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { withDescendants } from '../tree.ts';
import { requireCollection } from './queries.ts';
import { markDeleted } from './remove.ts';

/**
 * Deletes collections, and with folders everything inside. One unknown id among them deletes nothing. They are gone
 * for every reader when this resolves; what they held is cleared away in the background.
 */
export async function deleteCollections(
  app: Pick<App, 'store' | 'jobs'>,
  caller: Caller,
  input: { id?: string | undefined; collectionIds?: string[] | undefined },
): Promise<void> {
  authorize(caller, 'dataset:write');
  const { teamId } = caller;
  const ids = [...new Set([...(input.id ? [input.id] : []), ...(input.collectionIds ?? [])])];
  if (ids.length === 0) throw fail('missingParams', { params: { field: 'id' }, param: 'id' });
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `knowledge ${teamId}`, 'alone');
    for (const id of ids) await requireCollection(trx, teamId, id);
    const collectionIds = await withDescendants(trx, 'collections', teamId, ids);
    await markDeleted(app, trx, teamId, { collectionIds });
  });
  app.jobs.wake();
}
