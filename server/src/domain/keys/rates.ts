import { storeTime } from '../../store/clock.ts';
import type { Store } from '../../store/ports.ts';

/** What a rate limit says about one request. */
export interface RateAnswer {
  allowed: boolean;
  remaining: number;
  /** Seconds until the window ends. */
  resetSeconds: number;
}

/** The window of the limit of requests, in seconds. */
export const rateWindowSeconds = 60;
const windowMs = rateWindowSeconds * 1000;

/** Counts requests of keys; a key's minute begins with the first request after the last one ended. */
export interface KeyRates {
  /** Counts one request; refuses the ones above `perMinute`. */
  count(keyId: string, perMinute: number): Promise<RateAnswer>;
  /** Lets go of minutes that are over. */
  forgetOld(): void;
}

/**
 * Where several processes may share the store, the count is there, one write per request of a key that has a limit;
 * the one server of an embedded store counts in memory.
 */
export function createKeyRates(store: Store, clock: () => number): KeyRates {
  return store.engine === 'postgres' ? storedRates(store) : ratesInMemory(clock);
}

function answer(count: number, perMinute: number, restMs: number): RateAnswer {
  return {
    allowed: count <= perMinute,
    remaining: Math.max(0, perMinute - count),
    resetSeconds: Math.max(1, Math.ceil(restMs / 1000)),
  };
}

function ratesInMemory(clock: () => number): KeyRates {
  const windows = new Map<string, { start: number; count: number }>();
  return {
    async count(keyId, perMinute) {
      const now = clock();
      let window = windows.get(keyId);
      if (!window || now - window.start >= windowMs) {
        window = { start: now, count: 0 };
        windows.set(keyId, window);
      }
      window.count += 1;
      return answer(window.count, perMinute, window.start + windowMs - now);
    },
    forgetOld() {
      const oldest = clock() - windowMs;
      for (const [keyId, { start }] of windows) if (start <= oldest) windows.delete(keyId);
    },
  };
}

/** By the store's clock, so that processes agree on the minute. A row goes with its key. */
function storedRates(store: Store): KeyRates {
  const now = storeTime(store);
  return {
    async count(keyId, perMinute) {
      const row = await store.db
        .insertInto('key_rates')
        .values({ keyId, count: 1, windowStart: now })
        .onConflict((oc) =>
          oc.column('keyId').doUpdateSet((eb) => {
            const over = eb('key_rates.windowStart', '<=', eb(now, '-', windowMs));
            return {
              count: eb
                .case()
                .when(over)
                .then(1)
                .else(eb('key_rates.count', '+', 1))
                .end(),
              windowStart: eb.case().when(over).then(now).else(eb.ref('key_rates.windowStart')).end(),
            };
          }),
        )
        .returning(['count', 'windowStart', now.as('now')])
        .executeTakeFirstOrThrow();
      return answer(Number(row.count), perMinute, Number(row.windowStart) + windowMs - Number(row.now));
    },
    forgetOld: () => undefined,
  };
}
