import { type EvaluationApp, findEvaluation, runEvaluation } from '../domain/evaluations/run-evaluation.ts';
import type { JobHandler } from './job.ts';

export const evaluateKind = 'evaluate';

/** Measures search settings with the saved questions of a dataset; the job has the id of its evaluation. */
export function evaluate(app: EvaluationApp): JobHandler {
  return async (job, tools) => {
    const evaluation = await findEvaluation(app.store.db, job.teamId, job.id);
    if (evaluation && evaluation.endTime === null) await runEvaluation(app, evaluation, tools);
  };
}
