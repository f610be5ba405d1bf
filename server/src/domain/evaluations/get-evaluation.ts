import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { evaluationEndpoints } from '@lectern/contract/evaluations.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import { fail } from '../../kernel/errors.ts';
import type { EvaluationRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { presentEvaluation } from './present.ts';
import { presentResults } from './present-results.ts';
import { findEvaluation } from './run-evaluation.ts';

type Endpoint = typeof evaluationEndpoints.getEvaluation;
type Results = OutputOf<Endpoint>['results'];

/** One evaluation, with a page of its questions and what each setting found for them. */
export async function getEvaluation(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<Endpoint>,
  lang: Lang,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:read');
  const row = await findEvaluation(app.store.db, caller.teamId, input.id);
  if (!row) throw fail('evaluationNotFound', { param: 'id' });
  const [presented, results] = await Promise.all([
    presentEvaluation(app, row, lang),
    resultsOf(app, row, input, lang),
  ]);
  return { ...presented, results };
}

async function resultsOf(
  { store: { db } }: Pick<App, 'store'>,
  { id, teamId, datasetId }: EvaluationRow,
  input: InputOf<Endpoint>,
  lang: Lang,
): Promise<Results> {
  const own = db.selectFrom('evaluation_results').where('teamId', '=', teamId).where('evaluationId', '=', id);
  const grouped = own
    .select(['questionId', (eb) => eb.fn.min('hit').as('hit')])
    .groupBy('questionId')
    .$if(input.missedOnly === true, (query) => query.having((eb) => eb.fn.min('hit'), '=', 0));
  const { offset, limit } = pageOf(input);
  const [page, { total }] = await Promise.all([
    grouped.orderBy('questionId').limit(limit).offset(offset).execute(),
    db
      .selectFrom(grouped.as('questions'))
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .executeTakeFirstOrThrow(),
  ]);
  if (page.length === 0) return { list: [], total: Number(total) };
  const ids = page.map(({ questionId }) => questionId);
  const rows = await own.selectAll().where('questionId', 'in', ids).orderBy('setting').execute();
  const presented = await presentResults(db, { teamId, id: datasetId }, rows, lang);
  const list = ids.map((questionId) => {
    const results = presented.filter(({ row }) => row.questionId === questionId);
    return {
      questionId,
      question: results[0]?.row.question ?? '',
      results: results.map(({ result }) => result),
    };
  });
  return { list, total: Number(total) };
}
