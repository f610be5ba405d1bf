import { kernelModule } from './kernel.ts';

/** Bytes of a block: one page of WebAssembly's memory. A dataset has as many blocks as it needs. */
export const blockBytes = 65_536;
/** Pages before the first block: the scores of one scan, and the query in numbers of 16 bits. */
const scoresAt = 0;
const queryAt = blockBytes;
const firstBlock = 3;
/** The longest vector whose query fits before the blocks and whose row fits into one. */
export const mostDimensions = 32_768;

type Scan = (row: number, count: number, width: number, scale: number, query: number, out: number) => void;

/**
 * The memory that the scan works in: one for all datasets, cut into blocks that are given and taken back, because
 * every memory of its own would reserve gigabytes of addresses. It never shrinks; blocks are used again.
 */
export class VectorMemory {
  readonly #memory = new WebAssembly.Memory({ initial: firstBlock, maximum: 65_536 });
  readonly #scan: Scan;
  readonly #free: number[] = [];
  #pages = firstBlock;
  #used = 0;
  /** Views of the whole memory; growing makes new ones. */
  bytes = new Int8Array(this.#memory.buffer);
  floats = new Float32Array(this.#memory.buffer);

  constructor() {
    const module = new WebAssembly.Module(Buffer.from(kernelModule, 'base64'));
    const instance = new WebAssembly.Instance(module, { host: { memory: this.#memory } });
    this.#scan = instance.exports.scan as Scan;
  }

  /** Blocks that are in use. */
  get used(): number {
    return this.#used;
  }

  /** The address of a block that nobody uses. */
  take(): number {
    const known = this.#free.pop();
    this.#used += 1;
    if (known !== undefined) return known;
    const page = this.#pages;
    this.#memory.grow(1);
    this.#pages += 1;
    this.bytes = new Int8Array(this.#memory.buffer);
    this.floats = new Float32Array(this.#memory.buffer);
    return page * blockBytes;
  }

  /** Takes blocks back. */
  give(blocks: readonly number[]): void {
    this.#free.push(...blocks);
    this.#used -= blocks.length;
  }

  /**
   * Puts a query of length 1 where the scan reads it, as fine as its sums allow: they must not leave 32 bits. Answers
   * what a score has to be multiplied with to be a cosine.
   */
  setQuery(query: Float32Array, width: number): number {
    const numbers = new Int16Array(this.#memory.buffer, queryAt, width);
    const largest = query.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const finest = Math.min(32_767, Math.floor((2 ** 31 - 1) / (127 * width)));
    numbers.fill(0);
    if (largest === 0) return 0;
    query.forEach((value, i) => {
      numbers[i] = Math.round((value / largest) * finest);
    });
    return largest / finest;
  }

  /** Scores the first `count` rows of a block; the answer is overwritten by the next scan. */
  scan(block: number, count: number, width: number, scaleAt: number): Float32Array {
    this.#scan(block, count, width, scaleAt, queryAt, scoresAt);
    return this.floats.subarray(scoresAt / 4, scoresAt / 4 + count);
  }
}
