import { AppError } from '../kernel/errors.ts';
import { ProviderFailure } from './openai-wire/failure.ts';

/** What kind of fault a call of a model met; the names are stored with the health of each model. */
export const failureKinds = [
  'dns',
  'refused',
  'tls',
  'forbidden',
  'network',
  'timeout',
  'auth',
  'notFound',
  'quota',
  'limit',
  'server',
  'request',
  'answer',
] as const;
export type FailureKind = (typeof failureKinds)[number];

/** The provider's failure behind an error, where there is one. */
export function providerFailureOf(error: unknown): ProviderFailure | undefined {
  if (error instanceof ProviderFailure) return error;
  return error instanceof AppError && error.cause instanceof ProviderFailure ? error.cause : undefined;
}

/** `undefined` for what is no fault of a provider or the way to it, such as a bug or a caller who left. */
export function failureKind(error: unknown): FailureKind | undefined {
  const failure = providerFailureOf(error);
  if (failure) return failure.status > 0 ? ofStatus(failure) : ofNetwork(failure);
  // Providers report an answer that they cannot read without an HTTP fault behind it.
  return error instanceof AppError && error.errorName === 'modelFailed' ? 'answer' : undefined;
}

function ofStatus({ status, code }: ProviderFailure): FailureKind {
  if (status < 300) return 'answer';
  if (status === 401 || status === 403) return 'auth';
  if (status === 404) return 'notFound';
  if (status === 402 || code === 'insufficient_quota') return 'quota';
  if (status === 429) return 'limit';
  if (status === 408) return 'timeout';
  // A redirect is not followed: the base URL is not that of a provider's interface.
  if (status < 400) return 'answer';
  return status >= 500 ? 'server' : 'request';
}

/** What providers call a fault that they report inside of a stream, where there is no status. */
const streamed: Record<string, FailureKind> = {
  authentication_error: 'auth',
  permission_error: 'auth',
  not_found_error: 'notFound',
  billing_error: 'quota',
  insufficient_quota: 'quota',
  rate_limit_error: 'limit',
  rate_limit_exceeded: 'limit',
  overloaded_error: 'server',
  api_error: 'server',
  server_error: 'server',
  invalid_request_error: 'request',
  request_too_large: 'request',
};

function ofNetwork({ timedOut, code = '' }: ProviderFailure): FailureKind {
  if (timedOut) return 'timeout';
  const known = streamed[code];
  if (known) return known;
  if (code === 'addressForbidden') return 'forbidden';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns';
  if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'refused';
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'timeout';
  if (/CERT|SELF_SIGNED|_SSL_|_TLS_|^EPROTO$|UNABLE_TO_VERIFY/.test(code)) return 'tls';
  return code ? 'network' : 'answer';
}

/**
 * Whether another channel may be tried: not when the request itself is at fault, which every channel would say. A
 * wrong credential or an unknown name is a fault of the channel, not of the request.
 */
export const isWorthAnother = (kind: FailureKind | undefined) => kind !== undefined && kind !== 'request';
