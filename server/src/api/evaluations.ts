import type { evaluationComparisonEndpoints } from '@lectern/contract/evaluation-comparison.ts';
import type { evaluationEndpoints } from '@lectern/contract/evaluations.ts';
import { compareEvaluations } from '../domain/evaluations/compare-evaluations.ts';
import { deleteEvaluation } from '../domain/evaluations/delete-evaluation.ts';
import { getEvaluation } from '../domain/evaluations/get-evaluation.ts';
import { listEvaluations } from '../domain/evaluations/list-evaluations.ts';
import { startEvaluation } from '../domain/evaluations/start-evaluation.ts';
import type { Handlers } from './handler.ts';

export const evaluationHandlers: Handlers<typeof evaluationEndpoints> = {
  evaluate: (input, { app, caller, lang }) => startEvaluation(app, caller, input, lang),
  listEvaluations: (input, { app, caller, lang }) => listEvaluations(app, caller, input, lang),
  getEvaluation: (input, { app, caller, lang }) => getEvaluation(app, caller, input, lang),
  async deleteEvaluation({ id }, { app, caller }) {
    await deleteEvaluation(app, caller, id);
    return null;
  },
};

export const evaluationComparisonHandlers: Handlers<typeof evaluationComparisonEndpoints> = {
  compareEvaluations: (input, { app, caller, lang }) => compareEvaluations(app, caller, input, lang),
};
