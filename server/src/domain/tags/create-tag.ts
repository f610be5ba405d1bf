import { lockTree } from '../../store/locking.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { tagNamed } from './collection-tags.ts';

/** Answers the id of the dataset's tag of this name, which is made when there is none. */
export async function createTag(
  app: Pick<App, 'store'>,
  caller: Caller,
  { datasetId, tag }: { datasetId: string; tag: string },
): Promise<string> {
  authorize(caller, 'dataset:write');
  const { teamId } = caller;
  return await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `knowledge ${teamId}`, 'together');
    await requireContentDataset(trx, teamId, datasetId);
    return await tagNamed(trx, { teamId, datasetId }, tag);
  });
}
