import type { VectorReader, VectorScope } from '../../store/search-index/read-vectors.ts';
import type { VectorHit, VectorQuery } from '../ports.ts';
import { bytesOf, DatasetVectors } from './dataset-vectors.ts';
import { blockBytes, mostDimensions, VectorMemory } from './memory.ts';
import { Top } from './top.ts';

/** Rows that are read from the store at once. */
const pageRows = 1000;
/** How many more vectors than asked for are compared exactly: one byte a dimension mixes up near neighbours. */
const candidatesPerHit = 4;
const leastCandidates = 64;

/** What a search found, and which datasets were too large for the memory and were read from the store instead. */
export interface VectorAnswer {
  hits: VectorHit[];
  streamed: string[];
}

const nameOf = (datasetId: string, model: string) => `${datasetId} ${model}`;

/**
 * Exact search: every vector of the datasets is compared in one byte a dimension, the best of them again in full. The
 * copy in memory follows the store by the numbers of its rows, and the datasets used longest ago leave it.
 */
export class VectorSearcher {
  readonly #reader: VectorReader;
  readonly #memory = new VectorMemory();
  readonly #mostBlocks: number;
  /** By dataset and model, the one used last at the end. */
  readonly #loaded = new Map<string, DatasetVectors>();

  /** `cacheBytes` is the most that the copies may take together. */
  constructor(reader: VectorReader, cacheBytes: number) {
    this.#reader = reader;
    this.#mostBlocks = Math.max(1, Math.floor(cacheBytes / blockBytes));
  }

  search(query: VectorQuery): VectorAnswer {
    return this.#reader.atOnce(() => this.#search(query));
  }

  #search(query: VectorQuery): VectorAnswer {
    const scope = this.#reader.scope(query);
    const streamed = new Set<string>();
    let wanted = Math.max(leastCandidates, candidatesPerHit * query.limit);
    for (;;) {
      const top = new Top(wanted);
      for (const id of scope.datasetIds) {
        if (!this.#scan(id, query, scope, top)) streamed.add(id);
      }
      const rows = this.#reader.rows(top.numbers);
      if (rows.length < top.numbers.length) {
        // Deleted or embedded anew since it was read: look at what is there, once for all of the dataset.
        for (const id of scope.datasetIds)
          this.#loaded.get(nameOf(id, query.model))?.keepOnly(this.#reader.numbers(id));
        continue;
      }
      const best = bestOfEach(rows, query.vector);
      if (best.length >= query.limit || top.numbers.length < wanted) {
        return { hits: best.slice(0, query.limit), streamed: [...streamed] };
      }
      wanted *= 2;
    }
  }

  /** False when the dataset does not fit into the memory. */
  #scan(datasetId: string, query: VectorQuery, scope: VectorScope, top: Top): boolean {
    const only = query.collectionIds && new Set(query.collectionIds);
    const allows = (id: string) => !scope.forbidden.has(id) && (only === undefined || only.has(id));
    const vectors = this.#upToDate(datasetId, query);
    if (vectors) vectors.search(query.vector, allows, top);
    else this.#stream(datasetId, query, allows, top);
    return vectors !== undefined;
  }

  /** The dataset's vectors in memory as the store has them now; nothing when they do not fit. */
  #upToDate(datasetId: string, { model, vector }: VectorQuery): DatasetVectors | undefined {
    const name = nameOf(datasetId, model);
    let vectors = this.#loaded.get(name);
    this.#loaded.delete(name);
    const usable = vectors?.dimensions === vector.length;
    if (vectors && (!usable || vectors.mostlyGone)) {
      vectors.free();
      vectors = undefined;
    }
    if (!vectors) {
      if (vector.length > mostDimensions) return undefined;
      const fits = (count: number) => bytesOf(vector.length, count) <= this.#mostBlocks * blockBytes;
      // There may be a second index, which does not count.
      if (!fits(this.#reader.count(datasetId)) && !fits(this.#reader.countOf(datasetId, model)))
        return undefined;
      vectors = new DatasetVectors(this.#memory, model, vector.length);
    }
    const fits = this.#readOn(datasetId, vectors);
    if (fits) this.#loaded.set(name, vectors);
    else vectors.free();
    return fits ? vectors : undefined;
  }

  /** Adds what came after the last look; false when the memory is too small for it. */
  #readOn(datasetId: string, vectors: DatasetVectors): boolean {
    const latest = this.#reader.latest(datasetId);
    const which = { datasetId, model: vectors.model, dimensions: vectors.dimensions };
    while (vectors.last < latest) {
      const rows = this.#reader.after(which, vectors.last, pageRows);
      for (const row of rows) {
        if (vectors.full && !this.#makeRoom()) return false;
        vectors.add(row);
      }
      if (rows.length < pageRows) vectors.last = latest;
    }
    return true;
  }

  /** Room for one more block, at the cost of the dataset used longest ago. */
  #makeRoom(): boolean {
    while (this.#memory.used >= this.#mostBlocks) {
      const [oldest] = this.#loaded;
      if (!oldest) return false;
      oldest[1].free();
      this.#loaded.delete(oldest[0]);
    }
    return true;
  }

  /** The slow way for what does not fit: every vector in full, straight from the store. */
  #stream(datasetId: string, query: VectorQuery, allows: (id: string) => boolean, top: Top): void {
    const which = { datasetId, model: query.model, dimensions: query.vector.length };
    for (let last = 0; ; ) {
      const rows = this.#reader.after(which, last, pageRows);
      for (const row of rows) {
        if (!allows(row.collectionId)) continue;
        const score = cosine(row.vector, query.vector);
        if (score > top.least) top.add(score, row.seq);
      }
      last = rows.at(-1)?.seq ?? 0;
      if (rows.length < pageRows) return;
    }
  }
}

/** Of a stored vector and a query, both of length 1. */
function cosine(stored: Uint8Array, query: Float32Array): number {
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  let sum = 0;
  for (let i = 0; i < query.length; i += 1) sum += view.getFloat32(i * 4, true) * (query[i] as number);
  return Math.min(1, Math.max(-1, sum));
}

/** Every data item once with its best vector, best first. */
function bestOfEach(
  rows: { seq: number; dataId: string; vector: Uint8Array }[],
  query: Float32Array,
): VectorHit[] {
  const best = new Map<string, number>();
  for (const { dataId, vector } of rows.sort((a, b) => a.seq - b.seq)) {
    const score = cosine(vector, query);
    if (score > (best.get(dataId) ?? Number.NEGATIVE_INFINITY)) best.set(dataId, score);
  }
  return [...best].map(([dataId, score]) => ({ dataId, score })).sort((a, b) => b.score - a.score);
}
