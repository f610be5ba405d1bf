import type { ErrorName } from '@lectern/contract/errors.ts';
import type { Text } from '@lectern/contract/lang.ts';
import { diskRefusal } from '../kernel/disk-problem.ts';
import { AppError, fail } from '../kernel/errors.ts';

/** A statement or a commit that the engine refused. */
export class StoreError extends Error {
  /** SQLite's extended result code; 0 = none. */
  readonly errcode: number;
  /** Postgres' SQLSTATE; '' = none. */
  readonly sqlState: string;

  constructor(message: string, codes: { errcode?: number; sqlState?: string }) {
    super(message);
    this.name = 'StoreError';
    this.errcode = codes.errcode ?? 0;
    this.sqlState = codes.sqlState ?? '';
  }
}

/** The store cannot be opened, backed up or restored; the server or the command line prints both texts and ends. */
export class StoreStartError extends Error {
  readonly text: Text;

  constructor(text: Text, cause?: unknown) {
    super(text.en, { cause });
    this.name = 'StoreStartError';
    this.text = text;
  }
}

const sqliteUnique = [2067, 1555];
const postgresUnique = '23505';

/** Whether a row with the same unique value was already there. */
export function isUniqueViolation(error: unknown): boolean {
  return (
    error instanceof StoreError && (sqliteUnique.includes(error.errcode) || error.sqlState === postgresUnique)
  );
}

/** Seconds after which a caller may try again what the store could not do. */
const retryAfter = 2;

/** The store itself cannot work at the moment, whatever the statement says: 503 for the caller. */
export function storeUnavailable(cause: unknown): AppError {
  return diskRefusal(cause) ?? fail('storeUnavailable', { cause, retryAfter });
}

const ofTheStore = new Set<ErrorName>(['storeUnavailable', 'diskFull', 'diskReadOnly']);

/** Whether the store or a worker cannot work at the moment, so that the same may work later. */
export const isUnavailable = (thrown: unknown): boolean =>
  thrown instanceof AppError && ofTheStore.has(thrown.errorName);

/** Whether the store refused, so that nothing is wrong with what was asked and it may be asked again. */
export function isStoreTrouble(thrown: unknown): boolean {
  // Workers that die answer storeUnavailable too, but name no time: what killed them may do so again.
  return isUnavailable(thrown) && (thrown as AppError).details.retryAfter !== undefined;
}

/** Whether the store says that its own data is damaged: it will not get better by itself. */
export function isDamage(thrown: unknown): boolean {
  const cause = thrown instanceof AppError ? thrown.details.cause : thrown;
  const {
    errcode = 0,
    sqlState,
    code,
  } = (cause ?? {}) as { errcode?: number; sqlState?: string; code?: string };
  return [11, 26].includes(errcode & 0xff) || /^XX00[12]$/.test(sqlState || code || '');
}

const codesOfTheStoreItself: Record<number, string> = {
  5: 'busy: another process is writing',
  6: 'locked',
  7: 'out of memory',
  8: 'read-only',
  10: 'input/output error',
  11: 'corrupt',
  13: 'disk full',
  14: 'cannot open',
  15: 'lock protocol',
  26: 'not a database',
};

/** What is wrong with SQLite's store itself (full, read-only, corrupt…), or null when only the statement was wrong. */
export function storeFailure(errcode: number): string | null {
  return codesOfTheStoreItself[errcode & 0xff] ?? null;
}
