import type { ErrorName } from '@lectern/contract/errors.ts';
import { isDiskProblem } from '../kernel/disk-problem.ts';
import { AppError, fail } from '../kernel/errors.ts';
import { storeUnavailable } from '../store/errors.ts';

/** Whose fault a failure is: the user's file, the model, a limit of the provider, or ours. */
export type JobCause = 'file' | 'model' | 'limit' | 'bug';

/** What a person is told about a failed job; the JSON of the column `error`. */
export interface JobError {
  name: ErrorName;
  en: string;
  zh: string;
  /** With which another server refused. */
  status?: number;
}

/** Thrown when a job is through, and some of its items failed for good. */
export class ItemsFailed extends AppError {
  readonly jobCause: JobCause;

  constructor(count: number, last: { error: JobError; cause: JobCause }) {
    const { en, zh, status } = last.error;
    super('trainingFailed', {
      params: { count, details: { en, zh } },
      ...(status !== undefined && { upstreamStatus: status }),
    });
    this.jobCause = last.cause;
  }
}

/** What becomes of something thrown in a job. */
export interface JobFailure {
  error: JobError;
  cause: JobCause;
  /** Whether the same input may succeed later. */
  retry: boolean;
  /** Not before, in milliseconds from now, when the other side said so. */
  retryAfterMs: number;
}

const causes: Partial<Record<ErrorName, JobCause>> = {
  fileUnreadable: 'file',
  archiveBroken: 'file',
  fileEmpty: 'file',
  csvHeaderMissing: 'file',
  noTextFound: 'file',
  noTextRecognised: 'file',
  ocrOff: 'file',
  fileEncrypted: 'file',
  fileFormatUnknown: 'file',
  addressForbidden: 'file',
  addressAnswered: 'file',
  apiServerFailed: 'file',
  noApiServer: 'file',
  noWebsite: 'file',
  robotsForbid: 'file',
  siteElsewhere: 'file',
  addressTooLarge: 'file',
  addressFailed: 'file',
  selectorInvalid: 'file',
  selectorUnmatched: 'file',
  tooManyItems: 'file',
  backupFailed: 'file',
  modelFailed: 'model',
  modelTimeout: 'model',
  modelNotFound: 'model',
  languageModelNeeded: 'model',
  visionModelNeeded: 'model',
  embeddingMismatch: 'model',
  embeddingRefused: 'model',
  embeddingRefusesAll: 'model',
  tooManyRequests: 'limit',
};

/** Sorts what a handler threw. `jobId` is what the user can tell the operator when it is a bug. */
export function toFailure(thrown: unknown, jobId: string): JobFailure {
  const known = asKnown(thrown, jobId);
  const { retryAfter } = known.details;
  const limited = known.errorName === 'modelFailed' && retryAfter !== undefined;
  const own = thrown instanceof ItemsFailed ? thrown.jobCause : undefined;
  const cause = limited ? 'limit' : (own ?? causes[known.errorName] ?? 'bug');
  // The objects and texts that a 4xx complains about are the same next time; only a limit passes.
  const lasting = known.status < 500 && known.status !== 429;
  return {
    error: toJobError(known),
    cause,
    // Another server that did not answer may do so later.
    retry: ['addressFailed', 'apiServerFailed'].includes(known.errorName) || (cause !== 'file' && !lasting),
    retryAfterMs: (retryAfter ?? 0) * 1000,
  };
}

function asKnown(thrown: unknown, jobId: string): AppError {
  if (thrown instanceof AppError) return thrown;
  return isDiskProblem(thrown)
    ? storeUnavailable(thrown)
    : fail('internal', { params: { requestId: jobId } });
}

/** The text in both languages, for whoever looks at the job later. */
export function toJobError(error: AppError): JobError {
  const { upstreamStatus: status } = error.details;
  return {
    name: error.errorName,
    en: error.text('en'),
    zh: error.text('zh'),
    ...(status !== undefined && { status }),
  };
}
