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
  /** Notes that the key was used now. */
  touch(keyId: string): void;
  addPoints(keyId: string, points: number): void;
  /** What the store does not show yet. */
  pending(keyId: string): { points: number; lastUsedTime: number | undefined };
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
}

function add(map: Map<string, Collected>, keyId: string, points: number, time: number | undefined): void {
  const known = map.get(keyId) ?? { points: 0, lastUsedTime: undefined };
  known.points += points;
  known.lastUsedTime = time ?? known.lastUsedTime;
  map.set(keyId, known);
}

function updatesOf(store: Store, collected: Map<string, Collected>): CompiledQuery[] {
  return [...collected].map(([keyId, { points, lastUsedTime }]) =>
    store.db
      .updateTable('api_keys')
      .set((eb) => ({
        usagePoints: eb('usagePoints', '+', points),
        ...(lastUsedTime !== undefined && { lastUsedTime }),
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
      for (const [keyId, { points, lastUsedTime }] of collecting) add(writing, keyId, points, lastUsedTime);
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
    touch: (keyId) => add(collecting, keyId, 0, clock()),
    addPoints: (keyId, points) => add(collecting, keyId, points, undefined),
    pending(keyId) {
      const now = collecting.get(keyId);
      const before = writing.get(keyId);
      return {
        points: (now?.points ?? 0) + (before?.points ?? 0),
        lastUsedTime: now?.lastUsedTime ?? before?.lastUsedTime,
      };
    },
    countRequest: rates.count,
    flush,
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}
