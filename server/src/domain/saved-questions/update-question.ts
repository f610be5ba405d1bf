import type { InputOf } from '@lectern/contract/endpoint.ts';
import type { savedQuestionEndpoints } from '@lectern/contract/saved-questions.ts';
import { toJson } from '../../store/json.ts';
import { lockRows } from '../../store/locking.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { repeated } from './create-question.ts';
import { presentQuestion, requireExpected, requireQuestion, type SavedQuestion } from './queries.ts';

/** Changes what is given; what is absent stays. */
export async function updateQuestion(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<typeof savedQuestionEndpoints.updateSavedQuestion>,
): Promise<SavedQuestion> {
  authorize(caller, 'dataset:write');
  const { teamId } = caller;
  const found = await requireQuestion(app.store.db, teamId, input.id);
  const dataIds = input.expectedDataIds;
  const collectionIds = input.expectedCollectionIds;
  await requireExpected(
    app.store.db,
    { teamId, id: found.datasetId },
    { dataIds: dataIds ?? [], collectionIds: collectionIds ?? [] },
  );
  return await app.store.db.transaction().execute(async (trx) => {
    await lockRows(app.store, trx, 'datasets', teamId, [found.datasetId]);
    const question = input.question?.trim();
    if (question !== undefined) {
      const other = await trx
        .selectFrom('saved_questions')
        .select('id')
        .where('teamId', '=', teamId)
        .where('datasetId', '=', found.datasetId)
        .where('question', '=', question)
        .where('id', '!=', found.id)
        .executeTakeFirst();
      if (other) throw repeated();
    }
    await trx
      .updateTable('saved_questions')
      .set({
        ...(question !== undefined && { question }),
        ...(dataIds && { expectedData: toJson([...new Set(dataIds)]) }),
        ...(collectionIds && { expectedCollections: toJson([...new Set(collectionIds)]) }),
        ...(input.note !== undefined && { note: input.note }),
        updateTime: Date.now(),
      })
      .where('teamId', '=', teamId)
      .where('id', '=', found.id)
      .execute();
    return presentQuestion(trx, await requireQuestion(trx, teamId, found.id));
  });
}
