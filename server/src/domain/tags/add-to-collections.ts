import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { lockTree } from '../../store/locking.ts';
import type { Database } from '../../store/schema.ts';
import { requireCollectionsOf } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { inBatches } from '../tree.ts';
import { type TagScope, tagNamed } from './collection-tags.ts';

interface Input {
  datasetId: string;
  /** Id or name. */
  tag: string;
  collectionIds: string[];
  originCollectionIds?: string[] | undefined;
}

/**
 * Puts a tag on collections, and takes it off those of `originCollectionIds` that are not among them. A name that
 * there is no tag of yet makes one. One collection that is not of the dataset changes nothing.
 */
export async function addTagToCollections(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: Input,
): Promise<void> {
  authorize(caller, 'dataset:write');
  const { teamId } = caller;
  const { datasetId } = input;
  const scope = { teamId, datasetId };
  const wanted = new Set(input.collectionIds);
  const dropped = [...new Set(input.originCollectionIds ?? [])].filter((id) => !wanted.has(id));
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `knowledge ${teamId}`, 'alone');
    await requireContentDataset(trx, teamId, datasetId);
    await requireCollectionsOf(trx, scope, [...wanted, ...dropped]);
    const tagId = await tagIdOf(trx, scope, input.tag);
    for (const ids of inBatches(dropped)) {
      await trx
        .deleteFrom('collection_tags')
        .where('tagId', '=', tagId)
        .where('collectionId', 'in', ids)
        .execute();
    }
    for (const ids of inBatches([...wanted])) {
      await trx
        .insertInto('collection_tags')
        .values(ids.map((collectionId) => ({ collectionId, tagId })))
        .onConflict((conflict) => conflict.columns(['collectionId', 'tagId']).doNothing())
        .execute();
    }
  });
}

async function tagIdOf(trx: Kysely<Database>, scope: TagScope, tag: string): Promise<string> {
  const known = await trx
    .selectFrom('tags')
    .select('id')
    .where('teamId', '=', scope.teamId)
    .where('datasetId', '=', scope.datasetId)
    .where('id', '=', tag)
    .executeTakeFirst();
  if (known) return known.id;
  // An id that is none of this dataset's is a mistake, not what somebody wants a tag to be called.
  if (/^[0-9a-f]{24}$/i.test(tag) && !(await hasName(trx, scope, tag))) throw fail('tagNotFound');
  return await tagNamed(trx, scope, tag);
}

async function hasName(trx: Kysely<Database>, scope: TagScope, name: string): Promise<boolean> {
  const row = await trx
    .selectFrom('tags')
    .select('id')
    .where('teamId', '=', scope.teamId)
    .where('datasetId', '=', scope.datasetId)
    .where('name', '=', name)
    .executeTakeFirst();
  return row !== undefined;
}
