import { fail } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { findEvaluation } from './run-evaluation.ts';

/** Deletes an evaluation with its results; one that runs is stopped. */
export async function deleteEvaluation(
  app: Pick<App, 'store' | 'jobs'>,
  caller: Caller,
  id: string,
): Promise<void> {
  authorize(caller, 'dataset:write');
  const { db } = app.store;
  const row = await findEvaluation(db, caller.teamId, id);
  if (!row) throw fail('evaluationNotFound', { param: 'id' });
  if (row.rebuildId === null) await app.jobs.cancel(caller.teamId, row.id);
  await db.deleteFrom('evaluations').where('teamId', '=', caller.teamId).where('id', '=', row.id).execute();
}
