import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import type { savedQuestionEndpoints } from '@lectern/contract/saved-questions.ts';
import { containsText } from '../../store/contains.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { presentQuestions } from './queries.ts';

type Endpoint = typeof savedQuestionEndpoints.listSavedQuestions;

/** A page of the questions of a dataset, newest first. */
export async function listQuestions(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const dataset = await requireDataset(db, caller.teamId, input.datasetId);
  let query = db
    .selectFrom('saved_questions')
    .where('teamId', '=', caller.teamId)
    .where('datasetId', '=', dataset.id);
  const wanted = input.searchText?.trim();
  if (wanted) query = query.where((eb) => containsText(eb.ref('question'), wanted));
  const { offset, limit } = pageOf(input);
  const [rows, { total }] = await Promise.all([
    query.selectAll().orderBy('id', 'desc').limit(limit).offset(offset).execute(),
    query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ]);
  return { list: await presentQuestions(db, rows), total: Number(total) };
}
