import { fail } from '../../kernel/errors.ts';
import { lockTree } from '../../store/locking.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { storedName } from './collection-tags.ts';
import { requireTag } from './queries.ts';

/** Renames a tag wherever it is used. A name that another tag of the dataset has is a conflict. */
export async function updateTag(
  app: Pick<App, 'store'>,
  caller: Caller,
  { datasetId, tagId, ...input }: { datasetId: string; tagId: string; tag: string },
): Promise<void> {
  authorize(caller, 'dataset:write');
  const { teamId } = caller;
  const tag = storedName(input.tag);
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `knowledge ${teamId}`, 'alone');
    await requireDataset(trx, teamId, datasetId);
    await requireTag(trx, { teamId, datasetId }, tagId);
    const other = await trx
      .selectFrom('tags')
      .select('id')
      .where('teamId', '=', teamId)
      .where('datasetId', '=', datasetId)
      .where('name', '=', tag)
      .where('id', '!=', tagId)
      .executeTakeFirst();
    if (other) {
      const details = {
        en: `The dataset already has a tag "${tag}".`,
        zh: `知识库中已有标签“${tag}”。`,
      };
      throw fail('conflict', { params: { details }, param: 'tag' });
    }
    await trx
      .updateTable('tags')
      .set({ name: tag })
      .where('teamId', '=', teamId)
      .where('id', '=', tagId)
      .execute();
  });
}
