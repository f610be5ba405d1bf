import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { requireQuestion } from './queries.ts';

/** Deletes one question; evaluations that asked it keep what they found. */
export async function deleteQuestion(app: Pick<App, 'store'>, caller: Caller, id: string): Promise<void> {
  authorize(caller, 'dataset:write');
  const { db } = app.store;
  const row = await requireQuestion(db, caller.teamId, id);
  await db
    .deleteFrom('saved_questions')
    .where('teamId', '=', caller.teamId)
    .where('id', '=', row.id)
    .execute();
}
