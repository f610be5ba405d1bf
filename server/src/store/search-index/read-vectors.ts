import { DatabaseSync } from 'node:sqlite';

/** What a search may look at. */
export interface VectorScope {
  /** Those of the datasets that belong to the team. */
  datasetIds: string[];
  /** Collections of theirs that no search may show. */
  forbidden: Set<string>;
}

/** A vector with what is known of it without its data item. */
export interface VectorRow {
  seq: number;
  collectionId: string;
  vector: Uint8Array;
}

/** A read-only look at the vectors, for the vector worker's own connection. */
export interface VectorReader {
  /** Everything that `read` asks is answered from one moment of the store. */
  atOnce<T>(read: () => T): T;
  scope(query: { teamId: string; datasetIds: string[] }): VectorScope;
  /** The latest number of a dataset; 0 = it has no vectors. */
  latest(datasetId: string): number;
  count(datasetId: string): number;
  /** The same of one model, which takes longer. */
  countOf(datasetId: string, model: string): number;
  /** Vectors of that model and length after a number, in the order of their numbers. */
  after(
    which: { datasetId: string; model: string; dimensions: number },
    seq: number,
    limit: number,
  ): VectorRow[];
  /** Every number of a dataset, in order. */
  numbers(datasetId: string): number[];
  /** The vectors of these numbers that are still there, with their data items. */
  rows(seqs: readonly number[]): { seq: number; dataId: string; vector: Uint8Array }[];
  close(): void;
}

/** Opens the store file for the vector worker. It sees what was committed last and never waits for writers (WAL). */
export function openVectorReader(path: string): VectorReader {
  const db = new DatabaseSync(path, { readOnly: true });
  db.exec('PRAGMA busy_timeout = 2000; PRAGMA cache_size = -8000');
  const datasets = db.prepare(
    'SELECT id FROM datasets WHERE teamId = ? AND deletedTime IS NULL AND id IN (SELECT value FROM json_each(?))',
  );
  const forbidden = db.prepare(
    'SELECT id FROM collections WHERE teamId = ? AND forbid = 1 AND datasetId IN (SELECT value FROM json_each(?))',
  );
  const latest = db.prepare('SELECT max(seq) AS seq FROM vectors WHERE datasetId = ?');
  const count = db.prepare('SELECT count(*) AS n FROM vectors WHERE datasetId = ?');
  const countOf = db.prepare('SELECT count(*) AS n FROM vectors WHERE datasetId = ? AND model = ?');
  const after = db.prepare(
    `SELECT seq, collectionId, vector FROM vectors
     WHERE datasetId = ? AND seq > ? AND model = ? AND dimensions = ? ORDER BY seq LIMIT ?`,
  );
  const numbers = db.prepare('SELECT seq FROM vectors WHERE datasetId = ? ORDER BY seq');
  numbers.setReturnArrays(true);
  const rows = db.prepare(
    'SELECT seq, dataId, vector FROM vectors WHERE seq IN (SELECT value FROM json_each(?))',
  );
  return {
    atOnce(read) {
      db.exec('BEGIN');
      try {
        return read();
      } finally {
        db.exec('COMMIT');
      }
    },
    scope({ teamId, datasetIds }) {
      const found = datasets.all(teamId, JSON.stringify(datasetIds)).map((row) => String(row.id));
      const closed = forbidden.all(teamId, JSON.stringify(found)).map((row) => String(row.id));
      return { datasetIds: found, forbidden: new Set(closed) };
    },
    latest: (datasetId) => Number(latest.get(datasetId)?.seq ?? 0),
    count: (datasetId) => Number(count.get(datasetId)?.n ?? 0),
    countOf: (datasetId, model) => Number(countOf.get(datasetId, model)?.n ?? 0),
    after: ({ datasetId, model, dimensions }, seq, limit) =>
      after.all(datasetId, seq, model, dimensions, limit) as unknown as VectorRow[],
    numbers: (datasetId) => (numbers.all(datasetId) as unknown as number[][]).map(([seq]) => Number(seq)),
    rows: (seqs) =>
      rows.all(JSON.stringify(seqs)) as unknown as { seq: number; dataId: string; vector: Uint8Array }[],
    close: () => db.close(),
  };
}
