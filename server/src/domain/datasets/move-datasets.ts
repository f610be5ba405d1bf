import { fail } from '../../kernel/errors.ts';
import { lockTree } from '../../store/locking.ts';
import type { App, Caller } from '../context.ts';
import { authorize, requireManager } from '../policy.ts';
import { inBatches, refuseCycle, requireFolder } from '../tree.ts';
import { requireDataset } from './queries.ts';

/** The datasets that a request names under either name; missingParams for none. */
export function namedDatasets(input: {
  datasetIds?: string[] | undefined;
  ids?: string[] | undefined;
}): string[] {
  const named = [...new Set([...(input.datasetIds ?? []), ...(input.ids ?? [])])];
  if (named.length > 0) return named;
  throw fail('missingParams', { params: { field: 'datasetIds' }, param: 'datasetIds' });
}

/** Moves datasets and folders into a folder (null = root): all, or none. Each needs the right to delete it. */
export async function moveDatasets(
  app: Pick<App, 'store'>,
  caller: Caller,
  ids: readonly string[],
  parentId: string | null,
): Promise<void> {
  authorize(caller, 'dataset:write');
  const { teamId } = caller;
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `knowledge ${teamId}`, 'alone');
    await requireFolder(trx, 'datasets', teamId, parentId);
    for (const id of ids) {
      const dataset = await requireDataset(trx, teamId, id);
      if (dataset.parentId !== parentId) requireManager(caller, 'dataset', dataset.memberId);
      await refuseCycle(trx, 'datasets', teamId, [id], parentId);
    }
    for (const batch of inBatches(ids)) {
      await trx
        .updateTable('datasets')
        .set({ parentId, updateTime: Date.now() })
        .where('teamId', '=', teamId)
        .where('id', 'in', batch)
        .execute();
    }
  });
}
