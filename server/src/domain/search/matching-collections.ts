import type { CollectionFilter } from '@lectern/contract/collection-filter.ts';
import type { Expression, ExpressionBuilder, Kysely, SqlBool } from 'kysely';
import { listedTexts } from '../../store/listed.ts';
import type { Store } from '../../store/ports.ts';
import type { Database } from '../../store/schema.ts';
import { storedName } from '../tags/collection-tags.ts';
import { inBatches } from '../tree.ts';
import { metadataCondition } from './metadata-conditions.ts';

/** Whose collections are looked at. */
export interface FilterScope {
  teamId: string;
  datasetIds: readonly string[];
}

type Builder = ExpressionBuilder<Database, 'collections'>;

/**
 * The collections of the datasets that a filter leaves. A folder that matches stands for everything in it, whatever
 * that is itself; one that is named as a scope does not match by that alone.
 */
export async function matchingCollections(
  { db, engine }: Pick<Store, 'db' | 'engine'>,
  scope: FilterScope,
  filter: CollectionFilter,
): Promise<string[]> {
  const within = await namedScope(db, scope, filter);
  if (within?.size === 0) return [];
  const conditional = filter.tags ?? filter.createTime ?? filter.metadata;
  if (conditional === undefined) return [...(within ?? [])];
  const matched: Found[] = [];
  for (const datasetIds of inBatches(scope.datasetIds)) {
    const rows = await db
      .selectFrom('collections')
      .select(['id', 'type'])
      .where('teamId', '=', scope.teamId)
      .where('datasetId', 'in', datasetIds)
      .where('deletedTime', 'is', null)
      .where((eb) => allOf(eb, conditionsOf({ eb, engine, datasetIds }, filter)))
      .execute();
    matched.push(...rows);
  }
  const found = await withContents(db, scope.teamId, matched);
  return within ? [...found].filter((id) => within.has(id)) : [...found];
}

interface Found {
  id: string;
  type: string;
}

/** Everything in the collections and folders that the filter names; nothing when it names none. */
async function namedScope(
  db: Kysely<Database>,
  { teamId, datasetIds }: FilterScope,
  { collectionIds, parentIds }: CollectionFilter,
): Promise<Set<string> | undefined> {
  if (collectionIds === undefined && parentIds === undefined) return undefined;
  const named: Found[] = [];
  for (const ids of inBatches([...new Set([...(collectionIds ?? []), ...(parentIds ?? [])])])) {
    for (const datasets of inBatches(datasetIds)) {
      const rows = await db
        .selectFrom('collections')
        .select(['id', 'type'])
        .where('teamId', '=', teamId)
        .where('datasetId', 'in', datasets)
        .where('id', 'in', ids)
        .where('deletedTime', 'is', null)
        .execute();
      named.push(...rows);
    }
  }
  return await withContents(db, teamId, named);
}

/** The collections among those found, and those in folders among them, at any depth. Folders hold no data. */
async function withContents(db: Kysely<Database>, teamId: string, found: Found[]): Promise<Set<string>> {
  const all = new Set(found.map(({ id }) => id));
  const folders = new Set<string>();
  let level = found.filter(({ type }) => type === 'folder').map(({ id }) => id);
  while (level.length > 0) {
    const next: string[] = [];
    for (const ids of inBatches(level)) {
      for (const id of ids) folders.add(id);
      const rows = await db
        .selectFrom('collections')
        .select(['id', 'type'])
        .where('teamId', '=', teamId)
        .where('parentId', 'in', ids)
        .where('deletedTime', 'is', null)
        .execute();
      for (const { id, type } of rows) {
        all.add(id);
        if (type === 'folder' && !folders.has(id)) next.push(id);
      }
    }
    level = next;
  }
  for (const id of folders) all.delete(id);
  return all;
}

/** Conditions in one statement. In groups, as engines limit how deep they may lie in each other. */
function allOf(eb: Builder, conditions: Expression<SqlBool>[]): Expression<SqlBool> {
  return eb.and(inBatches(conditions, 25).map((group) => eb.and(group)));
}

interface Asked {
  eb: Builder;
  engine: Store['engine'];
  datasetIds: readonly string[];
}

function conditionsOf(asked: Asked, { tags, createTime, metadata }: CollectionFilter): Expression<SqlBool>[] {
  const { eb } = asked;
  const conditions: Expression<SqlBool>[] = [];
  const [all, any] = [tags?.$and ?? [], tags?.$or ?? []];
  // With `$and`, `$or` is not looked at (spec 5.5).
  if (all.length > 0) conditions.push(hasAllTags(asked, all));
  else if (any.length > 0) conditions.push(hasAnyTag(asked, any));
  const bounds = [
    ['>=', createTime?.$gte],
    ['<=', createTime?.$lte],
    ['>', createTime?.$gt],
    ['<', createTime?.$lt],
  ] as const;
  for (const [compare, time] of bounds) {
    if (time !== undefined) conditions.push(eb('collections.createTime', compare, time));
  }
  for (const [name, of] of Object.entries(metadata ?? {})) {
    conditions.push(...metadataCondition(asked, name, of));
  }
  return conditions;
}

const namesOf = (given: (string | null)[]): string[] => [
  ...new Set(given.filter((name) => name !== null).map((name) => storedName(name.trim()))),
];

/** One has all of them when as many are found: a name is that of one tag in a dataset. `null` = has no tag at all. */
function hasAllTags(asked: Asked, given: (string | null)[]): Expression<SqlBool> {
  const names = namesOf(given);
  const named = asked.eb(
    'collections.id',
    'in',
    tagged(asked, names)
      .groupBy('collection_tags.collectionId')
      .having((tags) => tags.fn.countAll(), '=', names.length),
  );
  if (!given.includes(null)) return named;
  return names.length === 0 ? untagged(asked) : asked.eb.and([untagged(asked), named]);
}

function hasAnyTag(asked: Asked, given: (string | null)[]): Expression<SqlBool> {
  const named = asked.eb('collections.id', 'in', tagged(asked, namesOf(given)));
  return given.includes(null) ? asked.eb.or([untagged(asked), named]) : named;
}

const tagged = ({ eb, engine, datasetIds }: Asked, names: string[]) =>
  eb
    .selectFrom('collection_tags')
    .innerJoin('tags', 'tags.id', 'collection_tags.tagId')
    .select('collection_tags.collectionId')
    .where('tags.datasetId', 'in', listedTexts(engine, datasetIds))
    .where('tags.name', 'in', listedTexts(engine, names));

function untagged({ eb }: Asked): Expression<SqlBool> {
  const any = eb
    .selectFrom('collection_tags')
    .select('collection_tags.collectionId')
    .whereRef('collection_tags.collectionId', '=', 'collections.id');
  return eb.not(eb.exists(any));
}
