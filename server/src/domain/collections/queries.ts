import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import { requireDataset } from '../datasets/queries.ts';
import { inBatches } from '../tree.ts';

/** The collection of this team; collectionNotFound for anything else, also when its dataset is gone. */
export async function requireCollection(
  db: Kysely<Database>,
  teamId: string,
  id: string,
): Promise<CollectionRow> {
  const row = await db
    .selectFrom('collections')
    .innerJoin('datasets', (join) =>
      join
        .onRef('datasets.id', '=', 'collections.datasetId')
        .onRef('datasets.teamId', '=', 'collections.teamId'),
    )
    .selectAll('collections')
    .where('collections.teamId', '=', teamId)
    .where('collections.id', '=', id)
    .where('collections.deletedTime', 'is', null)
    .executeTakeFirst();
  if (!row) throw fail('collectionNotFound');
  return row;
}

/** How a call names a collection: by its id, or by the caller's own id of its file within a dataset. */
export interface CollectionKey {
  id?: string | undefined;
  datasetId?: string | undefined;
  externalFileId?: string | undefined;
}

/** The collection that is named; `missingParams` when it is named by neither, `conflict` when several are meant. */
export async function requireNamedCollection(
  db: Kysely<Database>,
  teamId: string,
  { id, datasetId, externalFileId }: CollectionKey,
): Promise<CollectionRow> {
  if (id !== undefined) return await requireCollection(db, teamId, id);
  if (datasetId === undefined || externalFileId === undefined) {
    const field = externalFileId === undefined ? 'id' : 'datasetId';
    throw fail('missingParams', { params: { field }, param: field });
  }
  await requireDataset(db, teamId, datasetId);
  const [row, other] = await withExternalFile(db, teamId, datasetId, externalFileId);
  if (!row) throw fail('collectionNotFound');
  if (other) {
    const details = {
      en: `Several collections have the externalFileId ${externalFileId}, among them ${row.id} and ${other.id}: name one by its id.`,
      zh: `多个集合具有 externalFileId ${externalFileId}，其中包括 ${row.id} 与 ${other.id}：请使用 id 指定。`,
    };
    throw fail('conflict', { params: { details }, param: 'externalFileId' });
  }
  return row;
}

/** The collections of a dataset of the file that the caller knows by this id; two at most are shown. */
export function withExternalFile(
  db: Kysely<Database>,
  teamId: string,
  datasetId: string,
  externalFileId: string,
): Promise<CollectionRow[]> {
  return db
    .selectFrom('collections')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .where('externalFileId', '=', externalFileId)
    .where('deletedTime', 'is', null)
    .orderBy('id')
    .limit(2)
    .execute();
}

/** Those of the ids that are collections of the dataset, with their names; deleted ones are not among them. */
export async function namesOfCollections(
  db: Kysely<Database>,
  dataset: { teamId: string; id: string },
  ids: readonly string[],
): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const batch of inBatches([...new Set(ids)])) {
    const rows = await db
      .selectFrom('collections')
      .select(['id', 'name'])
      .where('teamId', '=', dataset.teamId)
      .where('datasetId', '=', dataset.id)
      .where('id', 'in', batch)
      .where('deletedTime', 'is', null)
      .execute();
    for (const { id, name } of rows) names.set(id, name);
  }
  return names;
}

/** The folder `parentId` of this very dataset, or null for the root. Throws parentNotFound. */
export async function requireCollectionFolder(
  db: Kysely<Database>,
  teamId: string,
  datasetId: string,
  parentId: string | null,
): Promise<Pick<CollectionRow, 'id' | 'forbid'> | null> {
  if (parentId === null) return null;
  const row = await db
    .selectFrom('collections')
    .select(['id', 'forbid'])
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .where('id', '=', parentId)
    .where('type', '=', 'folder')
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
  if (!row) throw fail('parentNotFound', { params: { field: 'parentId' }, param: 'parentId' });
  return row;
}

/** What runs, waits or failed for a collection, from its import jobs. */
export interface ImportState {
  id: string;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  stage: string;
  percent: number;
  counts: string;
  error: string | null;
  /** Whose fault: file, model, limit, bug. */
  cause: string | null;
}

/** The latest import of each of the collections. */
export async function importsOf(
  db: Kysely<Database>,
  teamId: string,
  collectionIds: string[],
): Promise<Map<string, ImportState>> {
  if (collectionIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('jobs')
    .select(['id', 'collectionId', 'state', 'stage', 'percent', 'counts', 'error', 'cause'])
    .where('teamId', '=', teamId)
    .where('kind', '=', 'import')
    .where('collectionId', 'in', collectionIds)
    .orderBy('id')
    .execute();
  return new Map(rows.map(({ collectionId, ...job }) => [collectionId ?? '', job]));
}

/** How many rows of a table each of the collections has. */
export async function countData(
  db: Kysely<Database>,
  teamId: string,
  collectionIds: string[],
): Promise<Map<string, number>> {
  if (collectionIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('data')
    .select(['collectionId', (eb) => eb.fn.countAll<number>().as('amount')])
    .where('teamId', '=', teamId)
    .where('collectionId', 'in', collectionIds)
    .groupBy('collectionId')
    .execute();
  return new Map(rows.map((row) => [row.collectionId, Number(row.amount)]));
}

/** How many collections each of the folders holds directly. */
export async function countChildren(
  db: Kysely<Database>,
  teamId: string,
  folderIds: string[],
): Promise<Map<string, number>> {
  if (folderIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('collections')
    .select(['parentId', (eb) => eb.fn.countAll<number>().as('amount')])
    .where('teamId', '=', teamId)
    .where('parentId', 'in', folderIds)
    .where('deletedTime', 'is', null)
    .groupBy('parentId')
    .execute();
  return new Map(rows.map((row) => [row.parentId ?? '', Number(row.amount)]));
}

/** The texts a collection can be found by: q, a where there is one, and every index of its own. */
export async function countIndexes(
  db: Kysely<Database>,
  teamId: string,
  collectionId: string,
): Promise<number> {
  const data = await db
    .selectFrom('data')
    .select((eb) => [
      eb.fn.countAll<number>().as('all'),
      eb.fn.sum<number>(eb.case().when('a', '=', '').then(0).else(1).end()).as('answers'),
    ])
    .where('teamId', '=', teamId)
    .where('collectionId', '=', collectionId)
    .executeTakeFirst();
  const own = await db
    .selectFrom('data_indexes')
    .innerJoin('data', 'data.id', 'data_indexes.dataId')
    .select((eb) => eb.fn.countAll<number>().as('all'))
    .where('data.teamId', '=', teamId)
    .where('data.collectionId', '=', collectionId)
    .executeTakeFirst();
  return Number(data?.all ?? 0) + Number(data?.answers ?? 0) + Number(own?.all ?? 0);
}

/** Throws collectionNotFound unless all of these are collections of the dataset. */
export async function requireCollectionsOf(
  trx: Kysely<Database>,
  { teamId, datasetId }: { teamId: string; datasetId: string },
  ids: readonly string[],
): Promise<void> {
  const found = await namesOfCollections(trx, { teamId, id: datasetId }, ids);
  if (ids.some((id) => !found.has(id))) throw fail('collectionNotFound');
}

/** Throws collectionNotFound unless all of these are collections of the team, in datasets that are there. */
export async function requireCollections(
  db: Kysely<Database>,
  teamId: string,
  ids: readonly string[],
): Promise<void> {
  for (const batch of inBatches(ids)) {
    const rows = await db
      .selectFrom('collections')
      .innerJoin('datasets', (join) =>
        join
          .onRef('datasets.id', '=', 'collections.datasetId')
          .onRef('datasets.teamId', '=', 'collections.teamId'),
      )
      .select('collections.id')
      .where('collections.teamId', '=', teamId)
      .where('collections.id', 'in', batch)
      .where('collections.deletedTime', 'is', null)
      .execute();
    if (rows.length < batch.length) throw fail('collectionNotFound');
  }
}
