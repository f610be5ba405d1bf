/** Waiting pieces above which the producer is paused, and below which it goes on. */
const high = 256;
const low = 32;

/**
 * Hands pieces from callbacks to one `for await` reader. A hand-written iterator: an async generator costs several
 * promises for each piece, this one none while pieces wait.
 */
export class PartQueue<T> implements AsyncIterableIterator<T> {
  #waiting: T[] = [];
  #first = 0;
  #reader: { resolve(result: IteratorResult<T>): void; reject(error: unknown): void } | undefined;
  #ended = false;
  #error: { reason: unknown } | undefined;
  #flow: { pause(): void; resume(): void } | undefined;
  #paused = false;
  readonly #onReturn: () => void;

  /** `onReturn` is called when the reader leaves early. */
  constructor(onReturn: () => void) {
    this.#onReturn = onReturn;
  }

  /** Sets what slows the producer down; replaced at each new attempt. */
  control(flow: { pause(): void; resume(): void }): void {
    this.#flow = flow;
    this.#paused = false;
  }

  push(part: T): void {
    if (this.#ended) return;
    if (this.#reader) {
      const reader = this.#reader;
      this.#reader = undefined;
      reader.resolve({ value: part, done: false });
      return;
    }
    this.#waiting.push(part);
    if (!this.#paused && this.#waiting.length - this.#first > high) {
      this.#paused = true;
      this.#flow?.pause();
    }
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reader?.resolve({ value: undefined, done: true });
    this.#reader = undefined;
  }

  /** Ends with an error, which the reader meets after everything pushed before. */
  fail(reason: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#reader) this.#reader.reject(reason);
    else this.#error = { reason };
    this.#reader = undefined;
  }

  next(): Promise<IteratorResult<T>> {
    if (this.#first < this.#waiting.length) {
      const value = this.#waiting[this.#first++] as T;
      if (this.#first === this.#waiting.length) {
        this.#waiting = [];
        this.#first = 0;
      }
      if (this.#paused && this.#waiting.length - this.#first < low) {
        this.#paused = false;
        this.#flow?.resume();
      }
      return Promise.resolve({ value, done: false });
    }
    if (this.#error) {
      const { reason } = this.#error;
      this.#error = undefined;
      return Promise.reject(reason);
    }
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }

  return(): Promise<IteratorResult<T>> {
    const running = !this.#ended;
    this.#waiting = [];
    this.#first = 0;
    this.#error = undefined;
    this.end();
    if (running) this.#onReturn();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
