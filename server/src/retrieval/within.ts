import { fail } from '../kernel/errors.ts';

/** Milliseconds that a search waits for a model before it goes on without it; somebody waits for its answer. */
export interface Patience {
  embedding: number;
  rerank: number;
}
export const patience: Patience = { embedding: 10_000, rerank: 15_000 };

/**
 * What the model answers within `ms`; fails with modelTimeout after that, also when the model does not look at its
 * signal, and with the reason of `signal` when that is aborted first.
 */
export async function within<T>(
  ms: number,
  model: string,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const late = new AbortController();
  const either = AbortSignal.any([signal, late.signal]);
  const stopped = Promise.withResolvers<never>();
  // Before the model hears of it: what it makes of the abort must not be the reason.
  either.addEventListener('abort', () => stopped.reject(either.reason), { once: true });
  const timer = setTimeout(() => {
    late.abort(fail('modelTimeout', { params: { model, seconds: ms / 1000 } }));
  }, ms);
  try {
    return await Promise.race([stopped.promise, Promise.try(() => call(either))]);
  } finally {
    clearTimeout(timer);
  }
}
