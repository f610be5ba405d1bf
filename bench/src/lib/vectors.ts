import type { Quantiles } from './stats.ts';

/** As many as the small multilingual models have. */
export const dimensions = 384;
/** Texts are about something: vectors lie around so many directions. */
const topics = 400;
/** How far from its topic a vector lies, as a multiple of the topic's length. */
const spread = 1.2;

/** What the vector driver is to do. */
export interface VectorJob {
  /** The store's file, or '' with `databaseUrl`. */
  path: string;
  databaseUrl?: string;
  teamId: string;
  datasetIds: string[];
  /** Of the vectors, every one with these remainders belongs to the datasets: number modulo `of`. */
  part: { of: number; remainders: number[] };
  model: string;
  vectors: number;
  seed: number;
  queries: number;
  recallQueries: number;
  cacheMb: number;
  togetherMs: number;
}

export interface VectorResult {
  /** The first search, which reads the vectors from disk. */
  firstMs: number;
  /** Memory that it took, in MB. */
  grown: number;
  limit20: Quantiles;
  limit100: Quantiles;
  recall: number;
  /** Milliseconds. */
  delayP99: number;
  perSecond: number;
}

/** Numbers around 0, the same for the same seed. */
function noise(seed: number): () => number {
  let state = seed | 0 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return () => next() + next() + next() + next() - 2;
}

function around(center: Float32Array | undefined, random: () => number): Float32Array {
  const vector = new Float32Array(dimensions);
  let sum = 0;
  for (let i = 0; i < dimensions; i += 1) {
    const value = (center?.[i] ?? 0) + (center ? spread : 1) * random() * 0.0885;
    vector[i] = value;
    sum += value * value;
  }
  const length = Math.sqrt(sum);
  for (let i = 0; i < dimensions; i += 1) vector[i] = (vector[i] ?? 0) / length;
  return vector;
}

const topicsOf = (random: () => number): Float32Array[] =>
  Array.from({ length: topics }, () => around(undefined, random));

/** Vectors of length 1, one after the other; the same for the same seed. */
export function* makeVectors(seed: number, count: number): Generator<Float32Array> {
  const random = noise(seed);
  const centers = topicsOf(random);
  for (let i = 0; i < count; i += 1) yield around(centers[(i * 7919) % topics], random);
}

/** Questions about the same topics as the vectors of that seed. */
export function queriesFor(seed: number, count: number): Float32Array[] {
  const random = noise(seed);
  const centers = topicsOf(random);
  const own = noise(seed + 1);
  return Array.from({ length: count }, (_, i) => around(centers[(i * 31) % topics], own));
}
