import type { Bound } from '../bind.ts';

/** What a statement answered. `command` is Postgres' own word for what was done: INSERT, COMMIT, ROLLBACK … */
export interface Answer {
  rows: Record<string, unknown>[];
  count: number;
  command: string;
}

/**
 * One session of a Postgres, whatever library speaks to it. Statements may be asked for without waiting for earlier
 * ones: they run in the order of the calls. Rejects with StoreError when the statement is wrong, with
 * storeUnavailable when the store is.
 */
export interface Session {
  /** `name` keeps the statement prepared in the session; it must always mean the same text. */
  query(sql: string, parameters: readonly Bound[], name?: string): Promise<Answer>;
  /** Gives the session back; one that lost its connection or is inside a transaction is thrown away. */
  release(): void;
}

/** Where sessions come from. */
export interface Sessions {
  /** Waits for a free one, but not for long: then rejects with storeUnavailable. */
  acquire(): Promise<Session>;
  /** Resolves when all sessions are closed. */
  close(): Promise<void>;
}
