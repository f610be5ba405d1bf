import type { Quote } from '@lectern/contract/workflow.ts';
import type { Logger } from '../kernel/logger.ts';
import type { ModelRegistry, Reranker } from '../models/ports.ts';
import type { Store } from '../store/ports.ts';
import { fuse, type RankedList } from './fuse.ts';
import { loadPassages } from './passages.ts';
import type { SearchRequest, SearchResult, SearchService, TextHit, TextIndex } from './ports.ts';
import { atLeast, withinBudget, withoutRepeats } from './select.ts';

/** Passages taken from the keyword index for each wording of the question. */
const recallLimit = 100;
/** Wordings of one question that are searched; more only cost time. */
const maxQueries = 10;
/** Stands where an embedding model is named when words alone were searched; a name is never empty. */
const keywordOnly = 'builtin-keyword';
/** Passages a reranker reads; the rest keep their order behind them. */
const rerankLimit = 60;

interface Parts {
  store: Pick<Store, 'db'>;
  textIndex: Pick<TextIndex, 'search'>;
  models: Pick<ModelRegistry, 'embedder' | 'reranker'>;
  log: Logger;
}

/**
 * Puts the stages of a search together: recall → fuse → rerank → drop repeats → similarity → token budget. Until
 * vectors are stored, recall is the keyword index whatever mode is asked for, and the result says so.
 */
export function createSearchService(parts: Parts): SearchService {
  return {
    async search(request, { signal }) {
      const started = performance.now();
      const queries = wordings(request);
      const hits = await recall(parts, request, queries, signal);
      const found = await scored(parts, request, hits);
      const reranker = request.usingReRank ? parts.models.reranker(request.rerankModel) : undefined;
      const reranked = reranker
        ? await rerank(parts, reranker, request, queries[0] ?? '', found, signal)
        : undefined;
      const distinct = withoutRepeats(reranked ?? found);
      const filters = reranked !== undefined && request.similarity > 0;
      const relevant = filters ? atLeast(distinct, 'reRank', request.similarity) : distinct;
      return {
        quotes: withinBudget(relevant, request.limit),
        mode: 'fullTextRecall',
        requestedMode: request.mode,
        ...notice(request, parts.models),
        usingReRank: reranked !== undefined,
        usingSimilarityFilter: reranked !== undefined,
        similarity: request.similarity,
        limit: request.limit,
        embeddingModel: keywordOnly,
        embeddingTokens: 0,
        durationMs: Math.round(performance.now() - started),
      };
    },
  };
}

/** Every distinct wording of the question. */
function wordings(request: SearchRequest): string[] {
  const given = [...wordingsOf(request.query), ...(request.moreQueries ?? [])];
  const distinct = new Set(given.map((query) => query.trim()).filter((query) => query !== ''));
  return [...distinct].slice(0, maxQueries);
}

/** A JSON array of texts is a question that its sender has put in several wordings already (spec 5.4). */
function wordingsOf(query: string): string[] {
  if (!query.trimStart().startsWith('[')) return [query];
  try {
    const parsed: unknown = JSON.parse(query);
    if (!Array.isArray(parsed) || parsed.length === 0) return [query];
    return parsed.every((item) => typeof item === 'string') ? parsed : [query];
  } catch {
    return [query];
  }
}

function recall(
  { textIndex }: Parts,
  { teamId, datasetIds, collectionIds }: SearchRequest,
  queries: string[],
  signal: AbortSignal,
): Promise<TextHit[][]> {
  if (datasetIds.length === 0) return Promise.resolve([]);
  const scope = { teamId, datasetIds, limit: recallLimit, ...(collectionIds ? { collectionIds } : {}) };
  return Promise.all(queries.map((query) => textIndex.search({ ...scope, query }, { signal })));
}

/** Loads what was recalled, in fused order, each with its keyword score and its place in that list. */
async function scored(parts: Parts, request: SearchRequest, lists: TextHit[][]): Promise<Quote[]> {
  const ranked: RankedList[] = lists.map((hits) => ({ ids: hits.map((hit) => hit.dataId), weight: 1 }));
  const order = fuse(ranked);
  const best = new Map<string, { value: number; index: number }>();
  for (const hits of lists) {
    hits.forEach(({ dataId, score }, index) => {
      const known = best.get(dataId);
      if (!known || score > known.value) best.set(dataId, { value: score, index });
    });
  }
  const passages = await loadPassages(parts.store, {
    teamId: request.teamId,
    datasetIds: request.datasetIds,
    dataIds: order.map(({ id }) => id),
  });
  return order.flatMap(({ id, score: rrf }, place) => {
    const passage = passages.get(id);
    const fullText = best.get(id);
    if (!passage || !fullText) return [];
    const score: Quote['score'] = [{ type: 'fullText', ...fullText }];
    if (lists.length > 1) score.push({ type: 'rrf', value: rrf, index: place });
    return [{ ...passage, score }];
  });
}

/** The list fused with a reranker's order of it, or `undefined` when the reranker failed: it is then skipped. */
async function rerank(
  { log }: Parts,
  reranker: Reranker,
  request: SearchRequest,
  query: string,
  quotes: Quote[],
  signal: AbortSignal,
): Promise<Quote[] | undefined> {
  const candidates = quotes.slice(0, rerankLimit);
  if (candidates.length === 0) return quotes;
  let values: number[];
  try {
    values = await reranker.rerank(
      query,
      candidates.map((quote) => `${quote.q}\n${quote.a}`),
      { signal },
    );
  } catch (error) {
    signal.throwIfAborted();
    log.warn({ model: reranker.id, error }, 'reranker failed and was skipped');
    return undefined;
  }
  const judged = candidates
    .map((quote, i) => ({ quote, value: values[i] ?? 0 }))
    .sort((a, b) => b.value - a.value);
  const judgement = new Map(judged.map(({ quote, value }, index) => [quote.id, { value, index }]));
  const byId = new Map(quotes.map((quote) => [quote.id, quote]));
  const order = fuse([
    { ids: quotes.map((quote) => quote.id), weight: 1 - request.rerankWeight },
    { ids: judged.map(({ quote }) => quote.id), weight: request.rerankWeight },
  ]);
  return order.flatMap(({ id, score: rrf }, place) => {
    const quote = byId.get(id);
    if (!quote) return [];
    const judged = judgement.get(id);
    const others = quote.score.filter(({ type }) => type !== 'rrf');
    const added: Quote['score'] = judged ? [{ type: 'reRank', ...judged }] : [];
    return [{ ...quote, score: [...others, ...added, { type: 'rrf', value: rrf, index: place }] }];
  });
}

/** Why the search was a keyword search when another mode was asked for (ruling 8). */
function notice(request: SearchRequest, models: Parts['models']): Pick<SearchResult, 'notice'> {
  if (request.mode === 'fullTextRecall') return {};
  if (models.embedder()) {
    return {
      notice: {
        en: 'Nothing in these datasets has been embedded, so they were searched by keywords.',
        zh: '这些知识库尚未建立向量，本次使用关键词检索。',
      },
    };
  }
  return {
    notice: {
      en: 'No embedding model is connected, so this was a keyword search. Set EMBEDDING_MODEL to connect one.',
      zh: '未连接向量模型，本次使用关键词检索。可通过 EMBEDDING_MODEL 连接向量模型。',
    },
  };
}
