import type { collectionEndpoints } from '@lectern/contract/collections.ts';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import { reindexKind } from '../../jobs/reindex-collection.ts';
import { toJson } from '../../store/json.ts';
import { lockTree } from '../../store/locking.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { setTags } from '../tags/collection-tags.ts';
import { refuseCycle } from '../tree.ts';
import { followForbid } from './forbid.ts';
import { setMetadata } from './metadata.ts';
import { requireCollectionFolder, requireNamedCollection } from './queries.ts';

type Input = InputOf<typeof collectionEndpoints.updateCollection>;

/** Changes what is given; what is absent stays. A new name is searched with every item, so the index follows. */
export async function updateCollection(
  app: Pick<App, 'store' | 'jobs'>,
  caller: Caller,
  input: Input,
): Promise<void> {
  authorize(caller, 'dataset:write');
  const { teamId } = caller;
  const renamed = await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `knowledge ${teamId}`, 'alone');
    const row = await requireNamedCollection(trx, teamId, input);
    const { forbid, parentId } = input;
    const metadata = input.metadata === undefined ? undefined : toJson(input.metadata);
    if (parentId !== undefined) {
      await requireCollectionFolder(trx, teamId, row.datasetId, parentId);
      await refuseCycle(trx, 'collections', teamId, [row.id], parentId);
    }
    await trx
      .updateTable('collections')
      .set({
        ...(input.name !== undefined && { name: input.name }),
        ...(parentId !== undefined && { parentId }),
        ...(forbid !== undefined && { ownForbid: forbid ? 1 : 0 }),
        ...(metadata !== undefined && { metadata }),
        ...(input.createTime !== undefined && { createTime: Date.parse(input.createTime) }),
        updateTime: Date.now(),
      })
      .where('teamId', '=', teamId)
      .where('id', '=', row.id)
      .execute();
    if (metadata !== undefined) await setMetadata(trx, { ...row, metadata });
    if (input.tags !== undefined) await setTags(trx, row, row.id, input.tags);
    if (forbid !== undefined || parentId !== undefined) await followForbid(trx, teamId, [row.id]);
    if (input.name === undefined || input.name === row.name || row.type === 'folder') return false;
    const { datasetId, id: collectionId } = row;
    await app.jobs.enqueue({ kind: reindexKind, teamId, datasetId, collectionId, payload: {} }, trx);
    return true;
  });
  if (renamed) app.jobs.wake();
}
