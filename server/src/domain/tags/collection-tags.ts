import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Database } from '../../store/schema.ts';
import { inBatches } from '../tree.ts';

/** Whose tags they are. */
export interface TagScope {
  teamId: string;
  datasetId: string;
}

/** A name as stores keep it: without NUL, and without halves of characters. */
export const storedName = (name: string): string => name.replaceAll('\0', '').toWellFormed();

/** The ids of a dataset's tags, in no order; those that there are not yet are made. */
export async function tagsNamed(
  trx: Kysely<Database>,
  { teamId, datasetId }: TagScope,
  names: readonly string[],
): Promise<string[]> {
  // Sorted, so that two that make the same ones do not wait for each other in a circle.
  const wanted = [...new Set(names.map(storedName))].filter((name) => name !== '').sort();
  const found: string[] = [];
  for (const batch of inBatches(wanted)) {
    const now = Date.now();
    await trx
      .insertInto('tags')
      .values(batch.map((name) => ({ id: newId(now), teamId, datasetId, name, createTime: now })))
      .onConflict((conflict) => conflict.columns(['datasetId', 'name']).doNothing())
      .execute();
    const rows = await trx
      .selectFrom('tags')
      .select('id')
      .where('teamId', '=', teamId)
      .where('datasetId', '=', datasetId)
      .where('name', 'in', batch)
      .execute();
    found.push(...rows.map(({ id }) => id));
  }
  return found;
}

/** The id of the dataset's tag of this name, which is made when there is none. */
export async function tagNamed(trx: Kysely<Database>, scope: TagScope, name: string): Promise<string> {
  const [id] = await tagsNamed(trx, scope, [name]);
  if (id !== undefined) return id;
  const details = { en: 'tag must hold characters', zh: 'tag 不能为空' };
  throw fail('validation', { params: { details }, param: 'tag' });
}

/** Gives a collection exactly the tags of these names. The collection must be the team's own. */
export async function setTags(
  trx: Kysely<Database>,
  scope: TagScope,
  collectionId: string,
  names: readonly string[],
): Promise<void> {
  const tags = await tagsNamed(trx, scope, names);
  await trx.deleteFrom('collection_tags').where('collectionId', '=', collectionId).execute();
  if (tags.length === 0) return;
  await trx
    .insertInto('collection_tags')
    .values(tags.map((tagId) => ({ collectionId, tagId })))
    .execute();
}

/** The names of the tags of collections, in the order of the alphabet; a collection without tags is missing. */
export async function tagNamesOf(
  db: Kysely<Database>,
  teamId: string,
  collectionIds: readonly string[],
): Promise<Map<string, string[]>> {
  const names = new Map<string, string[]>();
  for (const ids of inBatches(collectionIds)) {
    const rows = await db
      .selectFrom('collection_tags')
      .innerJoin('tags', 'tags.id', 'collection_tags.tagId')
      .select(['collection_tags.collectionId', 'tags.name'])
      .where('tags.teamId', '=', teamId)
      .where('collection_tags.collectionId', 'in', ids)
      .orderBy('tags.name')
      .execute();
    for (const { collectionId, name } of rows) {
      const list = names.get(collectionId);
      if (list) list.push(name);
      else names.set(collectionId, [name]);
    }
  }
  return names;
}
