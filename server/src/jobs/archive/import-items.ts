import { trainingTypes } from '@lectern/contract/knowledge-fields.ts';
import type { Position } from '@lectern/contract/workflow.ts';
import type { Kysely } from 'kysely';
import { setMetadata } from '../../domain/collections/metadata.ts';
import type { DataVersion } from '../../domain/data/rewrite-item.ts';
import { setTags } from '../../domain/tags/collection-tags.ts';
import { newId } from '../../kernel/ids.ts';
import { toJson } from '../../store/json.ts';
import { lockRows, lockTree } from '../../store/locking.ts';
import type { CollectionRow, Database, DatasetRow } from '../../store/schema.ts';
import { insertItems, type PreparedItem, prepareItems } from '../items.ts';
import { broken, type CollectionLine, collectionLine, type DataLine, dataLine, entries } from './format.ts';
import type { ArchiveImport } from './import-archive.ts';
import type { ImportedFile } from './import-files.ts';

/** A collection as its items need it. */
type Owner = Pick<CollectionRow, 'id' | 'teamId' | 'datasetId' | 'name' | 'params' | 'type'>;

/** Items in one transaction. */
const batchSize = 100;

/** Makes the collections, parents first, with tags and metadata. Answers them by the ids of the archive. */
export async function importCollections(
  run: ArchiveImport,
  files: ReadonlyMap<string, ImportedFile>,
): Promise<Map<string, Owner>> {
  const { deps, archive, tools } = run;
  const made = new Map<string, Owner>();
  for await (const line of archive.lines(entries.collections, collectionLine)) {
    tools.signal.throwIfAborted();
    const parent = line.parentId === null ? undefined : made.get(line.parentId);
    if (line.parentId !== null && parent?.type !== 'folder') {
      throw broken(
        `the collection ${line.id} is in no folder that stands before it`,
        `集合 ${line.id} 所在的文件夹不存在或未先列出`,
      );
    }
    if (line.fileId !== null && !files.has(line.fileId)) {
      throw broken(
        `the collection ${line.id} names a file that is not there`,
        `集合 ${line.id} 的文件不存在`,
      );
    }
    const row = rowOf(run, line, files);
    made.set(line.id, row);
    await deps.store.db.transaction().execute(async (trx) => {
      await lockTree(deps.store, trx, `knowledge ${run.dataset.teamId}`, 'together');
      const known = await trx
        .selectFrom('collections')
        .select('id')
        .where('id', '=', row.id)
        .executeTakeFirst();
      if (known) return;
      await tools.mustHold(trx);
      const byFolder = await isForbidden(trx, run.dataset, row.parentId);
      await trx
        .insertInto('collections')
        .values({ ...row, ...(byFolder && { forbid: 1 }) })
        .execute();
      await setMetadata(trx, row);
      if (line.pageUrl !== null) await setPage(trx, run.dataset, row.id, line.pageUrl);
      if (line.tags.length > 0) await setTags(trx, row, row.id, line.tags);
    });
  }
  return made;
}

async function isForbidden(
  trx: Kysely<Database>,
  { teamId }: DatasetRow,
  folderId: string | null,
): Promise<boolean> {
  const folder = await trx
    .selectFrom('collections')
    .select('forbid')
    .where('teamId', '=', teamId)
    .where('id', '=', folderId)
    .executeTakeFirst();
  return folder?.forbid === 1;
}

/** The next synchronisation with the website brings this collection in step, and makes no second one. */
async function setPage(
  trx: Kysely<Database>,
  { id: datasetId, teamId, websiteConfig }: DatasetRow,
  collectionId: string,
  url: string,
): Promise<void> {
  if (websiteConfig === null) return;
  const now = Date.now();
  await trx
    .insertInto('site_pages')
    .values({
      ...{ id: newId(now), teamId, datasetId, collectionId, url, updateTime: now },
      ...{ depth: 0, crawl: 'archive', state: 'same', etag: null, lastModified: null, error: null },
    })
    .onConflict((conflict) => conflict.columns(['datasetId', 'url']).doNothing())
    .execute();
}

function rowOf(
  { dataset, memberId, idOf }: ArchiveImport,
  line: CollectionLine,
  files: ReadonlyMap<string, ImportedFile>,
): CollectionRow {
  const { id, parentId, fileId, params, forbid, metadata, trainingType } = line;
  const { tags: _tags, pageUrl: _page, unread: _unread, ...rest } = line;
  return {
    ...rest,
    id: idOf(id),
    teamId: dataset.teamId,
    datasetId: dataset.id,
    memberId,
    parentId: parentId === null ? null : idOf(parentId),
    trainingType: trainingTypes.find((type) => type === trainingType) ?? 'chunk',
    params: toJson(params),
    fileId: fileId === null ? null : (files.get(fileId)?.id ?? null),
    forbid: forbid ? 1 : 0,
    ownForbid: forbid ? 1 : 0,
    metadata: toJson(metadata),
    deletedTime: null,
    deletionId: null,
  };
}

/** Writes the data items with their indexes and search entries. Answers how many the archive has. */
export async function importItems(
  run: ArchiveImport,
  collections: ReadonlyMap<string, Owner>,
  files: ReadonlyMap<string, ImportedFile>,
): Promise<number> {
  const { archive, tools } = run;
  const total = archive.manifest.counts.items;
  let read = 0;
  let batch: DataLine[] = [];
  tools.progress({ stage: 'write', percent: 10, counts: { total, written: 0 } });
  const flush = async (): Promise<void> => {
    await writeItems(run, batch, collections, files);
    read += batch.length;
    batch = [];
    const percent = 10 + Math.min(80, (80 * read) / Math.max(1, total));
    tools.progress({ percent, counts: { written: read }, done: { amount: read, unit: 'items' } });
  };
  for await (const line of archive.lines(entries.data, dataLine)) {
    tools.signal.throwIfAborted();
    batch.push(line);
    if (batch.length >= batchSize) await flush();
  }
  if (batch.length > 0) await flush();
  return read;
}

async function writeItems(
  run: ArchiveImport,
  lines: DataLine[],
  collections: ReadonlyMap<string, Owner>,
  files: ReadonlyMap<string, ImportedFile>,
): Promise<void> {
  const { deps, dataset, idOf, tools, memberId } = run;
  const { db } = deps.store;
  const ids = lines.map(({ id }) => idOf(id));
  const stored = await db.selectFrom('data').select('id').where('id', 'in', ids).execute();
  const known = new Set(stored.map(({ id }) => id));
  const missing = lines.filter(({ id }) => !known.has(idOf(id)));
  const prepared: PreparedItem[] = [];
  for (const [oldId, own] of Map.groupBy(missing, ({ collectionId }) => collectionId)) {
    const collection = collections.get(oldId);
    if (!collection || collection.type === 'folder') {
      throw broken(
        `data names the collection ${oldId}, which is not there`,
        `数据所属的集合 ${oldId} 不存在`,
      );
    }
    const items = own.map((line) => itemOf(line, idOf, files));
    const ready = await prepareItems(deps.textIndex, collection, memberId, items);
    ready.forEach((item, i) => {
      const history = own[i]?.history ?? [];
      if (history.length > 0)
        item.row.history = toJson(history.map((version) => movedVersion(version, files)));
      // The vectors of an index are found by its id.
      const indexes = own[i]?.indexes ?? [];
      item.indexes.forEach((index, at) => {
        const old = indexes[at];
        if (old) index.id = idOf(old.id);
      });
    });
    prepared.push(...ready);
  }
  if (prepared.length === 0) return;
  await db.transaction().execute(async (trx) => {
    const owners = [...new Set(prepared.map(({ row }) => row.collectionId))];
    await lockRows(deps.store, trx, 'collections', dataset.teamId, owners);
    await tools.mustHold(trx);
    await insertItems(deps.store, trx, prepared);
  });
}

const idPattern = /[0-9a-f]{24}/g;

/** A text with the new ids of its pictures. */
const movedText = (text: string, files: ReadonlyMap<string, ImportedFile>): string =>
  text.replace(idPattern, (id) => files.get(id)?.id ?? id);

const movedVersion = ({ q, a, updateTime }: DataVersion, files: ReadonlyMap<string, ImportedFile>) => ({
  q: movedText(q, files),
  a: movedText(a, files),
  updateTime,
});

function itemOf(line: DataLine, idOf: ArchiveImport['idOf'], files: ReadonlyMap<string, ImportedFile>) {
  const moved = (text: string) => movedText(text, files);
  return {
    id: idOf(line.id),
    q: moved(line.q),
    a: moved(line.a),
    chunkIndex: line.chunkIndex,
    headings: line.headings,
    position: (line.position ?? undefined) as Position | undefined,
    imageId: line.imageId === null ? undefined : files.get(line.imageId)?.id,
    externalId: line.externalId ?? undefined,
    indexes: line.indexes.map(({ type, text }) => ({ type, text: moved(text) })),
  };
}
