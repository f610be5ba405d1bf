import type { SearchMode, SearchResult } from '../../retrieval/ports.ts';
import { readDatasetIds } from '../dataset-ids.ts';
import { defineNode } from '../define-node.ts';

const modes: readonly string[] = ['embedding', 'fullTextRecall', 'mixedRecall'] satisfies SearchMode[];
const isMode = (text: string): text is SearchMode => modes.includes(text);

const noDataset = {
  en: 'No dataset is chosen in this node.',
  zh: '该节点未选择知识库。',
};

/** What exported workflows ask for and this version does not do: who wonders about a result must not have to guess. */
const undone = {
  datasetDeepSearch: {
    en: 'There was one search: this version has no deep search.',
    zh: '仅检索一次：此版本不支持深度检索。',
  },
} as const;

/** Searches the chosen datasets with the question. */
export const datasetSearchNode = defineNode({
  type: 'datasetSearchNode',
  label: { en: 'Dataset search', zh: '知识库搜索' },
  inputs: {
    datasets: { valueType: 'selectDataset', default: [] },
    similarity: { valueType: 'number', default: 0.4 },
    limit: { valueType: 'number', default: 5000 },
    searchMode: { valueType: 'string', default: 'embedding' },
    embeddingWeight: { valueType: 'number', default: 0.5 },
    usingReRank: { valueType: 'boolean', default: false },
    rerankModel: { valueType: 'string' },
    rerankWeight: { valueType: 'number', default: 0.5 },
    datasetSearchUsingExtensionQuery: { valueType: 'boolean', default: false },
    datasetSearchExtensionModel: { valueType: 'string' },
    datasetSearchExtensionBg: { valueType: 'string', default: '' },
    datasetDeepSearch: { valueType: 'boolean', default: false },
    collectionFilterMatch: { valueType: 'string', default: '', template: 'json' },
    userChatInput: { valueType: 'string', default: '' },
  },
  outputs: {
    quoteQA: { valueType: 'datasetQuote' },
    system_error_text: { valueType: 'string', type: 'error' },
  },
  async run({ inputs, effects, run }) {
    const query = inputs.userChatInput.trim();
    const datasetIds = readDatasetIds(inputs.datasets);
    const mode = isMode(inputs.searchMode) ? inputs.searchMode : 'embedding';
    if (query === '' || datasetIds.length === 0) {
      return {
        outputs: { quoteQA: [] },
        response: {
          totalPoints: 0,
          query,
          searchMode: mode,
          quoteList: [],
          ...(datasetIds.length === 0 && { notice: noDataset[run.lang] }),
        },
      };
    }
    const found = await effects.search({
      datasetIds,
      query,
      limit: inputs.limit,
      similarity: inputs.similarity,
      mode,
      embeddingWeight: inputs.embeddingWeight,
      usingReRank: inputs.usingReRank,
      ...(inputs.rerankModel && { rerankModel: inputs.rerankModel }),
      rerankWeight: inputs.rerankWeight,
      ...(inputs.collectionFilterMatch.trim() && { collectionFilter: inputs.collectionFilterMatch }),
      ...(inputs.datasetSearchUsingExtensionQuery && {
        extension: {
          ...(inputs.datasetSearchExtensionModel && { model: inputs.datasetSearchExtensionModel }),
          ...(inputs.datasetSearchExtensionBg && { background: inputs.datasetSearchExtensionBg }),
          history: run.history,
        },
      }),
    });
    return {
      outputs: { quoteQA: found.quotes },
      usage: {
        inputTokens: found.embeddingTokens + found.rerankTokens + (found.extension?.inputTokens ?? 0),
        outputTokens: found.extension?.outputTokens ?? 0,
        estimated: false,
      },
      response: report(found, query, inputs, run.lang),
    };
  },
});

/** What the search did, for the node response (spec 2.2 and ruling 8). */
function report(
  found: SearchResult,
  query: string,
  inputs: {
    rerankModel: string | undefined;
    rerankWeight: number;
  } & { [setting in keyof typeof undone]: boolean | string },
  lang: 'en' | 'zh',
) {
  const ignored = Object.entries(undone).filter(([setting]) => inputs[setting as keyof typeof undone]);
  const notices = [found.notice, ...ignored.map(([, notice]) => notice)]
    .flatMap((notice) => notice?.[lang] ?? [])
    .join(lang === 'zh' ? '' : ' ');
  return {
    totalPoints: found.points,
    query,
    ...presentExtension(found),
    embeddingModel: found.embeddingModel,
    embeddingTokens: found.embeddingTokens,
    limit: found.limit,
    searchMode: found.mode,
    ...(found.requestedMode !== found.mode && { requestedSearchMode: found.requestedMode }),
    ...(notices && { notice: notices }),
    ...(found.usingSimilarityFilter && { similarity: found.similarity }),
    ...(found.embeddingWeight !== undefined && { embeddingWeight: found.embeddingWeight }),
    searchUsingReRank: found.usingReRank,
    ...(found.usingReRank && {
      rerankModel: inputs.rerankModel,
      rerankWeight: inputs.rerankWeight,
      reRankInputTokens: found.rerankTokens,
    }),
    quoteList: found.quotes,
  };
}

function presentExtension({ extension }: SearchResult) {
  if (!extension) return {};
  const { points: _, ...queryExtensionResult } = extension;
  return { queryExtensionResult };
}
