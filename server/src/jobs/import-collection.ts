import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Kysely } from 'kysely';
import { fail } from '../kernel/errors.ts';
import type { Chunk, ChunkSettings, DocumentParser, TextIndex } from '../retrieval/ports.ts';
import type { BlobStore } from '../store/blobs.ts';
import { lockRows } from '../store/locking.ts';
import type { Store } from '../store/ports.ts';
import type { CollectionRow, Database } from '../store/schema.ts';
import type { Embedding } from './embedding.ts';
import { insertItems, itemHash, type NewItem, prepareItems } from './items.ts';
import type { Job, JobHandler, JobTools } from './job.ts';

export const importKind = 'import';

/** What the job is told; everything else it reads from the collection. */
export interface ImportPayload {
  settings: ChunkSettings;
}

export interface ImportDeps {
  store: Store;
  blobs: BlobStore;
  parser: DocumentParser;
  textIndex: TextIndex;
  embedding: Pick<Embedding, 'wanted'>;
}

/** Chunks in one transaction. */
const batchSize = 100;

/**
 * Turns the file of a collection into data items. Items have ids made of the collection and their position, so a
 * repeated run (after a crash) writes what is missing and nothing twice.
 */
export function importCollection(deps: ImportDeps): JobHandler {
  return async (job, tools) => {
    const collection = await findCollection(deps.store.db, job);
    if (!collection) return;
    const chunks = await chunksOf(deps, collection, (job.payload as ImportPayload).settings, tools);
    const total = chunks.length;
    tools.progress({ stage: 'write', percent: 40, counts: { total, written: 0 } });
    for (let start = 0; start < total; start += batchSize) {
      tools.signal.throwIfAborted();
      const batch = chunks.slice(start, start + batchSize);
      const items = batch.map((chunk, i) => itemOf(collection, chunk, start + i));
      if (!(await writeBatch(deps, collection, items, tools))) return;
      deps.embedding.wanted(collection.datasetId);
      const written = start + batch.length;
      tools.progress({ percent: 40 + Math.floor((60 * written) / total), counts: { written } });
    }
  };
}

/** The collection of the job, or nothing when it was deleted meanwhile. */
function findCollection(db: Kysely<Database>, job: Pick<Job, 'teamId' | 'collectionId'>) {
  return db
    .selectFrom('collections')
    .selectAll()
    .where('teamId', '=', job.teamId)
    .where('id', '=', job.collectionId)
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
}

async function chunksOf(
  deps: ImportDeps,
  collection: CollectionRow,
  settings: ChunkSettings,
  tools: JobTools,
): Promise<Chunk[]> {
  const { db } = deps.store;
  tools.progress({ stage: 'parse', percent: 1 });
  const file = await db
    .selectFrom('files')
    .selectAll()
    .where('teamId', '=', collection.teamId)
    .where('id', '=', collection.fileId)
    .executeTakeFirst();
  const path = file && deps.blobs.path(file.blobKey);
  if (!file || !path || !(await isThere(path))) {
    const details = { en: 'it is no longer stored', zh: '文件已不存在' };
    throw fail('fileUnreadable', { params: { details } });
  }
  const document = await deps.parser.parse(
    { name: file.name, path, contentType: file.contentType },
    { signal: tools.signal, onProgress: (share) => tools.progress({ percent: 1 + Math.floor(share * 29) }) },
  );
  const { pages, pagesWithoutText } = document;
  const counts = { pages: pages ?? 0, pagesWithoutText: pagesWithoutText?.length ?? 0 };
  tools.progress({ stage: 'chunk', percent: 30, counts });
  const chunks = await chunkText(deps.parser, document.markdown, settings, collection.name, tools.signal);
  await db
    .updateTable('collections')
    .set(rawTextOf(document.markdown))
    .where('teamId', '=', collection.teamId)
    .where('id', '=', collection.id)
    .execute();
  return chunks;
}

/** False only when it is known to be gone: a disk that cannot be read is another matter. */
async function isThere(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw thrown;
  }
}

/** The columns that remember which text a collection was made of. */
export function rawTextOf(markdown: string): { hash: string; rawTextLength: number } {
  return { hash: createHash('sha256').update(markdown).digest('hex'), rawTextLength: markdown.length };
}

/** Splits a text; noTextFound when nothing is left of it. */
export async function chunkText(
  parser: DocumentParser,
  markdown: string,
  settings: ChunkSettings,
  name: string,
  signal: AbortSignal,
): Promise<Chunk[]> {
  const chunks = markdown.trim() === '' ? [] : await parser.chunk(markdown, settings, { signal });
  const filled = chunks.filter((chunk) => chunk.text.trim() !== '');
  if (filled.length === 0) throw fail('noTextFound', { params: { name } });
  return filled;
}

/** The data item of a chunk; the same chunk of the same collection always gets the same id. */
export function itemOf(
  collection: Pick<CollectionRow, 'id' | 'createTime'>,
  chunk: Chunk,
  chunkIndex: number,
): NewItem {
  const digest = createHash('sha256').update(`${collection.id}:${chunkIndex}`).digest('hex');
  // Begins like every id, with seconds, though of the collection.
  const id = collection.id.slice(0, 8) + digest.slice(0, 16);
  return { id, q: chunk.text, a: '', chunkIndex, headings: chunk.headings, indexes: [] };
}

/** False when the collection was deleted meanwhile. */
async function writeBatch(
  deps: ImportDeps,
  collection: CollectionRow,
  items: NewItem[],
  tools: Pick<JobTools, 'mustHold'>,
): Promise<boolean> {
  const { db } = deps.store;
  const ids = items.map((item) => item.id);
  const before = await storedHashes(db, collection.teamId, ids);
  const missing = items.filter((item) => before.get(item.id) !== itemHash(item.q, item.a));
  if (missing.length === 0) return true;
  const prepared = await prepareItems(deps.textIndex, collection, collection.memberId, missing);
  return await db.transaction().execute(async (trx) => {
    await lockRows(deps.store, trx, 'collections', collection.teamId, [collection.id]);
    await tools.mustHold(trx);
    if (!(await findCollection(trx, { teamId: collection.teamId, collectionId: collection.id })))
      return false;
    // Left by an earlier version of the splitter: replaced, not doubled.
    const stale = missing.map((item) => item.id).filter((id) => before.has(id));
    if (stale.length > 0) {
      await deps.store.index.remove(trx, stale);
      await trx.deleteFrom('data').where('teamId', '=', collection.teamId).where('id', 'in', stale).execute();
    }
    await insertItems(deps.store, trx, prepared);
    return true;
  });
}

async function storedHashes(
  db: Kysely<Database>,
  teamId: string,
  ids: string[],
): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('data')
    .select(['id', 'hash'])
    .where('teamId', '=', teamId)
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row.hash]));
}
