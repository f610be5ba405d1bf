import type { CompiledQuery } from 'kysely';
import type { Logger } from '../../kernel/logger.ts';
import type { Store } from '../../store/ports.ts';
import { createKeyRates, type RateAnswer } from './rates.ts';

/**
 * Last use, points and request rates of keys. Use and points are kept in memory and written every few seconds in one
 * batch, so that using a key costs no write. What this process has not written yet still counts against a budget;
 * what another one has not is seen when it is written.
 */
export interface KeyUsage {
  /** Notes that the key was used now; `replaced` says by the key string that the last rotation replaced. */
  touch(keyId: string, replaced?: boolean): void;
  addPoints(keyId: string, points: number): void;
  /** What the store does not show yet. */
  pending(keyId: string): Collected;
  /** Counts one request in the key's current minute; refuses the ones above `perMinute`. */
  countRequest(keyId: string, perMinute: number): Promise<RateAnswer>;
  /** Writes what has collected; what could not be written stays for the next time. */
  flush(): Promise<void>;
  /** Writes the rest and ends the timer. */
  stop(): Promise<void>;
}

/** How often use and points are written, in milliseconds: so long may they be unknown to other processes. */
export const usageFlushMs = 5_000;

interface Collected {
  points: number;
  lastUsedTime: number | undefined;
  /** Of the key string that was replaced. */
  previousUsedTime: number | undefined;
}

const nothing: Collected = { points: 0, lastUsedTime: undefined, previousUsedTime: undefined };

/** Puts later use onto earlier. */
const together = (earlier: Collected = nothing, later: Collected = nothing): Collected => ({
  points: earlier.points + later.points,
  lastUsedTime: later.lastUsedTime ?? earlier.lastUsedTime,
  previousUsedTime: later.previousUsedTime ?? earlier.previousUsedTime,
});

function add(map: Map<string, Collected>, keyId: string, use: Collected): void {
  map.set(keyId, together(map.get(keyId), use));
}

function updatesOf(store: Store, collected: Map<string, Collected>): CompiledQuery[] {
  return [...collected].map(([keyId, { points, lastUsedTime, previousUsedTime }]) =>
    store.db
      .updateTable('api_keys')
      .set((eb) => ({
        usagePoints: eb('usagePoints', '+', points),
        ...(lastUsedTime !== undefined && { lastUsedTime }),
        ...(previousUsedTime !== undefined && { previousUsedTime }),
      }))
      .where('id', '=', keyId)
      .compile(),
  );
}

/** Starts collecting; `stop` before the store closes. */
export function createKeyUsage(options: {
  store: Store;
  log: Logger;
  clock?: () => number;
  intervalMs?: number;
}): KeyUsage {
  const { store, log, clock = Date.now } = options;
  let collecting = new Map<string, Collected>();
  // While a batch is on its way its points still count: the store may not show them yet.
  let writing = new Map<string, Collected>();
  let running: Promise<void> | undefined;
  const rates = createKeyRates(store, clock);

  const write = async () => {
    writing = collecting;
    collecting = new Map();
    try {
      await store.batch(updatesOf(store, writing));
    } catch (error) {
      for (const [keyId, use] of collecting) add(writing, keyId, use);
      collecting = writing;
      log.warn({ err: error }, 'key usage could not be written; it is kept for the next time');
    } finally {
      writing = new Map();
    }
  };

  const flush = async () => {
    while (running) await running;
    rates.forgetOld();
    if (collecting.size === 0) return;
    running = write().finally(() => {
      running = undefined;
    });
    await running;
  };

  const timer = setInterval(() => void flush(), options.intervalMs ?? usageFlushMs);
  timer.unref();

  return {
    touch(keyId, replaced = false) {
      const time = clock();
      add(collecting, keyId, { ...nothing, lastUsedTime: time, ...(replaced && { previousUsedTime: time }) });
    },
    addPoints: (keyId, points) => add(collecting, keyId, { ...nothing, points }),
    pending: (keyId) => together(writing.get(keyId), collecting.get(keyId)),
    countRequest: rates.count,
    flush,
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}
