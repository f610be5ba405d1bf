import { setTimeout as sleep } from 'node:timers/promises';
import { networkFault, ProviderFailure } from './failure.ts';

/** How often and how patiently a call is repeated. */
export interface RetryPolicy {
  /** Calls at most, the first included. */
  attempts: number;
  /** First pause in milliseconds; doubles each time, up to 25 % are random. */
  pauseMs: number;
  /** A longer Retry-After is not waited for: the failure is reported at once. */
  longestPauseMs: number;
}

export const defaultRetry: RetryPolicy = { attempts: 3, pauseMs: 400, longestPauseMs: 20_000 };

/**
 * Runs `attempt` until it succeeds, is not worth repeating, or `mayRetry()` says that something has already reached
 * the caller. Rejects with ProviderFailure, the signal's reason,
 * or as it is with what is no fault of the provider or the network.
 */
export async function withRetry<T>(
  policy: RetryPolicy,
  signal: AbortSignal,
  mayRetry: () => boolean,
  attempt: (number: number) => Promise<T>,
): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await attempt(n);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const failure = error instanceof ProviderFailure ? error : networkFault(error);
      if (!failure) throw error;
      const pause = failure.retryAfterMs ?? policy.pauseMs * 2 ** (n - 1) * (1 + Math.random() / 4);
      if (!failure.retryable || !mayRetry() || n >= policy.attempts || pause > policy.longestPauseMs)
        throw failure;
      await sleep(pause, undefined, { signal, ref: false }).catch(() => {
        throw signal.reason;
      });
    }
  }
}
