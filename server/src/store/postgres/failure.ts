import { AppError, fail } from '../../kernel/errors.ts';
import { StoreError, storeUnavailable } from '../errors.ts';

/** SQLSTATEs that say something about the server, the connection or the moment, not about the statement. */
const aboutTheStore = /^(08|53|58|57P|28|XX00[12]|3D000|25006|25P0[34]|40001|40P01|55P03|57014)/;

/** Only ids and names of callers are in indexes and have no short limit of their own. */
const tooLongForAnIndex = '54000';

interface DatabaseProblem extends Error {
  code?: string;
  severity?: string;
}

/** Postgres' SQLSTATE, when the server said something at all. */
function sqlStateOf(error: DatabaseProblem): string | undefined {
  return error.severity !== undefined && /^[0-9A-Z]{5}$/.test(error.code ?? '') ? error.code : undefined;
}

/** A prepared statement whose table another process has changed since: it works again in a new session. */
const isOutdated = (error: DatabaseProblem): boolean =>
  error.code === '0A000' && error.message.includes('cached plan');

/** Whether the session is of no use any more: the server ended it, nobody answers, or what it prepared is outdated. */
export function endsSession(thrown: unknown): boolean {
  const error = thrown as DatabaseProblem;
  return (
    sqlStateOf(error) === undefined ||
    isOutdated(error) ||
    error.severity === 'FATAL' ||
    error.severity === 'PANIC'
  );
}

/** What a library threw, as our own errors. */
export function toStoreFailure(thrown: unknown): Error {
  if (thrown instanceof AppError || thrown instanceof StoreError) return thrown;
  const error = thrown instanceof Error ? (thrown as DatabaseProblem) : new Error(String(thrown));
  const sqlState = sqlStateOf(error);
  if (sqlState === undefined || endsSession(error) || aboutTheStore.test(sqlState)) {
    return storeUnavailable(error);
  }
  if (sqlState === tooLongForAnIndex) {
    const details = {
      en: 'an id or a name is too long for the database (about 2,600 bytes)',
      zh: '某个 id 或名称超出数据库的长度限制（约 2600 字节）',
    };
    return fail('validation', { params: { details }, cause: error });
  }
  return new StoreError(error.message, { sqlState });
}

/** Two transactions were in each other's way and this one was undone: doing it again is safe. */
export function isConflict(thrown: unknown): boolean {
  const cause = thrown instanceof AppError ? thrown.details.cause : thrown;
  return ['40001', '40P01'].includes((cause as DatabaseProblem | undefined)?.code ?? '');
}
