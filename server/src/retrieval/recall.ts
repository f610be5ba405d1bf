import type { Text } from '@lectern/contract/lang.ts';
import { fail } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import { unitVector } from '../kernel/unit-vector.ts';
import type { Embedder, ModelRegistry } from '../models/ports.ts';
import type { Store } from '../store/ports.ts';
import { type EmbeddedDataset, type EmbeddedShare, embeddedShare } from './embedded-share.ts';
import { explained, hitLists, type Trace } from './explain.ts';
import { fuse } from './fuse.ts';
import * as say from './notices.ts';
import type { SearchMode, SearchRequest, TextHit, TextIndex, VectorIndex } from './ports.ts';
import { type Patience, within } from './within.ts';

/** Passages taken for each wording when one kind of search is asked for, and when both are (spec 5.4). */
const alone = 100;
export const together = { embedding: 80, fullText: 60 };
/** Below this share of embedded passages words alone are searched: vectors would push aside what has none. */
const leastShare = 0.5;
/** The most that vectors count while passages without any are among those searched. */
const mostWhileIncomplete = 0.9;
/** The most that vectors count in a dataset in which their worth was not measured yet. */
export const unmeasuredWeight = 0.1;

export interface RecallParts {
  store: Pick<Store, 'db'>;
  textIndex: Pick<TextIndex, 'search'>;
  vectorIndex: Pick<VectorIndex, 'search' | 'available'>;
  models: Pick<ModelRegistry, 'embedder'>;
  log: Logger;
  patience: Patience;
  /** Where somebody asked what every stage does. */
  trace?: Trace;
}

/** What was found before anything was read of it: a list for each kind of search, best first. */
export interface Recalled {
  mode: SearchMode;
  embedding: TextHit[];
  fullText: TextHit[];
  /** What the embedding list counts against the other. */
  weight: number;
  /** Lists that went into it: with one, its places are the order, and no fused score says more. */
  lists: number;
  notices: Text[];
  embeddingModel?: string;
  embeddingTokens: number;
  points: number;
}

interface Question {
  datasets: EmbeddedDataset[];
  model: Embedder;
  vectors: Float32Array[];
}

/** Finds candidates by words, by vectors, or by both. What cannot be done is done by words, and said. */
export async function recall(
  parts: RecallParts,
  request: SearchRequest,
  queries: string[],
  signal: AbortSignal,
): Promise<Recalled> {
  const found = { embeddingTokens: 0, points: 0, notices: [] as Text[], weight: 0 };
  const nowhere = request.datasetIds.length === 0 || request.collectionIds?.length === 0;
  if (nowhere || queries.length === 0) {
    return { ...found, mode: request.mode, embedding: [], fullText: [], lists: 0 };
  }
  const byWords = async (): Promise<Recalled> => {
    const fullText = await keywordLists(parts, request, queries, alone, signal);
    return {
      ...found,
      mode: 'fullTextRecall',
      embedding: [],
      fullText: merge(fullText),
      lists: fullText.length,
    };
  };
  // A hybrid in which vectors count nothing is a search by words: no model has to be paid or waited for.
  const wordsAsked = request.mode === 'mixedRecall' && request.embeddingWeight <= 0;
  if (request.mode === 'fullTextRecall' || wordsAsked) return await byWords();
  const share = await embeddedShare(parts, request);
  found.notices.push(...share.notices);
  const plan = planOf(parts, request, share);
  if (plan.mode === 'fullTextRecall') {
    found.notices.push(...plan.notices);
    return await byWords();
  }
  const questions = await explained(
    parts.trace,
    'embed',
    () => embed(parts, share.datasets, queries, signal, found),
    (made) => ({ model: made.map(({ model }) => model.id).join(', '), tokens: found.embeddingTokens }),
  );
  if (questions.length === 0) return await byWords();
  // Only now: they speak of a search by vectors.
  found.notices.push(...plan.notices);
  // A model that failed has left datasets out: words find what is in them.
  const failed = questions.reduce((n, { datasets }) => n + datasets.length, 0) < share.datasets.length;
  const mode = failed ? 'mixedRecall' : plan.mode;
  const limits = mode === 'embedding' ? { embedding: alone, fullText: 0 } : together;
  const [embedding, fullText] = await Promise.all([
    vectorLists(parts, request, questions, limits.embedding, signal),
    limits.fullText > 0 ? keywordLists(parts, request, queries, limits.fullText, signal) : [],
  ]);
  return {
    ...found,
    mode,
    embedding: merge(embedding),
    fullText: merge(fullText),
    weight: mode === 'embedding' ? 1 : plan.weight,
    lists: embedding.length + fullText.length,
    embeddingModel: questions.map(({ model }) => model.id).join(', '),
  };
}

/** What can be done of what was asked for, before any model is called; `weight` is that of a hybrid. */
function planOf(
  { vectorIndex, models }: RecallParts,
  request: SearchRequest,
  { datasets, totals, notices: said }: EmbeddedShare,
): { mode: SearchMode; weight: number; notices: Text[] } {
  const words = (...notices: Text[]) => ({ mode: 'fullTextRecall' as const, weight: 0, notices });
  if (!vectorIndex.available) return words(say.noVectorStore);
  const total = [...(totals?.values() ?? [])].reduce((sum, n) => sum + n, 0);
  if (datasets.length === 0) {
    if (said.length > 0) return words();
    return words(models.embedder() ? say.notEmbeddedYet : say.noEmbedder);
  }
  const embedded = datasets.reduce((sum, { id, pending }) => sum + (totals?.get(id) ?? 0) - pending, 0);
  const complete = totals === undefined || embedded >= total;
  if (!complete && embedded < leastShare * total)
    return words(say.notAllEmbedded({ embedded, total }, false));
  const notices: Text[] = [];
  const best = Math.min(...datasets.map(({ bestWeight }) => bestWeight ?? unmeasuredWeight));
  // Who asks for vectors alone asks for nothing less than their full weight.
  const asked = request.mode === 'embedding' ? 1 : request.embeddingWeight;
  const wanted = Math.min(asked, complete ? 1 : mostWhileIncomplete);
  const weight = Math.min(wanted, best);
  if (request.mode === 'embedding' && complete) {
    return { mode: 'embedding', weight, notices: best === 0 ? [say.weakVectors] : [] };
  }
  if (weight < wanted) {
    const measured = datasets.every(({ bestWeight }) => bestWeight !== null);
    notices.push(measured ? say.weightLowered(asked, weight) : say.weightUnmeasured(asked, weight));
  }
  if (weight <= 0) return words(...notices);
  if (!complete) notices.unshift(say.notAllEmbedded({ embedded, total }, true));
  return { mode: 'mixedRecall', weight, notices };
}

/** The wordings as vectors of each model that the datasets were embedded with; one that fails is said and left out. */
async function embed(
  { log, patience }: RecallParts,
  datasets: EmbeddedDataset[],
  queries: string[],
  signal: AbortSignal,
  found: Pick<Recalled, 'notices' | 'embeddingTokens' | 'points'>,
): Promise<Question[]> {
  const byModel = Map.groupBy(datasets, ({ embedder }) => embedder.id);
  const questions = await Promise.all(
    [...byModel.values()].map(async (own): Promise<Question | undefined> => {
      const model = (own[0] as EmbeddedDataset).embedder;
      try {
        const { vectors, usage } = await within(patience.embedding, model.id, signal, (either) =>
          model.embed(queries, { signal: either, kind: 'query' }),
        );
        found.embeddingTokens += usage.inputTokens;
        found.points += (usage.inputTokens * (model.price?.input ?? 0)) / 1000;
        return { datasets: own, model, vectors: vectors.map((vector) => checked(vector, model, own)) };
      } catch (error) {
        signal.throwIfAborted();
        log.warn({ model: model.id, error: String(error) }, 'a question could not be embedded');
        found.notices.push(say.embeddingFailed(model.id, error));
        return undefined;
      }
    }),
  );
  return questions.filter((question) => question !== undefined);
}

function checked(vector: Float32Array, model: Embedder, datasets: EmbeddedDataset[]): Float32Array {
  const odd = datasets.find(({ dimensions }) => dimensions !== vector.length);
  if (odd) {
    const params = { model: model.id, given: vector.length, stored: odd.dimensions, dataset: odd.id };
    throw fail('embeddingMismatch', { params });
  }
  const unit = unitVector(vector);
  if (unit) return unit;
  const details = { en: 'a vector holds what is no number', zh: '向量中含有非数值' };
  throw fail('modelFailed', { params: { model: model.id, details } });
}

async function vectorLists(
  { vectorIndex, trace }: RecallParts,
  { teamId, collectionIds }: SearchRequest,
  questions: Question[],
  limit: number,
  signal: AbortSignal,
): Promise<TextHit[][]> {
  const searches = questions.flatMap(({ datasets, model, vectors }) =>
    vectors.map((vector) => ({
      teamId,
      datasetIds: datasets.map(({ id }) => id),
      ...(collectionIds && { collectionIds }),
      model: model.id,
      vector,
      limit,
    })),
  );
  const all = () => Promise.all(searches.map((query) => vectorIndex.search(query, { signal })));
  return await explained(trace, 'vector', all, hitLists);
}

function keywordLists(
  { textIndex, trace }: RecallParts,
  { teamId, datasetIds, collectionIds }: SearchRequest,
  queries: string[],
  limit: number,
  signal: AbortSignal,
): Promise<TextHit[][]> {
  const scope = { teamId, datasetIds, limit, ...(collectionIds && { collectionIds }) };
  const all = () => Promise.all(queries.map((query) => textIndex.search({ ...scope, query }, { signal })));
  return explained(trace, 'keyword', all, hitLists);
}

/** Lists of several wordings as one, by their places; each hit with its best score. */
function merge(lists: TextHit[][]): TextHit[] {
  const [only, ...others] = lists;
  if (!only) return [];
  if (others.length === 0) return only;
  const best = new Map<string, number>();
  for (const { dataId, score } of lists.flat()) {
    best.set(dataId, Math.max(score, best.get(dataId) ?? Number.NEGATIVE_INFINITY));
  }
  const ranked = lists.map((hits) => ({ ids: hits.map(({ dataId }) => dataId), weight: 1 }));
  return fuse(ranked).map(({ id }) => ({ dataId: id, score: best.get(id) ?? 0 }));
}
