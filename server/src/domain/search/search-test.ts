import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { Lang, Text } from '@lectern/contract/lang.ts';
import type { searchEndpoints } from '@lectern/contract/search.ts';
import type { QueryExtension, SearchExplanation, SearchResult } from '../../retrieval/ports.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { pictureLinks } from '../files/pictures.ts';
import { authorize } from '../policy.ts';
import { searchScope } from './collection-filter.ts';

type Endpoint = typeof searchEndpoints.searchTest;
type Input = InputOf<Endpoint>;

/** Tokens (spec 2.9). */
const defaultLimit = 5000;
const maxLimit = 20_000;

/** Searches one dataset with the search that chat uses. */
export async function searchTest(
  app: Pick<App, 'store' | 'search' | 'keyUsage' | 'tokens'>,
  caller: Caller,
  input: Input,
  options: { signal: AbortSignal; lang: Lang; origin: string },
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:read');
  const dataset = await requireContentDataset(app.store.db, caller.teamId, input.datasetId);
  const scope = await searchScope(app, caller.teamId, [dataset.id], input.collectionFilterMatch);
  const result = await app.search.search(
    {
      teamId: caller.teamId,
      user: caller,
      datasetIds: [dataset.id],
      ...(scope.collectionIds && { collectionIds: scope.collectionIds }),
      query: input.text,
      limit: Math.min(Math.floor(input.limit ?? defaultLimit), maxLimit),
      similarity: input.similarity ?? 0,
      mode: input.searchMode ?? 'embedding',
      embeddingWeight: input.embeddingWeight ?? 0.5,
      usingReRank: input.usingReRank ?? false,
      ...(input.explain && { explain: true }),
      ...(input.rerankModel && { rerankModel: input.rerankModel }),
      rerankWeight: input.rerankWeight ?? 0.5,
      ...(input.datasetSearchUsingExtensionQuery && { extension: extensionOf(input) }),
    },
    { signal: options.signal },
  );
  if (caller.kind !== 'session' && result.points > 0) app.keyUsage.addPoints(caller.keyId, result.points);
  const links = pictureLinks(app, caller.teamId, options.origin);
  const notices = [...scope.notices, result.notice, ...notRun(input)].filter(
    (notice) => notice !== undefined,
  );
  return {
    list: result.quotes.map((quote) => ({ ...quote, q: links.text(quote.q), a: links.text(quote.a) })),
    duration: `${(result.durationMs / 1000).toFixed(3)}s`,
    limit: result.limit,
    searchMode: result.mode,
    requestedSearchMode: result.requestedMode,
    ...(notices.length > 0 && { notice: notices.map((notice) => notice[options.lang]).join(' ') }),
    usingReRank: result.usingReRank,
    similarity: result.similarity,
    usingSimilarityFilter: result.usingSimilarityFilter,
    embeddingModel: result.embeddingModel,
    embeddingTokens: result.embeddingTokens,
    ...(result.embeddingWeight !== undefined && { embeddingWeight: result.embeddingWeight }),
    ...presentExtension(result),
    ...(result.explanation && { explain: presentExplanation(result.explanation, options.lang) }),
  };
}

function extensionOf(input: Input): QueryExtension {
  return {
    ...(input.datasetSearchExtensionModel && { model: input.datasetSearchExtensionModel }),
    ...(input.datasetSearchExtensionBg && { background: input.datasetSearchExtensionBg }),
  };
}

function presentExplanation({ stages, passages }: SearchExplanation, lang: Lang) {
  const told = stages.map(({ dropped, ...stage }) => ({
    ...stage,
    ...(dropped && { dropped: dropped.map(({ id, reason }) => ({ id, reason: reason[lang] })) }),
  }));
  return { stages: told, passages };
}

function presentExtension({ extension }: SearchResult) {
  if (!extension) return {};
  const { points: _, ...queryExtensionResult } = extension;
  return { queryExtensionModel: extension.model, queryExtensionResult };
}

/** What was asked for and not done: said, because clients send these by habit and a refusal would stop them. */
function notRun(input: Input): Text[] {
  const left: string[] = [];
  if (input.datasetDeepSearch) left.push('datasetDeepSearch');
  if ((input.queryImageUrls ?? []).length > 0) left.push('queryImageUrls');
  if (left.length === 0) return [];
  const names = left.join(', ');
  return [
    {
      en: `Not available yet, the search ran without it: ${names}.`,
      zh: `以下参数暂不支持，本次检索未使用：${names}。`,
    },
  ];
}
