import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Bound } from '../bind.ts';
import type { Failure, Row } from './protocol.ts';

const statementsKept = 256;

interface Prepared {
  statement: StatementSync;
  /** Answers rows (SELECT, RETURNING, PRAGMA); others are only run. */
  reader: boolean;
}

/** One connection with its prepared statements, the least recently used of which are dropped. */
export class Connection {
  readonly db: DatabaseSync;
  private readonly prepared = new Map<string, Prepared>();

  constructor(db: DatabaseSync) {
    this.db = db;
  }

  /** Rows, and how many rows a statement without rows changed. */
  run(sql: string, parameters: readonly Bound[]): { rows: Row[]; changes: number } {
    const { statement, reader } = this.prepare(sql);
    if (reader) {
      const rows = statement.all(...parameters) as Row[];
      return { rows, changes: rows.length };
    }
    return { rows: [], changes: Number(statement.run(...parameters).changes) };
  }

  /** Outside of the statement cache: BEGIN, COMMIT and the like. */
  exec(sql: string): void {
    this.run(sql, []);
  }

  close(): void {
    this.prepared.clear();
    this.db.close();
  }

  private prepare(sql: string): Prepared {
    const known = this.prepared.get(sql);
    if (known !== undefined) {
      this.prepared.delete(sql);
      this.prepared.set(sql, known);
      return known;
    }
    const statement = this.db.prepare(sql);
    const made = { statement, reader: statement.columns().length > 0 };
    this.prepared.set(sql, made);
    if (this.prepared.size > statementsKept) {
      const oldest = this.prepared.keys().next().value;
      if (oldest !== undefined) this.prepared.delete(oldest);
    }
    return made;
  }
}

const cacheKib = 8 * 1024;

/** SQLite gives a new file to everybody who may read the directory; its log files take the mode of the file. */
function makeForOwner(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch {
    // One that is there keeps its mode, which its operator may have chosen; for the rest SQLite has better words.
  }
}

/** The connection that writes. Makes the file, for its owner alone; every commit is on disk before it returns. */
export function openWriter(path: string, busyMs: number): Connection {
  makeForOwner(path);
  const db = new DatabaseSync(path, { timeout: busyMs });
  db.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
    pragma cache_size = -${cacheKib}; pragma temp_store = memory; pragma journal_size_limit = 67108864`);
  return new Connection(db);
}

/** A second connection, so that reading never waits for a transaction. */
export function openReader(path: string, busyMs: number): Connection {
  const db = new DatabaseSync(path, { readOnly: true, timeout: busyMs });
  db.exec(`pragma cache_size = -${cacheKib}; pragma temp_store = memory`);
  return new Connection(db);
}

/** An error as it travels between threads. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error), errcode: 0 };
  return { message: error.message, errcode: 'errcode' in error ? Number(error.errcode) : 0 };
}

/** Whether another process was writing for longer than we wait. */
export function isBusy(error: unknown): boolean {
  return (toFailure(error).errcode & 0xff) === 5;
}
