import { AppError } from '../kernel/errors.ts';

/** How `paced` works; `onDone` is called as soon as an item is done, one at a time. */
export interface PaceOptions<T, R> {
  /** Calls at the same time at most. */
  concurrency: number;
  signal: AbortSignal;
  onDone(item: T, result: R): Promise<void>;
}

/** Whether a provider says that it is enough for now: every such failure says when it may go on. */
export function isLimit(error: unknown): boolean {
  return error instanceof AppError && error.details.retryAfter !== undefined;
}

/**
 * Asks a provider about items, a few at the same time, in a job that can be repeated. What is done is handed on at
 * once, so that nothing is asked twice. When the provider has enough, what is on its way is finished and the limit is
 * thrown, with which the queue lets the job wait visibly and without losing a try; when it goes on, it begins with one
 * call and doubles only while all goes well. Any other failure ends it the same way.
 */
export async function paced<T, R>(
  items: Iterable<T>,
  call: (item: T) => Promise<R>,
  options: PaceOptions<T, R>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const failures: unknown[] = [];
  let allowed = 1;
  let writing: Promise<void> = Promise.resolve();
  for (;;) {
    options.signal.throwIfAborted();
    const round: T[] = [];
    while (round.length < allowed) {
      const next = iterator.next();
      if (next.done) break;
      round.push(next.value);
    }
    if (round.length === 0) return;
    await Promise.all(
      round.map(async (item) => {
        try {
          const result = await call(item);
          writing = writing.then(() => options.onDone(item, result));
          await writing;
        } catch (error) {
          failures.push(error);
        }
      }),
    );
    options.signal.throwIfAborted();
    // A limit says most: it passes by itself.
    if (failures.length > 0) throw failures.find(isLimit) ?? failures[0];
    allowed = Math.min(options.concurrency, allowed * 2);
  }
}
