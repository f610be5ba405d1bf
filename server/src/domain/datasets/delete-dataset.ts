import { fail } from '../../kernel/errors.ts';
import { removeCollections } from '../collections/remove.ts';
import type { App, Caller } from '../context.ts';
import { authorize, presentPermission } from '../policy.ts';
import { inBatches, withDescendants } from '../tree.ts';
import { requireDataset } from './queries.ts';

/** Deletes a dataset with everything in it, or a folder with all its datasets. */
export async function deleteDataset(
  app: Pick<App, 'store' | 'blobs' | 'jobs' | 'log'>,
  caller: Caller,
  id: string,
): Promise<void> {
  authorize(caller, 'dataset:write');
  const { teamId } = caller;
  const { db } = app.store;
  const dataset = await requireDataset(db, teamId, id);
  if (!presentPermission(caller, 'dataset', dataset.memberId).hasManagePer) {
    const needed = { en: 'its creator, admin or owner', zh: '创建者、管理员或团队所有者' };
    throw fail('teamForbidden', { params: { role: caller.role, needed } });
  }
  const datasetIds = await withDescendants(db, 'datasets', teamId, [id]);
  const collectionIds: string[] = [];
  for (const ids of inBatches(datasetIds)) {
    const rows = await db
      .selectFrom('collections')
      .select('id')
      .where('teamId', '=', teamId)
      .where('datasetId', 'in', ids)
      .execute();
    collectionIds.push(...rows.map((row) => row.id));
  }
  await removeCollections(app, teamId, collectionIds, async (trx) => {
    for (const ids of inBatches(datasetIds)) {
      await trx.deleteFrom('datasets').where('teamId', '=', teamId).where('id', 'in', ids).execute();
    }
  });
}
