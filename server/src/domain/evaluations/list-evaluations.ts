import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { evaluationEndpoints } from '@lectern/contract/evaluations.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { presentEvaluations } from './present.ts';

type Endpoint = typeof evaluationEndpoints.listEvaluations;

/** A page of the evaluations of a dataset, newest first. */
export async function listEvaluations(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<Endpoint>,
  lang: Lang,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const dataset = await requireDataset(db, caller.teamId, input.datasetId);
  const query = db
    .selectFrom('evaluations')
    .where('teamId', '=', caller.teamId)
    .where('datasetId', '=', dataset.id);
  const { offset, limit } = pageOf(input);
  const [rows, { total }] = await Promise.all([
    query.selectAll().orderBy('id', 'desc').limit(limit).offset(offset).execute(),
    query.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ]);
  return { list: await presentEvaluations(app, rows, lang), total: Number(total) };
}
