import type { InputOf } from '@lectern/contract/endpoint.ts';
import type { savedQuestionEndpoints } from '@lectern/contract/saved-questions.ts';
import { fail } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { addQuestions } from './add-questions.ts';
import { presentQuestion, requireExpected, type SavedQuestion } from './queries.ts';

/** What is said where a dataset has a question already. */
export const repeated = () =>
  fail('conflict', {
    params: {
      details: { en: 'This question is saved already.', zh: '该评测问题已存在。' },
    },
    param: 'question',
  });

/** Saves one question. */
export async function createQuestion(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<typeof savedQuestionEndpoints.createSavedQuestion>,
): Promise<SavedQuestion> {
  authorize(caller, 'dataset:write');
  const { teamId, memberId } = caller;
  const { db } = app.store;
  const dataset = await requireContentDataset(db, teamId, input.datasetId);
  const expected = {
    dataIds: input.expectedDataIds ?? [],
    collectionIds: input.expectedCollectionIds ?? [],
  };
  await requireExpected(db, dataset, expected);
  const [row] = await addQuestions(app, { teamId, memberId, datasetId: dataset.id, source: 'hand' }, [
    { question: input.question, expected, note: input.note ?? '' },
  ]);
  if (!row) throw repeated();
  return presentQuestion(db, row);
}
