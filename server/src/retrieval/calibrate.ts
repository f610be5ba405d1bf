import { unitVector } from '../kernel/unit-vector.ts';
import type { Embedder } from '../models/ports.ts';
import { fuse } from './fuse.ts';
import type { TextIndex, VectorIndex } from './ports.ts';
import { pseudoQuestion, randomFrom } from './pseudo-question.ts';
import { together } from './recall.ts';

/** A passage that the questions are made from. */
export interface SampleItem {
  id: string;
  text: string;
}

/** Questions that are asked; more change the result little and cost time and tokens. */
const questions = 80;
/** Fewer say nothing: a dataset so small comes up whole whatever is searched. */
const leastQuestions = 20;
/** Weights that are tried, the highest first. */
const weights = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];
/** What a hybrid may lose in nDCG@10: less cannot be told from chance with so few questions. */
const allowance = 0.01;
const cutoff = 10;

export interface CalibrationParts {
  textIndex: Pick<TextIndex, 'search'>;
  vectorIndex: Pick<VectorIndex, 'search'>;
}

/** How well the source of a question was found, on average: nDCG@10 by words alone and with vectors at each weight. */
export interface Calibration {
  words: number;
  hybrid: { weight: number; ndcg: number }[];
  /** The highest weight at which the hybrid is not worse than words alone; 0 = none. */
  best: number;
}

/**
 * Measures what the vectors of a dataset are worth beside its words, without anybody's questions: sentences of its own
 * passages, with half of their words, must find the passage they are from. Nothing when it is too small to tell.
 */
export async function calibrate(
  parts: CalibrationParts,
  dataset: { teamId: string; datasetId: string; embedder: Embedder },
  items: SampleItem[],
  signal: AbortSignal,
): Promise<Calibration | undefined> {
  const asked = questionsFrom(items, dataset.datasetId);
  if (asked.length < leastQuestions) return undefined;
  const { vectors } = await dataset.embedder.embed(
    asked.map(({ query }) => query),
    { signal, kind: 'query' },
  );
  const gains = new Map<number, number>();
  for (const [i, { id, query }] of asked.entries()) {
    const vector = unitVector(vectors[i] ?? new Float32Array());
    if (!vector) continue;
    const scope = { teamId: dataset.teamId, datasetIds: [dataset.datasetId] };
    const [near, words] = await Promise.all([
      parts.vectorIndex.search(
        { ...scope, model: dataset.embedder.id, vector, limit: together.embedding },
        { signal },
      ),
      parts.textIndex.search({ ...scope, query, limit: together.fullText }, { signal }),
    ]);
    for (const weight of [0, ...weights]) {
      const order = fuse([
        { ids: near.map(({ dataId }) => dataId), weight },
        { ids: words.map(({ dataId }) => dataId), weight: 1 - weight },
      ]);
      const place = order.slice(0, cutoff).findIndex((hit) => hit.id === id);
      const gain = place < 0 ? 0 : 1 / Math.log2(place + 2);
      gains.set(weight, (gains.get(weight) ?? 0) + gain / asked.length);
    }
  }
  const words = gains.get(0) ?? 0;
  const hybrid = weights.map((weight) => ({ weight, ndcg: gains.get(weight) ?? 0 }));
  return { words, hybrid, best: hybrid.find(({ ndcg }) => ndcg >= words - allowance)?.weight ?? 0 };
}

/** Goes round the passages until there are enough; small datasets are asked about several of their sentences. */
function questionsFrom(items: SampleItem[], seed: string): { id: string; query: string }[] {
  const random = randomFrom(seed);
  const asked = new Map<string, string>();
  for (let turn = 0; turn < 4 && asked.size < questions; turn += 1) {
    for (const { id, text } of items) {
      const query = pseudoQuestion(text, random);
      if (query !== undefined && asked.size < questions) asked.set(query, id);
    }
  }
  return [...asked].map(([query, id]) => ({ id, query }));
}
