/** A stream of events with one reader. Pushing never waits; a slow reader finds several at once. */
export interface EventQueue<T> extends AsyncIterable<T> {
  push(event: T): void;
  /** No more events; the reader gets those that wait first. */
  end(): void;
  /** As `end`, but then the reader's loop throws `error`. */
  fail(error: unknown): void;
  /** The same events, everything that waits in one piece: for readers that write several at once. */
  batches(): AsyncIterable<T[]>;
}

/**
 * `onStart` is called when reading begins, `onLeave` when the reader is done, early or not. One promise per wait of
 * the reader is all it costs: this lies in the path of every token.
 */
export function createEventQueue<T>(hooks: { onStart(): void; onLeave(): void }): EventQueue<T> {
  let waiting: T[] = [];
  let taken = 0;
  let closed = false;
  let failure: { error: unknown } | undefined;
  let wake: (() => void) | undefined;
  let started = false;

  const signal = () => {
    const resolve = wake;
    wake = undefined;
    resolve?.();
  };
  const start = () => {
    if (started) return;
    started = true;
    hooks.onStart();
  };
  const finish = () => {
    hooks.onLeave();
    if (failure) {
      const { error } = failure;
      failure = undefined;
      throw error;
    }
  };
  const sleep = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const takeOne = (): IteratorResult<T> => {
    const value = waiting[taken++] as T;
    if (taken === waiting.length) {
      waiting = [];
      taken = 0;
    }
    return { value, done: false };
  };
  const leave = async (): Promise<IteratorResult<never>> => {
    closed = true;
    hooks.onLeave();
    return { value: undefined, done: true };
  };

  return {
    push(event) {
      if (closed) return;
      waiting.push(event);
      signal();
    },
    end() {
      closed = true;
      signal();
    },
    fail(error) {
      if (closed) return;
      closed = true;
      failure = { error };
      signal();
    },
    [Symbol.asyncIterator]: () => ({
      async next() {
        start();
        while (waiting.length === 0 && !closed) await sleep();
        if (waiting.length > 0) return takeOne();
        finish();
        return { value: undefined, done: true };
      },
      return: leave,
    }),
    batches: () => ({
      [Symbol.asyncIterator]: () => ({
        async next() {
          start();
          while (waiting.length === 0 && !closed) await sleep();
          if (waiting.length === 0) {
            finish();
            return { value: undefined, done: true };
          }
          const value = taken === 0 ? waiting : waiting.slice(taken);
          waiting = [];
          taken = 0;
          return { value, done: false };
        },
        return: leave,
      }),
    }),
  };
}
