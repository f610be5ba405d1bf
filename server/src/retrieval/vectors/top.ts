/** Keeps the best `size` of the numbered things it is shown: a heap whose first is the worst that is kept. */
export class Top {
  readonly size: number;
  /** What a newcomer has to surpass. */
  least = Number.NEGATIVE_INFINITY;
  readonly #scores: number[] = [];
  readonly #numbers: number[] = [];

  constructor(size: number) {
    this.size = size;
  }

  /** Call it only with a score above `least`: that test belongs into the caller's loop. */
  add(score: number, number: number): void {
    const scores = this.#scores;
    if (scores.length < this.size) this.#up(score, number);
    else this.#down(score, number);
    if (scores.length === this.size) this.least = scores[0] ?? Number.NEGATIVE_INFINITY;
  }

  /** The numbers that were kept, in no order. */
  get numbers(): readonly number[] {
    return this.#numbers;
  }

  #put(at: number, score: number, number: number): void {
    this.#scores[at] = score;
    this.#numbers[at] = number;
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#scores[from] ?? 0, this.#numbers[from] ?? 0);
  }

  #up(score: number, number: number): void {
    let at = this.#scores.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((this.#scores[parent] ?? 0) <= score) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#put(at, score, number);
  }

  #down(score: number, number: number): void {
    const { length } = this.#scores;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (child + 1 < length && (this.#scores[child + 1] ?? 0) < (this.#scores[child] ?? 0)) child += 1;
      if ((this.#scores[child] ?? 0) >= score) break;
      this.#move(child, at);
      at = child;
    }
    this.#put(at, score, number);
  }
}
