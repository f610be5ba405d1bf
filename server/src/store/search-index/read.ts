import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { TextHit } from '../../retrieval/ports.ts';
import type { IndexQuery } from '../ports.ts';
import { collectionToken, datasetToken } from './scope.ts';
import { columnWeights } from './weights.ts';

/** A read-only look at the keyword index, for the search worker's own connection. */
export interface IndexReader {
  search(query: IndexQuery): TextHit[];
  close(): void;
}

/** By column: title, body, exact, scope. */
const weights = [columnWeights.title, columnWeights.body, columnWeights.exact, 0].join(', ');

/** `"a" OR "b"`: terms are quoted, so nothing a user types is query syntax. */
function anyOf(terms: string[]): string {
  return terms.map((term) => `"${term.replaceAll('"', '""')}"`).join(' OR ');
}

function matchExpression(
  scopes: string[],
  forbidden: string[],
  collections: string[] | undefined,
  terms: string[],
) {
  const parts = [`scope : (${anyOf(scopes)})`];
  if (collections) parts.push(`scope : (${anyOf(collections)})`);
  parts.push(`{title body exact} : (${anyOf(terms)})`);
  const wanted = parts.join(' AND ');
  return forbidden.length === 0 ? wanted : `(${wanted}) NOT scope : (${anyOf(forbidden)})`;
}

/**
 * Opens the store file `path` for searching. Readers see what was committed last and never wait for writers (WAL).
 * The dataset filter is part of the match, so the number of other teams' chunks costs next to nothing.
 */
export function openIndexReader(path: string): IndexReader {
  const db = new DatabaseSync(path, { readOnly: true });
  db.exec('PRAGMA busy_timeout = 2000; PRAGMA cache_size = -8000');
  const prepared = new Map<string, StatementSync>();
  const statement = (text: string): StatementSync => {
    const known = prepared.get(text) ?? db.prepare(text);
    prepared.set(text, known);
    return known;
  };
  const idsOf = (rows: Record<string, unknown>[]): string[] => rows.map((row) => String(row.id));

  return {
    search(query) {
      if (query.terms.length === 0 || query.collectionIds?.length === 0) return [];
      const datasets = idsOf(
        statement('SELECT id FROM datasets WHERE teamId = ? AND id IN (SELECT value FROM json_each(?))').all(
          query.teamId,
          JSON.stringify(query.datasetIds),
        ),
      );
      if (datasets.length === 0) return [];
      const forbidden = idsOf(
        statement(
          'SELECT id FROM collections WHERE teamId = ? AND forbid = 1 AND datasetId IN (SELECT value FROM json_each(?))',
        ).all(query.teamId, JSON.stringify(datasets)),
      );
      const match = matchExpression(
        datasets.map(datasetToken),
        forbidden.map(collectionToken),
        query.collectionIds?.map(collectionToken),
        query.terms,
      );
      const rows = statement(
        `SELECT r.dataId AS dataId, hit.score AS score
         FROM (SELECT rowid AS indexRow, -rank AS score FROM search_index
               WHERE search_index MATCH ? AND rank MATCH 'bm25(${weights})'
               ORDER BY rank LIMIT ?) AS hit
         JOIN search_rows AS r ON r.indexRow = hit.indexRow
         ORDER BY hit.score DESC, r.indexRow`,
      ).all(match, query.limit);
      return rows.map((row) => ({ dataId: String(row.dataId), score: Number(row.score) }));
    },
    close: () => db.close(),
  };
}
