import { setTimeout as pause } from 'node:timers/promises';
import { isConflict } from './failure.ts';

const tries = 4;

/**
 * Runs work that Postgres undoes as a whole when it meets another transaction (deadlock, serialization), and does it
 * again when that happened. Only for work that has no effects outside of the store.
 */
export async function retryConflicts<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await work();
    } catch (thrown) {
      if (tried === tries || !isConflict(thrown)) throw thrown;
    }
    await pause(Math.random() * 20 * 2 ** tried);
  }
}
