import { type Kysely, sql } from 'kysely';
import type { AnalysedDocument } from '../../retrieval/ports.ts';
import type { Database } from '../schema.ts';
import { collectionToken, datasetToken } from './scope.ts';

const termsOf = (text: string | undefined): string[] => (text ?? '').split(' ').filter((term) => term !== '');

/**
 * Those of the documents that the embedded engine's keyword index does not hold exactly once with these terms. The
 * index cannot be read back, as it keeps no text: it is asked whether the row matches every term in its column, and
 * how many terms each column has.
 */
export async function differingInSqlite(
  db: Kysely<Database>,
  documents: AnalysedDocument[],
): Promise<string[]> {
  const wrong: string[] = [];
  for (const document of documents) {
    const columns = {
      title: termsOf(document.titleTerms),
      body: termsOf(document.bodyTerms),
      exact: termsOf(document.exactTerms),
      scope: [datasetToken(document.datasetId), collectionToken(document.collectionId)],
    };
    const match = Object.entries(columns)
      .filter(([, terms]) => terms.length > 0)
      .map(([column, terms]) => `{${column}} : (${allOf(terms)})`)
      .join(' AND ');
    const { rows } = await sql<{ sizes: Uint8Array }>`
      SELECT s.sz AS sizes FROM search_rows r JOIN search_index_docsize s ON s.id = r.indexRow
      WHERE r.dataId = ${document.dataId} AND r.datasetId = ${document.datasetId}
        AND r.collectionId = ${document.collectionId}
        AND EXISTS (SELECT 1 FROM search_index WHERE rowid = r.indexRow AND search_index MATCH ${match})`.execute(
      db,
    );
    const wanted = Object.values(columns).map((terms) => terms.length);
    if (numbersIn(rows[0]?.sizes).join() !== wanted.join()) wrong.push(document.dataId);
  }
  return wrong;
}

/** Data items that the embedded engine's keyword index names and that are gone, or are elsewhere. */
export async function straysInSqlite(db: Kysely<Database>, limit: number): Promise<string[]> {
  const { rows } = await sql<{ dataId: string }>`
    SELECT r.dataId AS dataId FROM search_rows r
    LEFT JOIN data d ON d.id = r.dataId AND d.datasetId = r.datasetId AND d.collectionId = r.collectionId
    WHERE d.id IS NULL LIMIT ${limit}`.execute(db);
  return rows.map(({ dataId }) => dataId);
}

function allOf(terms: string[]): string {
  return [...new Set(terms)].map((term) => `"${term.replaceAll('"', '""')}"`).join(' AND ');
}

/** FTS5 keeps the lengths of a row's columns as SQLite's variable-length numbers: seven bits a byte, the high ones first. */
function numbersIn(bytes: Uint8Array | undefined): number[] {
  const numbers: number[] = [];
  let value = 0;
  for (const byte of bytes ?? []) {
    value = value * 128 + (byte & 127);
    if (byte >= 128) continue;
    numbers.push(value);
    value = 0;
  }
  return numbers;
}
