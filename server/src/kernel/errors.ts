import { type ErrorName, errors, fill } from '@lectern/contract/errors.ts';
import type { Lang, Text } from '@lectern/contract/lang.ts';

/** One invalid field: the path inside the input and what is wrong with it. */
export interface FieldProblem {
  path: (string | number)[];
  message: string;
  code: string;
  expected?: string;
}

/** What a failure carries beside its name. */
export interface ErrorDetails {
  /** Values for the `{placeholders}` of the catalogue's text; words of a language as a `Text`. Never a secret. */
  params?: Record<string, string | number | Text>;
  /** For the log only. */
  cause?: unknown;
  problems?: FieldProblem[];
  /** Why, one by one: a name for programs and words for people. */
  reasons?: readonly { name: string; text: Text }[];
  /** Seconds, for `Retry-After`. */
  retryAfter?: number;
  /** The HTTP status with which another server refused what was asked of it. */
  upstreamStatus?: number;
  /** Extra response headers. */
  headers?: Record<string, string>;
  /** OpenAI's `error.param`. */
  param?: string;
  /** The finished text, when it was composed for the caller's language before. */
  message?: string;
}

/** A failure with a name of the catalogue. Everything else that is thrown is a bug and answers 500. */
export class AppError extends Error {
  readonly errorName: ErrorName;
  readonly details: ErrorDetails;

  constructor(errorName: ErrorName, details: ErrorDetails = {}) {
    super(textOf(errorName, details, 'en'), { cause: details.cause });
    this.name = 'AppError';
    this.errorName = errorName;
    this.details = details;
  }

  get status(): number {
    return errors[this.errorName].status;
  }

  /** The text for a person. */
  text(lang: Lang): string {
    return textOf(this.errorName, this.details, lang);
  }
}

function textOf(errorName: ErrorName, details: ErrorDetails, lang: Lang): string {
  if (details.message !== undefined) return details.message;
  const params = Object.entries(details.params ?? {}).map(([key, value]) => [
    key,
    typeof value === 'object' ? value[lang] : value,
  ]);
  return fill(errors[errorName].message[lang], Object.fromEntries(params));
}

/** Short for `new AppError`, so that `throw fail('appNotFound')` reads as a sentence. */
export function fail(errorName: ErrorName, details?: ErrorDetails): AppError {
  return new AppError(errorName, details);
}
