/**
 * A fixed set of byte strings, each with a number. It lies in a few flat arrays: 350,000 Chinese words take about
 * 10 MB, where a Map takes several times that.
 */
export class ByteDictionary {
  readonly #pool: Uint8Array;
  readonly #ends: Uint32Array;
  readonly #numbers: Float32Array | Int32Array;
  /** Position of an entry plus one; 0 = empty. Twice as many places as entries at least. */
  readonly #places: Int32Array;
  readonly #mask: number;
  #size = 0;
  #used = 0;

  /** Room for so many entries with so many bytes in all. */
  constructor(entries: number, bytes: number, numbers: Float32Array | Int32Array) {
    const places = 2 ** Math.ceil(Math.log2(Math.max(2, entries * 2)));
    this.#pool = new Uint8Array(bytes);
    this.#ends = new Uint32Array(entries + 1);
    this.#numbers = numbers;
    this.#places = new Int32Array(places);
    this.#mask = places - 1;
  }

  /** Adds `bytes[start, end)`; the first of equal ones counts. */
  add(bytes: Uint8Array, start: number, end: number, number: number): void {
    let hash = hashStart;
    for (let i = start; i < end; i += 1) hash = hashStep(hash, bytes[i] as number);
    let place = spread(hash) & this.#mask;
    while (this.#places[place] !== 0) {
      if (this.#equal((this.#places[place] as number) - 1, bytes, start, end)) return;
      place = (place + 1) & this.#mask;
    }
    this.#pool.set(bytes.subarray(start, end), this.#used);
    this.#used += end - start;
    this.#numbers[this.#size] = number;
    this.#size += 1;
    this.#ends[this.#size] = this.#used;
    this.#places[place] = this.#size;
  }

  /** The number of `bytes[start, end)`, or -1. */
  get(bytes: Uint8Array, start: number, end: number): number {
    let hash = hashStart;
    for (let i = start; i < end; i += 1) hash = hashStep(hash, bytes[i] as number);
    return this.getHashed(hash, bytes, start, end);
  }

  /** As `get`, for callers that grow their key byte by byte and keep its hash. */
  getHashed(hash: number, bytes: Uint8Array, start: number, end: number): number {
    let place = spread(hash) & this.#mask;
    while (this.#places[place] !== 0) {
      const entry = (this.#places[place] as number) - 1;
      if (this.#equal(entry, bytes, start, end)) return this.#numbers[entry] as number;
      place = (place + 1) & this.#mask;
    }
    return -1;
  }

  #equal(entry: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#ends[entry] as number;
    if ((this.#ends[entry + 1] as number) - from !== end - start) return false;
    for (let i = start; i < end; i += 1) if (this.#pool[from + i - start] !== bytes[i]) return false;
    return true;
  }
}

/** FNV-1a, one byte after the other. */
export const hashStart = 0x811c9dc5 | 0;
export function hashStep(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}
function spread(hash: number): number {
  return (hash ^ (hash >>> 15)) >>> 0;
}
