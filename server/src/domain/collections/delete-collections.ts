import { lockTree } from '../../store/locking.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { withDescendants } from '../tree.ts';
import { type CollectionKey, requireCollections, requireNamedCollection } from './queries.ts';
import { markDeleted } from './remove.ts';

/**
 * Deletes collections, and with folders everything inside. One unknown id among them deletes nothing. They are gone
 * for every reader when this resolves; what they held is cleared away in the background.
 */
export async function deleteCollections(
  app: Pick<App, 'store' | 'jobs'>,
  caller: Caller,
  input: CollectionKey & { collectionIds?: string[] | undefined },
): Promise<void> {
  authorize(caller, 'dataset:write');
  const { teamId } = caller;
  const ids = [...new Set([...(input.id ? [input.id] : []), ...(input.collectionIds ?? [])])];
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `knowledge ${teamId}`, 'alone');
    if (ids.length === 0 || input.externalFileId !== undefined) {
      const named = { datasetId: input.datasetId, externalFileId: input.externalFileId };
      ids.push((await requireNamedCollection(trx, teamId, named)).id);
    }
    await requireCollections(trx, teamId, ids);
    const collectionIds = await withDescendants(trx, 'collections', teamId, ids);
    await markDeleted(app, trx, teamId, { collectionIds });
  });
  app.jobs.wake();
}
