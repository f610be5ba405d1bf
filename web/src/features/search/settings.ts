import type { Request } from '../../api/client.ts';

export type SearchMode = 'embedding' | 'fullTextRecall' | 'mixedRecall';

/** Everything about a search but its question, as the form has it. */
export interface SearchSettings {
  mode: SearchMode;
  /** What meaning counts in a search by both, 0 to 1; the rest is words. */
  weight: number;
  /** Least score of a passage, 0 = all. */
  similarity: number;
  /** Tokens of all passages together. */
  limit: number;
  rerank: boolean;
  /** Empty = the default one; likewise below. */
  rerankModel: string;
  rerankWeight: number;
  extension: boolean;
  extensionModel: string;
  background: string;
  /** Names of tags, all of which a collection must have. */
  tags: string[];
  collectionIds: string[];
}

export const defaultSettings: SearchSettings = {
  mode: 'mixedRecall',
  weight: 0.5,
  similarity: 0,
  limit: 5000,
  rerank: false,
  rerankModel: '',
  rerankWeight: 0.5,
  extension: false,
  extensionModel: '',
  background: '',
  tags: [],
  collectionIds: [],
};

/** What is possible with the models that are there. */
export interface SearchAbilities {
  /** Whether the dataset has an embedding model, so that it can be searched by meaning. */
  vectors: boolean;
  rerank: boolean;
  extension: boolean;
}

/** The settings without what cannot be done here, such as a search by meaning where nothing has vectors. */
export function possible(settings: SearchSettings, can: SearchAbilities): SearchSettings {
  return {
    ...settings,
    mode: can.vectors ? settings.mode : 'fullTextRecall',
    rerank: settings.rerank && can.rerank,
    extension: settings.extension && can.extension,
  };
}

/** The part that search test and evaluations have in common. */
function common(settings: SearchSettings) {
  return {
    searchMode: settings.mode,
    embeddingWeight: settings.weight,
    similarity: settings.similarity,
    limit: settings.limit,
    usingReRank: settings.rerank,
    ...(settings.rerank && {
      rerankWeight: settings.rerankWeight,
      ...(settings.rerankModel && { rerankModel: settings.rerankModel }),
    }),
    datasetSearchUsingExtensionQuery: settings.extension,
    ...(settings.extension && {
      ...(settings.extensionModel && { datasetSearchExtensionModel: settings.extensionModel }),
      ...(settings.background.trim() && { datasetSearchExtensionBg: settings.background }),
    }),
  };
}

/** The request of a search test with its explanation. */
export function searchRequest(
  datasetId: string,
  text: string,
  settings: SearchSettings,
): Request<'searchTest'> {
  const { tags, collectionIds } = settings;
  const filter = {
    ...(tags.length > 0 && { tags: { $and: tags } }),
    ...(collectionIds.length > 0 && { collectionIds }),
  };
  return {
    datasetId,
    text,
    explain: true,
    ...common(settings),
    ...(Object.keys(filter).length > 0 && { collectionFilterMatch: filter }),
  };
}

/** The same settings as an evaluation takes them; it asks about the whole dataset, so the filter is left out. */
export const evaluationSetting = (settings: SearchSettings, name: string) => ({ ...common(settings), name });
