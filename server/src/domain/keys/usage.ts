import type { CompiledQuery } from 'kysely';
import type { Logger } from '../../kernel/logger.ts';
import type { Store } from '../../store/ports.ts';

/** What a rate limit says about one request. */
export interface RateAnswer {
  allowed: boolean;
  remaining: number;
  /** Seconds until the window ends. */
  resetSeconds: number;
}

/**
 * Last use, points and request rates of keys. Kept in memory and written every few seconds in one batch, so that
 * using a key costs no write. What is not written yet still counts against a budget.
 */
export interface KeyUsage {
  /** Notes that the key was used now. */
  touch(keyId: string): void;
  addPoints(keyId: string, points: number): void;
  /** What the store does not show yet. */
  pending(keyId: string): { points: number; lastUsedTime: number | undefined };
  /** Counts one request in the key's current minute; refuses the ones above `perMinute`. */
  countRequest(keyId: string, perMinute: number): RateAnswer;
  /** Writes what has collected; what could not be written stays for the next time. */
  flush(): Promise<void>;
  /** Writes the rest and ends the timer. */
  stop(): Promise<void>;
}

/** The window of the limit of requests, in seconds. */
export const rateWindowSeconds = 60;

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
  const windows = new Map<string, { start: number; count: number }>();

  const forgetOldWindows = () => {
    const oldest = clock() - rateWindowSeconds * 1000;
    for (const [keyId, { start }] of windows) if (start <= oldest) windows.delete(keyId);
  };

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
    forgetOldWindows();
    if (collecting.size === 0) return;
    running = write().finally(() => {
      running = undefined;
    });
    await running;
  };

  const timer = setInterval(() => void flush(), options.intervalMs ?? 5000);
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
    countRequest(keyId, perMinute) {
      const now = clock();
      let window = windows.get(keyId);
      if (!window || now - window.start >= rateWindowSeconds * 1000) {
        window = { start: now, count: 0 };
        windows.set(keyId, window);
      }
      window.count += 1;
      return {
        allowed: window.count <= perMinute,
        remaining: Math.max(0, perMinute - window.count),
        resetSeconds: Math.max(1, Math.ceil((window.start + rateWindowSeconds * 1000 - now) / 1000)),
      };
    },
    flush,
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}
