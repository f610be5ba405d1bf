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

/**
 * Up to so many collections are part of the match, so that nothing else is ranked; each costs a walk through its
 * entries, and beyond some hundreds looking hits up is quicker (5,000 collections of 20 items).
 */
const collectionsInMatch = 200;

function matchExpression(scopes: string[], collections: string[] | undefined, terms: string[]): string {
  const parts = [`scope : (${anyOf(scopes)})`];
  if (collections) parts.push(`scope : (${anyOf(collections)})`);
  parts.push(`{title body exact} : (${anyOf(terms)})`);
  return parts.join(' AND ');
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
      const only = query.collectionIds;
      const few = only && only.length <= collectionsInMatch;
      const match = matchExpression(
        datasets.map(datasetToken),
        few ? only.map(collectionToken) : undefined,
        query.terms,
      );
      // The hits come in the order of their rank and are looked up one by one until there are enough.
      const lists = [
        { sql: 'AND r.collectionId IN (SELECT value FROM json_each(?))', ids: few ? [] : (only ?? []) },
        { sql: 'AND r.collectionId NOT IN (SELECT value FROM json_each(?))', ids: forbidden },
      ].filter(({ ids }) => ids.length > 0);
      const rows = statement(
        `SELECT r.dataId AS dataId, -s.rank AS score
         FROM search_index AS s CROSS JOIN search_rows AS r ON r.indexRow = s.rowid
         WHERE s.search_index MATCH ? AND s.rank MATCH 'bm25(${weights})' ${lists.map((list) => list.sql).join(' ')}
         ORDER BY s.rank LIMIT ?`,
      ).all(match, ...lists.map(({ ids }) => JSON.stringify(ids)), query.limit);
      return rows
        .map((row) => ({ dataId: String(row.dataId), score: Number(row.score) }))
        .sort((a, b) => b.score - a.score);
    },
    close: () => db.close(),
  };
}
