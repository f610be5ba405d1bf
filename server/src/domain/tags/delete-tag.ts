import { fail } from '../../kernel/errors.ts';
import { lockTree } from '../../store/locking.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { requireTag } from './queries.ts';

/** Deletes a tag and takes it off every collection. */
export async function deleteTag(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: { datasetId: string; id?: string | undefined; tagId?: string | undefined },
): Promise<void> {
  authorize(caller, 'dataset:write');
  const { datasetId } = input;
  const { teamId } = caller;
  const tagId = input.tagId ?? input.id;
  if (tagId === undefined) throw fail('missingParams', { params: { field: 'id' }, param: 'id' });
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `knowledge ${teamId}`, 'alone');
    await requireDataset(trx, teamId, datasetId);
    await requireTag(trx, { teamId, datasetId }, tagId);
    await trx.deleteFrom('tags').where('teamId', '=', teamId).where('id', '=', tagId).execute();
  });
}
