import { fail } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';

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
