import { fail } from '../../kernel/errors.ts';
import type { SearchRequest } from '../../retrieval/ports.ts';
import type { App, Caller } from '../context.ts';

/**
 * A search as far as the caller may use its models: a rerank model they may not use is left out, as an unknown one is,
 * and the question is put in other words by the model that would answer them.
 */
export function allowedSearch<R extends Pick<SearchRequest, 'usingReRank' | 'rerankModel' | 'extension'>>(
  app: Pick<App, 'models'>,
  caller: Caller,
  request: R,
): R {
  const { extension } = request;
  const usingReRank = request.usingReRank && app.models.reranker(request.rerankModel, caller) !== undefined;
  const model = extension && app.models.chat(extension.model, caller).model.id;
  return { ...request, usingReRank, ...(extension && { extension: { ...extension, model } }) };
}

/**
 * Refuses to bind a dataset to a model that its maker may not use. Names that nobody knows here stay allowed:
 * programs send those of other installations, and the default model stands in for them.
 */
export function refuseForbidden(
  app: Pick<App, 'models'>,
  caller: Caller,
  named: { vectorModel?: string | undefined; agentModel?: string | undefined; vlmModel?: string | undefined },
): void {
  const { models } = app;
  const isForbidden = (field: string, model: string) =>
    field === 'vectorModel'
      ? models.embedder(model) !== undefined && models.embedder(model, caller) === undefined
      : !models.chat(model).fellBack && models.chat(model, caller).fellBack;
  const { vectorModel, agentModel, vlmModel } = named;
  for (const [field, model] of Object.entries({ vectorModel, agentModel, vlmModel })) {
    if (model && isForbidden(field, model)) throw fail('modelNotFound', { params: { model }, param: field });
  }
}
