import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { AnalysedDocument } from '../../retrieval/ports.ts';
import type { IndexWriter } from '../ports.ts';
import type { Database } from '../schema.ts';
import { differingInSqlite, straysInSqlite } from './check.ts';
import { collectionToken, datasetToken } from './scope.ts';
import { removeVectors, writeVectors } from './vectors.ts';

/** Documents in one statement: large enough to be quick, small enough not to hold up other writers. */
const batchSize = 100;

async function writeIndex(trx: Kysely<Database>, documents: AnalysedDocument[]): Promise<void> {
  for (let start = 0; start < documents.length; start += batchSize) {
    const batch = documents.slice(start, start + batchSize);
    const rows = JSON.stringify(
      batch.map((document) => ({
        dataId: document.dataId,
        datasetId: document.datasetId,
        collectionId: document.collectionId,
        title: document.titleTerms,
        body: document.bodyTerms,
        exact: document.exactTerms ?? '',
        scope: `${datasetToken(document.datasetId)} ${collectionToken(document.collectionId)}`,
      })),
    );
    await removeFromIndex(
      trx,
      batch.map((document) => document.dataId),
    );
    await sql`
      INSERT INTO search_rows (dataId, datasetId, collectionId)
      SELECT value ->> 'dataId', value ->> 'datasetId', value ->> 'collectionId' FROM json_each(${rows})`.execute(
      trx,
    );
    await sql`
      INSERT INTO search_index (rowid, title, body, exact, scope)
      SELECT r.indexRow, j.value ->> 'title', j.value ->> 'body', j.value ->> 'exact', j.value ->> 'scope'
      FROM json_each(${rows}) j JOIN search_rows r ON r.dataId = j.value ->> 'dataId'`.execute(trx);
  }
}

async function remove(trx: Kysely<Database>, which: RawBuilder<unknown>): Promise<void> {
  await sql`DELETE FROM search_index WHERE rowid IN (SELECT indexRow FROM search_rows WHERE ${which})`.execute(
    trx,
  );
  await sql`DELETE FROM search_rows WHERE ${which}`.execute(trx);
}

async function removeFromIndex(trx: Kysely<Database>, dataIds: string[]): Promise<void> {
  if (dataIds.length === 0) return;
  await remove(trx, sql`dataId IN (SELECT value FROM json_each(${JSON.stringify(dataIds)}))`);
}

async function removeCollectionFromIndex(trx: Kysely<Database>, collectionId: string): Promise<void> {
  await remove(trx, sql`collectionId = ${collectionId}`);
}

/** Pages of 4 kB that one step writes: some milliseconds. */
const pagesOfStep = 16;
/** Removed entries of a part of the index, in percent, from which on it is rewritten: by a step, and by any commit. */
const worthwhile = { step: 30, commit: 50 };

/**
 * Rewrites a little of what was mostly removed. While a deletion is under way this has to come often: a commit that
 * found a part of the index to be nearly empty would go through all of it at once.
 */
async function compact(trx: Kysely<Database>): Promise<boolean> {
  const changes = async () => {
    const { rows } = await sql<{ n: number }>`SELECT total_changes() AS n`.execute(trx);
    return Number(rows[0]?.n ?? 0);
  };
  const set = (name: string, value: number) =>
    sql`INSERT INTO search_index (search_index, rank) VALUES (${sql.lit(name)}, ${sql.lit(value)})`.execute(
      trx,
    );
  await set('deletemerge', worthwhile.step);
  const before = await changes();
  await set('merge', pagesOfStep);
  const merged = (await changes()) - before >= 2;
  await set('deletemerge', worthwhile.commit);
  return merged;
}

/** The writing side of the embedded engine's index. */
export const sqliteIndexWriter: IndexWriter = {
  write: writeIndex,
  remove: removeFromIndex,
  removeCollection: removeCollectionFromIndex,
  compact,
  differing: differingInSqlite,
  strays: straysInSqlite,
  // Here the engine counts by itself, and a search reads the stored vectors.
  miscounted: async () => false,
  recount: async () => {},
  differingVectors: async () => [],
  restoreVectors: async () => {},
  writeVectors,
  removeVectors,
};
