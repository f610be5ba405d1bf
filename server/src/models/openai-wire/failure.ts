import type { Text } from '@lectern/contract/lang.ts';
import { AppError, fail } from '../../kernel/errors.ts';

/** A refusal or fault of a provider, before it is decided whether to try again. */
export class ProviderFailure extends Error {
  /** A plain text is the provider's own words, which nobody translates. */
  readonly words: Text | string;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly retryable: boolean;
  readonly timedOut: boolean;
  /** From Retry-After, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The network's or the provider's own word for the fault, such as ECONNREFUSED. */
  readonly code: string | undefined;

  constructor(
    words: Text | string,
    facts: {
      status?: number;
      retryable: boolean;
      timedOut?: boolean;
      retryAfterMs?: number;
      code?: string;
      cause?: unknown;
    },
  ) {
    super(typeof words === 'string' ? words : words.en, { cause: facts.cause });
    this.name = 'ProviderFailure';
    this.words = words;
    this.status = facts.status ?? 0;
    this.retryable = facts.retryable;
    this.timedOut = facts.timedOut ?? false;
    this.retryAfterMs = facts.retryAfterMs;
    this.code = facts.code;
  }
}

type Headers = Record<string, string | string[] | undefined>;

/** An answer with a status of 400 or more. */
export function refusal(
  status: number,
  headers: Headers,
  body: string,
  secrets: readonly string[],
): ProviderFailure {
  const { message, code } = readError(body);
  const used = code === 'insufficient_quota';
  // Gemini writes it into the body: details: [{'@type': '…RetryInfo', retryDelay: '34s'}].
  const inBody = /"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"/.exec(body)?.[1];
  const words = message ? `: ${redact(message, secrets)}` : '';
  return new ProviderFailure(`HTTP ${status}${words}`, {
    status,
    retryable: !used && (status === 429 || status === 408 || (status >= 500 && status !== 501)),
    retryAfterMs: retryAfter(headers) ?? (inBody === undefined ? undefined : Number(inBody) * 1000),
    code,
  });
}

const unexplained: Text = { en: 'the provider reported an error', zh: '模型服务报告了错误' };
const notInTime: Text = { en: 'no answer in time', zh: '未及时响应' };
const closed: Text = { en: 'the provider closed the connection', zh: '模型服务关闭了连接' };

/** Codes of errors that the same request meets again. */
const lasting = new Set([
  'insufficient_quota',
  'invalid_request_error',
  'authentication_error',
  'permission_error',
  'billing_error',
  'not_found_error',
  'request_too_large',
]);

/** An error object inside a stream that began with status 200. */
export function streamedError(error: unknown, secrets: readonly string[]): ProviderFailure {
  const { message, code } = readError(JSON.stringify({ error }));
  const status = Number(code);
  const words = message ? redact(message, secrets) : unexplained;
  return new ProviderFailure(words, {
    code,
    ...(status >= 400 && status < 600 && { status }),
    retryable: !(status >= 400 && status < 500 && status !== 429) && !lasting.has(code),
  });
}

/**
 * A fault of the network, in words that name no address and no secret. `undefined` for anything else: network errors
 * carry a code, and a mistake of ours must not be reported as the provider's.
 */
export function networkFault(error: unknown): ProviderFailure | undefined {
  const refused = forbidden(error);
  if (refused) return refused;
  const code = codeOf(error);
  if (code === undefined) return undefined;
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
    return new ProviderFailure(notInTime, { retryable: false, timedOut: true, code, cause: error });
  }
  const unreachable = {
    en: `the provider could not be reached (${code})`,
    zh: `无法连接模型服务（${code}）`,
  };
  const words = code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' ? closed : unreachable;
  return new ProviderFailure(words, { retryable: true, code, cause: error });
}

/** An address that the guard refused, which anybody who configures a channel can cause. */
function forbidden(error: unknown): ProviderFailure | undefined {
  if (!(error instanceof AppError) || error.errorName !== 'addressForbidden') return undefined;
  const { reason = '', url = '' } = error.details.params ?? {};
  const why = typeof reason === 'object' ? reason : { en: String(reason), zh: String(reason) };
  const words = {
    en: `the address ${url} is not allowed: ${why.en}. If it is meant, the user root can trust its origin (POST /api/core/ai/trustedOrigin)`,
    zh: `不允许访问地址 ${url}：${why.zh}。如确需使用，请 root 用户将其来源设为可信（POST /api/core/ai/trustedOrigin）`,
  };
  return new ProviderFailure(words, { retryable: false, code: 'addressForbidden', cause: error });
}

function codeOf(error: unknown): string | undefined {
  let current = error;
  for (let depth = 0; current instanceof Error && depth < 5; depth++) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return undefined;
}

/** How long a provider is left alone that has enough and does not say for how long. */
const unsaidPauseMs = 20_000;

/** Whether it is enough for now, as against for good: an account without money is no matter of waiting. */
const isLimit = ({ status, retryable, retryAfterMs }: ProviderFailure) =>
  retryable && (status === 429 || ((status === 503 || status === 529) && retryAfterMs !== undefined));

/** What the caller of a model gets. SDKs must not repeat what was already repeated here. */
export function toAppError(failure: ProviderFailure, model: string, timeoutMs: number): AppError {
  const headers = { 'x-should-retry': 'false' };
  if (failure.timedOut) {
    return fail('modelTimeout', {
      params: { model, seconds: Math.ceil(timeoutMs / 1000) },
      headers,
      cause: failure,
    });
  }
  return fail('modelFailed', {
    params: { model, details: failure.words },
    headers,
    cause: failure,
    ...(isLimit(failure) && { retryAfter: Math.ceil((failure.retryAfterMs ?? unsaidPauseMs) / 1000) }),
    ...(failure.status > 0 && { upstreamStatus: failure.status }),
  });
}

/** An answer that would fill the memory. */
export function tooLarge(): ProviderFailure {
  return new ProviderFailure({ en: 'the answer is too large', zh: '响应过大' }, { retryable: false });
}

/** Finds the text of an error body: OpenAI's shape, plain `message`/`detail`, or short plain text. */
function readError(body: string): { message: string; code: string } {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    // A proxy's HTML page says nothing that its status does not.
    return { message: /^\s*</.test(body) ? '' : body.trim(), code: '' };
  }
  const outer = record(Array.isArray(value) ? value[0] : value);
  const error = outer.error;
  const inner = record(error);
  const message = [inner.message, error, outer.message, outer.detail, inner.code].find(
    (m) => typeof m === 'string',
  );
  return {
    message: typeof message === 'string' ? message : '',
    code: String(inner.code ?? inner.type ?? ''),
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** Removes keys, tokens and credentials in addresses, and shortens. Providers do repeat the key they were sent. */
function redact(text: string, secrets: readonly string[]): string {
  let out = text;
  for (const secret of secrets) if (secret.length >= 4) out = out.replaceAll(secret, '[removed]');
  out = out
    .replace(/\b(?:sk|pk|rk|key|fastgpt|gsk|xai|AIza)[-_][\w*.-]{4,}/gi, '[removed]')
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=*-]+/gi, '$1 [removed]')
    .replace(/(\w+:\/\/)[^\s/@]+@/g, '$1')
    .replace(/([?&](?:key|api[-_]?key|token|secret|password)=)[^&\s]+/gi, '$1[removed]')
    .replace(/\s+/g, ' ')
    .trim();
  return out.length > 500 ? `${out.slice(0, 499)}…` : out;
}

function retryAfter(headers: Headers): number | undefined {
  const ms = Number(headers['retry-after-ms']);
  if (headers['retry-after-ms'] !== undefined && ms >= 0) return ms;
  const value = headers['retry-after'];
  if (typeof value !== 'string') return undefined;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
