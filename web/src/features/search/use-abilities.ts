import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { datasetQuery } from '../datasets/queries.ts';
import { modelsQuery } from './queries.ts';
import type { SearchAbilities } from './settings.ts';
import type { SearchModels } from './settings-form.tsx';

/** What stands for “no embedding model” where a dataset names its model. */
export const wordsOnlyModel = 'builtin-keyword';

/** Answers without a language model; it cannot put a question in other words. */
const builtInAnswer = 'builtin-extractive';

/** What a search of a dataset can do, with the models that it may name. */
export function useAbilities(datasetId: string): { can: SearchAbilities; models: SearchModels } {
  const { data: dataset } = useSuspenseQuery(datasetQuery(datasetId));
  const { data: rerank = [] } = useQuery(modelsQuery('rerank'));
  const { data: listed = [] } = useQuery(modelsQuery('llm'));
  const llm = listed.filter(({ model }) => model !== builtInAnswer);
  return {
    models: { rerank, llm },
    can: {
      vectors: dataset.vectorModel.model !== wordsOnlyModel,
      rerank: rerank.length > 0,
      extension: llm.length > 0,
    },
  };
}
