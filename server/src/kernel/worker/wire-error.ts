import type { ErrorName } from '@lectern/contract/errors.ts';
import { AppError, type ErrorDetails, fail } from '../errors.ts';

/** An error as it crosses the thread border: errors of the catalogue keep their name and parameters. */
export interface WireError {
  errorName?: ErrorName;
  params?: NonNullable<ErrorDetails['params']>;
  /** For the log. */
  message: string;
}

export function packError(error: unknown): WireError {
  if (error instanceof AppError) {
    const { params } = error.details;
    return { errorName: error.errorName, message: error.message, ...(params ? { params } : {}) };
  }
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** An error of the catalogue again, or a plain one for what is a bug. */
export function unpackError(error: WireError): Error {
  return error.errorName
    ? fail(error.errorName, error.params ? { params: error.params } : {})
    : new Error(error.message);
}
