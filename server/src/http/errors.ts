import { errors, openAiCode } from '@lectern/contract/errors.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import { diskRefusal, isDiskProblem } from '../kernel/disk-problem.ts';
import { AppError, fail } from '../kernel/errors.ts';

/** An error as the caller sees it: true status, headers, and FastGPT's envelope (ruling 3). */
export interface RenderedError {
  status: number;
  headers: Record<string, string>;
  body: {
    code: number;
    statusText: string;
    message: string;
    data: null;
    zodError?: unknown;
    reasons?: { name: string; message: string }[];
    error?: { message: string; type: string; param: string | null; code: string | number };
  };
}

/** Turns whatever was thrown into an `AppError`; what is not one of ours is a bug and says only its request id. */
export function asAppError(thrown: unknown, requestId: string, limit: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const known = thrown as { code?: string; statusCode?: number; message?: string } | null;
  if (known?.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return fail('bodyTooLarge', { params: { limit } });
  if (known?.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return fail('unsupportedMediaType', { params: { given: 'of this request', wanted: 'application/json' } });
  }
  if (known?.statusCode === 400) {
    return fail('malformedJson', { params: { details: String(known.message ?? '').slice(0, 200) } });
  }
  if (isDiskProblem(thrown))
    return diskRefusal(thrown) ?? fail('storeUnavailable', { cause: thrown, retryAfter: 5 });
  return fail('internal', { params: { requestId }, cause: thrown });
}

/** Writes an error down for the wire. With `openai` it carries OpenAI's `error` object as well. */
export function renderError(error: AppError, lang: Lang, openai: boolean): RenderedError {
  const spec = errors[error.errorName];
  const message = error.text(lang);
  const headers: Record<string, string> = { ...error.details.headers };
  if (error.details.retryAfter !== undefined)
    headers['retry-after'] = String(Math.ceil(error.details.retryAfter));
  if (openai && (spec.status === 409 || spec.type === 'insufficient_quota'))
    headers['x-should-retry'] = 'false';
  return {
    status: spec.status,
    headers,
    body: {
      code: spec.code,
      statusText: spec.statusText,
      message,
      data: null,
      ...(error.details.problems && { zodError: error.details.problems }),
      ...(error.details.reasons && {
        reasons: error.details.reasons.map(({ name, text }) => ({ name, message: text[lang] })),
      }),
      ...(openai && {
        error: {
          message,
          type: spec.type,
          param: error.details.param || null,
          code: openAiCode(error.errorName),
        },
      }),
    },
  };
}
