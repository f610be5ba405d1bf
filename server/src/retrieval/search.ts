import type { Text } from '@lectern/contract/lang.ts';
import type { Quote } from '@lectern/contract/workflow.ts';
import type { ModelRegistry } from '../models/ports.ts';
import { candidatesOf, explained, explainedSteps, Trace } from './explain.ts';
import { fuse } from './fuse.ts';
import * as say from './notices.ts';
import { loadPassages } from './passages.ts';
import type { SearchRequest, SearchService, TextHit } from './ports.ts';
import { type Extended, extendQuery } from './query-extension.ts';
import { type Recalled, type RecallParts, recall } from './recall.ts';
import { rerank } from './rerank.ts';
import { atLeast, withinBudget, withoutRepeats } from './select.ts';
import { type Patience, patience } from './within.ts';

/** Wordings of one question that are searched; more only cost time. */
const maxQueries = 10;
/** Stands where an embedding model is named when words alone were searched; a name is never empty. */
const keywordOnly = 'builtin-keyword';

type Parts = Omit<RecallParts, 'patience'> & {
  /** How long models are waited for, where not as usual. */
  patience?: Patience;
  models: Pick<ModelRegistry, 'chat' | 'embedder' | 'reranker'>;
};

/**
 * Puts the stages of a search together: extend → recall → fuse → rerank → drop repeats → similarity → token budget.
 * What cannot be done as it was asked is done by keywords, and the result says so.
 */
export function createSearchService(given: Parts): SearchService {
  const common = { patience, ...given };
  return {
    async search(request, { signal }) {
      const started = performance.now();
      const trace = request.explain ? new Trace() : undefined;
      const parts = { ...common, ...(trace && { trace }) };
      const asked = wordings(request);
      const extended = await explained(
        trace,
        'extension',
        () => extend(parts, request, asked, signal),
        ({ queries, used }) => ({
          queries: distinct([...asked, ...queries]),
          ...(used && { model: used.model, tokens: used.inputTokens + used.outputTokens }),
        }),
      );
      const queries = distinct([...asked, ...extended.queries]);
      const recalled = await recall(parts, request, queries, signal);
      const found = await explained(
        trace,
        'fuse',
        () => scored(parts, request, recalled),
        (quotes) => candidatesOf(quotes, 'rrf'),
      );
      trace?.know(found);
      const judge = () => judged(parts, request, asked[0] ?? '', found, signal);
      const judgement = request.usingReRank
        ? await explained(trace, 'rerank', judge, ({ reranked }) => ({
            ...candidatesOf(reranked?.quotes ?? found, 'reRank'),
            ...(reranked && { tokens: reranked.tokens }),
          }))
        : {};
      const { reranked } = judgement;
      const by = reranked ? 'reRank' : recalled.mode === 'embedding' ? 'embedding' : undefined;
      const similar =
        by && request.similarity > 0 ? ({ type: by, least: request.similarity } as const) : undefined;
      const notices = [
        ...recalled.notices,
        ...extended.notices,
        ...(judgement.notice ? [judgement.notice] : []),
      ];
      if (judgement.notice && !by && request.similarity > 0) notices.push(say.similarityNeedsRerank);
      const notice = say.joined(notices);
      return {
        quotes: chosen(reranked?.quotes ?? found, similar, request.limit, trace),
        mode: recalled.mode,
        requestedMode: request.mode,
        ...(notice && { notice }),
        usingReRank: reranked !== undefined,
        usingSimilarityFilter: by !== undefined,
        similarity: request.similarity,
        limit: request.limit,
        embeddingModel: recalled.embeddingModel ?? keywordOnly,
        embeddingTokens: recalled.embeddingTokens,
        rerankTokens: reranked?.tokens ?? 0,
        ...(recalled.mode === 'mixedRecall' && { embeddingWeight: recalled.weight }),
        ...(extended.used && { extension: extended.used }),
        points: recalled.points + (extended.used?.points ?? 0) + (reranked?.points ?? 0),
        durationMs: Math.round(performance.now() - started),
        ...(trace && { explanation: trace.result() }),
      };
    },
  };
}

const distinct = (queries: string[]): string[] => {
  const filled = queries.map((query) => query.trim()).filter((query) => query !== '');
  return [...new Set(filled)].slice(0, maxQueries);
};

/** Every distinct wording of the question. */
function wordings(request: SearchRequest): string[] {
  return distinct([...wordingsOf(request.query), ...(request.moreQueries ?? [])]);
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

/** What is left of the list: no repeats, nothing below the similarity, no more than the budget. */
function chosen(
  quotes: Quote[],
  similar: { type: 'reRank' | 'embedding'; least: number } | undefined,
  limit: number,
  trace: Trace | undefined,
): Quote[] {
  if (!trace) {
    const different = withoutRepeats(quotes);
    return withinBudget(similar ? atLeast(different, similar.type, similar.least) : different, limit);
  }
  return explainedSteps(trace, quotes, [
    { stage: 'dedupe', reason: say.sameText, apply: withoutRepeats },
    ...(similar
      ? [
          {
            stage: 'similarity' as const,
            reason: say.lessSimilar(similar.type, similar.least),
            apply: (left: Quote[]) => atLeast(left, similar.type, similar.least),
          },
        ]
      : []),
    { stage: 'limit', reason: say.beyondLimit(limit), apply: (left) => withinBudget(left, limit) },
  ]);
}

/** What the rerank model made of it, or why there is nothing. */
async function judged(
  { models, log, patience }: Parts & RecallParts,
  { rerankModel, rerankWeight, user }: SearchRequest,
  query: string,
  quotes: Quote[],
  signal: AbortSignal,
): Promise<{ reranked?: NonNullable<Awaited<ReturnType<typeof rerank>>>; notice?: Text }> {
  const reranker = models.reranker(rerankModel, user);
  if (!reranker) return { notice: rerankModel ? say.noSuchReranker(rerankModel) : say.noReranker };
  const given = { query, quotes, weight: rerankWeight };
  const reranked = await rerank(reranker, given, { log, signal, patienceMs: patience.rerank });
  return reranked ? { reranked } : { notice: say.rerankFailed(reranker.name) };
}

/** A question that came in several wordings counts as extended already. */
async function extend(
  parts: Parts,
  { extension, user, collectionIds }: SearchRequest,
  given: string[],
  signal: AbortSignal,
): Promise<Extended> {
  const [query, ...others] = given;
  const nowhere = collectionIds?.length === 0;
  if (!extension || nowhere || query === undefined || others.length > 0) return { queries: [], notices: [] };
  return await extendQuery(parts.models, { query, extension, user }, { log: parts.log, signal });
}

/** Loads what was recalled, in fused order, each with its score and place in every list it is in. */
async function scored(parts: Parts, request: SearchRequest, recalled: Recalled): Promise<Quote[]> {
  const { embedding, fullText, weight } = recalled;
  const ids = (hits: TextHit[]) => hits.map(({ dataId }) => dataId);
  const order = fuse([
    { ids: ids(embedding), weight: recalled.mode === 'fullTextRecall' ? 0 : weight },
    { ids: ids(fullText), weight: recalled.mode === 'fullTextRecall' ? 1 : 1 - weight },
  ]);
  const places = (hits: TextHit[]) =>
    new Map(hits.map(({ dataId, score }, index) => [dataId, { value: score, index }]));
  const [byVector, byWords] = [places(embedding), places(fullText)];
  const passages = await loadPassages(parts.store, {
    teamId: request.teamId,
    datasetIds: request.datasetIds,
    dataIds: order.map(({ id }) => id),
  });
  return order.flatMap(({ id, score: rrf }, place) => {
    const passage = passages.get(id);
    if (!passage) return [];
    const score: Quote['score'] = [];
    const [vector, words] = [byVector.get(id), byWords.get(id)];
    if (vector) score.push({ type: 'embedding', ...vector });
    if (words) score.push({ type: 'fullText', ...words });
    if (recalled.lists > 1) score.push({ type: 'rrf', value: rrf, index: place });
    return [{ ...passage, score }];
  });
}
