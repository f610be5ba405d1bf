import type { collectionsManyEndpoints } from '@lectern/contract/collections-many.ts';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import { lockTree } from '../../store/locking.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { inBatches, refuseCycle } from '../tree.ts';
import { followForbid } from './forbid.ts';
import { requireCollectionFolder, requireCollectionsOf } from './queries.ts';

type Input = InputOf<typeof collectionsManyEndpoints.updateCollections>;

/** Moves many collections, or switches them on and off: all or none. */
export async function updateCollections(
  app: Pick<App, 'store'>,
  caller: Caller,
  { datasetId, parentId, forbid, ...input }: Input,
): Promise<void> {
  authorize(caller, 'dataset:write');
  const { teamId } = caller;
  const ids = [...new Set(input.collectionIds)];
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `knowledge ${teamId}`, 'alone');
    await requireContentDataset(trx, teamId, datasetId);
    await requireCollectionsOf(trx, { teamId, datasetId }, ids);
    if (parentId !== undefined) {
      await requireCollectionFolder(trx, teamId, datasetId, parentId);
      await refuseCycle(trx, 'collections', teamId, ids, parentId);
    }
    if (parentId === undefined && forbid === undefined) return;
    for (const batch of inBatches(ids)) {
      await trx
        .updateTable('collections')
        .set({
          ...(parentId !== undefined && { parentId }),
          ...(forbid !== undefined && { ownForbid: forbid ? 1 : 0 }),
          updateTime: Date.now(),
        })
        .where('teamId', '=', teamId)
        .where('id', 'in', batch)
        .execute();
    }
    await followForbid(trx, teamId, ids);
  });
}
