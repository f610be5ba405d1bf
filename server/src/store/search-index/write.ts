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

/** The writing side of the embedded engine's index. */
export const sqliteIndexWriter: IndexWriter = {
  write: writeIndex,
  remove: removeFromIndex,
  removeCollection: removeCollectionFromIndex,
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
