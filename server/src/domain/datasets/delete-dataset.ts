import { fail } from '../../kernel/errors.ts';
import { lockTree } from '../../store/locking.ts';
import { markDeleted } from '../collections/remove.ts';
import type { App, Caller } from '../context.ts';
import { authorize, presentPermission } from '../policy.ts';
import { inBatches, withDescendants } from '../tree.ts';
import { requireDataset } from './queries.ts';

/**
 * Deletes datasets with everything in them, and folders with all their datasets: all that are named, or none. They are
 * gone for every reader when this resolves; what they held is cleared away in the background.
 */
export async function deleteDatasets(
  app: Pick<App, 'store' | 'jobs'>,
  caller: Caller,
  named: readonly string[],
): Promise<void> {
  authorize(caller, 'dataset:write');
  const { teamId } = caller;
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `knowledge ${teamId}`, 'alone');
    for (const id of named) {
      const dataset = await requireDataset(trx, teamId, id);
      if (!presentPermission(caller, 'dataset', dataset.memberId).hasManagePer) {
        const needed = { en: 'its creator, admin or owner', zh: '创建者、管理员或团队所有者' };
        throw fail('teamForbidden', { params: { role: caller.role, needed } });
      }
    }
    const ids = await withDescendants(trx, 'datasets', teamId, [...new Set(named)]);
    for (const batch of inBatches(ids)) {
      await trx
        .updateTable('datasets')
        .set({ deletedTime: Date.now() })
        .where('teamId', '=', teamId)
        .where('id', 'in', batch)
        .execute();
    }
    await markDeleted(app, trx, teamId, { datasetIds: ids });
  });
  app.jobs.wake();
}
