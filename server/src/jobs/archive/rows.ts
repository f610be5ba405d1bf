import type { storedChunkParams } from '@lectern/contract/knowledge-fields.ts';
import type { Position } from '@lectern/contract/workflow.ts';
import type { Kysely } from 'kysely';
import type { z } from 'zod';
import { countData, importsOf } from '../../domain/collections/queries.ts';
import type { DataVersion } from '../../domain/data/rewrite-item.ts';
import { tagNamesOf } from '../../domain/tags/collection-tags.ts';
import { inBatches } from '../../domain/tree.ts';
import { fromJson } from '../../store/json.ts';
import type { CollectionRow, Database, FileRow } from '../../store/schema.ts';
import type { CollectionLine, DataLine, FileLine, VectorLine } from './format.ts';

export type ChunkSettingsStored = z.output<typeof storedChunkParams>;

export interface DatasetScope {
  teamId: string;
  datasetId: string;
}

type Db = Kysely<Database>;
/** A collection as the order of the archive needs it. */
type Placed = Pick<CollectionRow, 'id' | 'parentId' | 'type'>;

/** Rows read at once. */
const pageSize = 200;

/** Every collection, parents before what is in them; what hangs from nothing is left out. */
export async function collectionTree(db: Db, { teamId, datasetId }: DatasetScope): Promise<Placed[]> {
  const rows = await db
    .selectFrom('collections')
    .select(['id', 'parentId', 'type'])
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .where('deletedTime', 'is', null)
    .orderBy('id')
    .execute();
  const inside = Map.groupBy(rows, ({ parentId }) => parentId);
  const ordered: Placed[] = [];
  for (let level = inside.get(null) ?? []; level.length > 0; ) {
    ordered.push(...level);
    level = level.flatMap(({ id }) => inside.get(id) ?? []);
  }
  return ordered;
}

/** Documents and pictures of the collections, by id. */
export async function filesOf(
  db: Db,
  { teamId, datasetId }: DatasetScope,
  known: ReadonlySet<string>,
): Promise<Map<string, FileRow>> {
  const rows = await db
    .selectFrom('files')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('appId', 'is', null)
    .where((eb) =>
      eb.or([
        eb(
          'id',
          'in',
          eb
            .selectFrom('collections')
            .select('fileId')
            .where('collections.datasetId', '=', datasetId)
            .where('collections.fileId', 'is not', null)
            .where('collections.deletedTime', 'is', null),
        ),
        eb(
          'collectionId',
          'in',
          eb
            .selectFrom('collections')
            .select('collections.id')
            .where('collections.datasetId', '=', datasetId)
            .where('collections.deletedTime', 'is', null),
        ),
      ]),
    )
    .orderBy('id')
    .execute();
  const ours = rows.filter(({ collectionId }) => collectionId === null || known.has(collectionId));
  return new Map(ours.map((row) => [row.id, row]));
}

export async function* tagLines(
  db: Db,
  { teamId, datasetId }: DatasetScope,
): AsyncGenerator<{ name: string }> {
  yield* await db
    .selectFrom('tags')
    .select('name')
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .orderBy('name')
    .execute();
}

export async function* collectionLines(
  db: Db,
  { teamId, datasetId }: DatasetScope,
  collections: Placed[],
  files: ReadonlyMap<string, FileRow>,
): AsyncGenerator<CollectionLine> {
  for (const page of inBatches(collections, pageSize)) {
    const ids = page.map(({ id }) => id);
    const rows = await db
      .selectFrom('collections')
      .selectAll()
      .where('teamId', '=', teamId)
      .where('datasetId', '=', datasetId)
      .where('id', 'in', ids)
      .execute();
    const tags = await tagNamesOf(db, teamId, ids);
    const pages = await pagesOf(db, { teamId, datasetId }, ids);
    const unread = await unreadOf(db, teamId, ids);
    const byId = new Map(rows.map((row) => [row.id, row]));
    for (const { id, parentId } of page) {
      const row = byId.get(id);
      // The tree is the one that was read first, so that parents stand before what is in them.
      if (!row) continue;
      const pageUrl = pages.get(id) ?? null;
      const line = { ...collectionLineOf(row, files), parentId, tags: tags.get(id) ?? [], pageUrl };
      yield { ...line, ...(unread.has(id) && { unread: true }) };
    }
  }
}

/** The collections that are empty because their document could not be read, or is still to be read. */
async function unreadOf(db: Db, teamId: string, ids: string[]): Promise<Set<string>> {
  const [imports, items] = await Promise.all([importsOf(db, teamId, ids), countData(db, teamId, ids)]);
  return new Set(ids.filter((id) => (imports.get(id)?.state ?? 'done') !== 'done' && !items.get(id)));
}

/** The addresses of the pages of the dataset's website, by the collections that were made of them. */
async function pagesOf(
  db: Db,
  { teamId, datasetId }: DatasetScope,
  collectionIds: string[],
): Promise<Map<string | null, string>> {
  const rows = await db
    .selectFrom('site_pages')
    .select(['collectionId', 'url'])
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .where('collectionId', 'in', collectionIds)
    .execute();
  return new Map(rows.map(({ collectionId, url }) => [collectionId, url]));
}

function collectionLineOf(
  row: CollectionRow,
  files: ReadonlyMap<string, FileRow>,
): Omit<CollectionLine, 'tags' | 'parentId' | 'pageUrl'> {
  const { id, type, name, trainingType, rawLink, externalFileId, externalFileUrl, apiFileId } = row;
  return {
    ...{ id, type, name, trainingType, rawLink, externalFileId, externalFileUrl, apiFileId },
    params: fromJson<ChunkSettingsStored>(row.params, {}),
    fileId: row.fileId !== null && files.has(row.fileId) ? row.fileId : null,
    externalId: row.externalId,
    contentHash: row.contentHash,
    hash: row.hash,
    rawTextLength: row.rawTextLength === null ? null : Number(row.rawTextLength),
    forbid: row.ownForbid === 1,
    metadata: fromJson<Record<string, unknown>>(row.metadata, {}),
    createTime: Number(row.createTime),
    updateTime: Number(row.updateTime),
  };
}

/** Pages of the data items of a dataset by id. */
async function* dataPages(db: Db, { teamId, datasetId }: DatasetScope) {
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('data')
      .selectAll()
      .where('teamId', '=', teamId)
      .where('datasetId', '=', datasetId)
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageSize)
      .execute();
    yield rows;
    if (rows.length < pageSize) return;
    after = rows.at(-1)?.id ?? '';
  }
}

export async function* dataLines(
  db: Db,
  scope: DatasetScope,
  known: ReadonlySet<string>,
  files: ReadonlyMap<string, FileRow>,
): AsyncGenerator<DataLine> {
  for await (const page of dataPages(db, scope)) {
    const rows = page.filter(({ collectionId }) => known.has(collectionId));
    if (rows.length === 0) continue;
    const indexes = await db
      .selectFrom('data_indexes')
      .select(['id', 'dataId', 'type', 'text'])
      .where('teamId', '=', scope.teamId)
      .where(
        'dataId',
        'in',
        rows.map(({ id }) => id),
      )
      .orderBy('id')
      .execute();
    const byItem = Map.groupBy(indexes, ({ dataId }) => dataId);
    for (const row of rows) {
      const { id, collectionId, q, a, chunkIndex, externalId, imageId } = row;
      yield {
        ...{ id, collectionId, q, a, chunkIndex, externalId },
        headings: fromJson<string[]>(row.headings, []),
        ...(row.position && { position: fromJson<Position>(row.position, {}) as DataLine['position'] }),
        imageId: imageId !== null && files.has(imageId) ? imageId : null,
        ...(row.history !== null && { history: fromJson<DataVersion[]>(row.history, []) }),
        indexes: (byItem.get(id) ?? []).map(({ dataId: _, ...index }) => index),
      };
    }
  }
}

/** The vectors of items that are wholly embedded and did not change since `before`, item by item. */
export async function* vectorLines(
  db: Db,
  scope: DatasetScope & { model: string; dimensions: number; before: number },
  known: ReadonlySet<string>,
): AsyncGenerator<VectorLine> {
  for await (const page of dataPages(db, scope)) {
    const ids = page
      .filter((row) => row.vectorModel === scope.model && Number(row.updateTime) < scope.before)
      .filter(({ collectionId }) => known.has(collectionId))
      .map(({ id }) => id);
    if (ids.length === 0) continue;
    const rows = await db
      .selectFrom('vectors')
      .select(['dataId', 'part', 'vector'])
      .where('teamId', '=', scope.teamId)
      .where('dataId', 'in', ids)
      .where('model', '=', scope.model)
      .where('dimensions', '=', scope.dimensions)
      .orderBy('dataId')
      .orderBy('seq')
      .execute();
    for (const { dataId, part, vector } of rows) {
      yield { dataId, part, vector: Buffer.from(vector).toString('base64') };
    }
  }
}

export async function* questionLines(db: Db, { teamId, datasetId }: DatasetScope): AsyncGenerator<object> {
  const rows = await db
    .selectFrom('saved_questions')
    .select(['id', 'question', 'expectedData', 'expectedCollections', 'note', 'source'])
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .orderBy('id')
    .execute();
  for (const row of rows) {
    yield {
      ...row,
      expectedData: fromJson<string[]>(row.expectedData, []),
      expectedCollections: fromJson<string[]>(row.expectedCollections, []),
    };
  }
}

export async function* fileLines(files: ReadonlyMap<string, FileRow>): AsyncGenerator<FileLine> {
  for (const { id, collectionId, name, contentType, size, hash } of files.values()) {
    yield { id, collectionId, name, contentType, size: Number(size), hash };
  }
}

/** What a collection holds, for people: its passages in their order. */
export async function* markdownOf(
  db: Db,
  { teamId }: DatasetScope,
  collectionId: string,
): AsyncGenerator<string> {
  let headings = '';
  for (let offset = 0; ; offset += pageSize) {
    const rows = await db
      .selectFrom('data')
      .select(['q', 'a', 'headings'])
      .where('teamId', '=', teamId)
      .where('collectionId', '=', collectionId)
      .orderBy('chunkIndex')
      .orderBy('id')
      .limit(pageSize)
      .offset(offset)
      .execute();
    for (const row of rows) {
      const path = fromJson<string[]>(row.headings, []).join(' › ');
      if (path !== headings && path !== '') yield `<!-- ${path.replaceAll('--', '- -')} -->\n\n`;
      headings = path;
      yield `${row.q}\n\n${row.a === '' ? '' : `${row.a}\n\n`}`;
    }
    if (rows.length < pageSize) return;
  }
}
