import type { Bound } from '../bind.ts';

/*
 * What the main thread and the store worker say to each other. Tuples rather than objects: this is copied on
 * every query. Each message is an array of them, because requests of one tick travel together.
 */

export type Row = Record<string, Bound>;
export type Statement = [sql: string, parameters: readonly Bound[]];

export const Op = {
  /** One SELECT, never waits for a transaction. */
  read: 0,
  /** SELECTs on one snapshot. */
  readBatch: 1,
  write: 2,
  /** All or none. */
  writeBatch: 3,
  begin: 4,
  /** One statement inside the transaction `tx`. */
  inside: 5,
  commit: 6,
  rollback: 7,
  close: 8,
} as const;
export type Op = (typeof Op)[keyof typeof Op];

/** `tx` is 0 outside of transactions. */
export type Request = [id: number, op: Op, tx: number, body: Statement | Statement[] | null];

export interface Failure {
  message: string;
  /** SQLite's extended result code; 0 = not from SQLite. */
  errcode: number;
}

/** `rows` is a list of lists for batches; `value` counts changed rows, or is the number of a new transaction. */
export type Reply =
  | [id: number, ok: true, rows: Row[] | Row[][], value: number]
  | [id: number, ok: false, failure: Failure];

export interface WorkerSettings {
  path: string;
  /** Longest pause between two statements of a transaction, in milliseconds. */
  idleTransactionMs: number;
  /** Longest wait for another process that writes, in milliseconds. */
  busyMs: number;
}

/** The first message of the worker. */
export type Greeting = { ready: true } | { ready: false; failure: Failure };
