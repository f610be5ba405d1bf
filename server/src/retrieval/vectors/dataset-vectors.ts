import { blockBytes, type VectorMemory } from './memory.ts';
import type { Top } from './top.ts';

/** One vector as the store has it. */
export interface StoredVector {
  seq: number;
  collectionId: string;
  /** float32, little endian. */
  vector: Uint8Array;
}

/** Beside its row a vector costs its scale, its number and its collection. */
const besideRow = 4 + 8 + 4;
const widthOf = (dimensions: number): number => Math.ceil(dimensions / 16) * 16;

/** Bytes that so many vectors take in memory. */
export function bytesOf(dimensions: number, count: number): number {
  return count * (widthOf(dimensions) + besideRow);
}

/** The collection number of a vector that is gone from the store. */
const gone = 0;

/**
 * The vectors of one dataset in one byte for each dimension, with a scale for each vector, in the order of the store's
 * numbers. Which collection a vector belongs to is known here, so that a search never ranks what it may not show.
 */
export class DatasetVectors {
  readonly model: string;
  readonly dimensions: number;
  readonly #memory: VectorMemory;
  readonly #width: number;
  readonly #perBlock: number;
  readonly #blocks: number[] = [];
  readonly #collections = new Map<string, number>();
  #seqs = new Float64Array(256);
  #places = new Uint32Array(256);
  #count = 0;
  #dead = 0;
  /** The number up to which the store was read. */
  last = 0;

  constructor(memory: VectorMemory, model: string, dimensions: number) {
    this.#memory = memory;
    this.model = model;
    this.dimensions = dimensions;
    this.#width = widthOf(dimensions);
    this.#perBlock = Math.floor(blockBytes / (this.#width + 4));
  }

  /** Blocks of memory it has. */
  get blocks(): number {
    return this.#blocks.length;
  }

  /** Whether most of what it holds is gone from the store: reading it anew is cheaper than stepping over. */
  get mostlyGone(): boolean {
    return this.#dead > 1000 && this.#dead * 2 > this.#count;
  }

  /** Whether the next vector needs another block. */
  get full(): boolean {
    return this.#count === this.#blocks.length * this.#perBlock;
  }

  /** Adds a vector; they come in the order of their numbers. */
  add(row: StoredVector): void {
    if (this.full) this.#blocks.push(this.#memory.take());
    this.#reserve();
    this.#write(row.vector);
    this.#seqs[this.#count] = row.seq;
    this.#places[this.#count] = this.#place(row.collectionId);
    this.#count += 1;
    this.last = row.seq;
  }

  /** Shows `top` every vector of a collection that `allows`. */
  search(query: Float32Array, allows: (collectionId: string) => boolean, top: Top): void {
    const memory = this.#memory;
    const allowed = new Uint8Array(this.#collections.size + 1);
    for (const [id, place] of this.#collections) allowed[place] = allows(id) ? 1 : 0;
    const unit = memory.setQuery(query, this.#width);
    this.#blocks.forEach((block, i) => {
      const start = i * this.#perBlock;
      const count = Math.min(this.#perBlock, this.#count - start);
      const scores = memory.scan(block, count, this.#width, this.#scaleAt(block));
      for (let row = 0; row < count; row += 1) {
        const score = (scores[row] as number) * unit;
        if (score > top.least && allowed[this.#places[start + row] as number] === 1) {
          top.add(score, this.#seqs[start + row] as number);
        }
      }
    });
  }

  /** Leaves out what is not among the numbers that the store has, which are given in order. */
  keepOnly(seqs: readonly number[]): void {
    let at = 0;
    this.#dead = 0;
    for (let i = 0; i < this.#count; i += 1) {
      const seq = this.#seqs[i] as number;
      while (at < seqs.length && (seqs[at] as number) < seq) at += 1;
      if (seqs[at] === seq) continue;
      this.#places[i] = gone;
      this.#dead += 1;
    }
  }

  /** Gives its memory back. */
  free(): void {
    this.#memory.give(this.#blocks.splice(0));
    this.#count = 0;
  }

  #scaleAt(block: number): number {
    return block + this.#perBlock * this.#width;
  }

  #place(collectionId: string): number {
    const known = this.#collections.get(collectionId);
    if (known !== undefined) return known;
    const place = this.#collections.size + 1;
    this.#collections.set(collectionId, place);
    return place;
  }

  #reserve(): void {
    if (this.#count < this.#seqs.length) return;
    const seqs = new Float64Array(this.#count * 2);
    seqs.set(this.#seqs);
    this.#seqs = seqs;
    const places = new Uint32Array(this.#count * 2);
    places.set(this.#places);
    this.#places = places;
  }

  #write(vector: Uint8Array): void {
    const block = this.#blocks.at(-1) ?? 0;
    const row = this.#count % this.#perBlock;
    const view = new DataView(vector.buffer, vector.byteOffset, vector.byteLength);
    let largest = 0;
    for (let i = 0; i < this.dimensions; i += 1) {
      largest = Math.max(largest, Math.abs(view.getFloat32(i * 4, true)));
    }
    const scale = largest / 127;
    const { bytes, floats } = this.#memory;
    const at = block + row * this.#width;
    bytes.fill(0, at, at + this.#width);
    if (scale > 0) {
      for (let i = 0; i < this.dimensions; i += 1)
        bytes[at + i] = Math.round(view.getFloat32(i * 4, true) / scale);
    }
    floats[this.#scaleAt(block) / 4 + row] = scale;
  }
}
