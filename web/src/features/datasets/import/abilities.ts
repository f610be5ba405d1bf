import { useQuery } from '@tanstack/react-query';
import { modelsQuery } from '../queries.ts';

/** Which kinds of models are there to help with an import. */
export function useAbilities() {
  const models = useQuery(modelsQuery).data ?? [];
  const llms = models.filter((model) => model.type === 'llm' && !model.model.startsWith('builtin'));
  return { language: llms.length > 0, vision: llms.some((model) => model.vision) };
}
