import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { trainingEndpoints } from '@lectern/contract/training.ts';
import { fromJson } from '../../store/json.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { modeOf } from './get-training-detail.ts';
import { requireCollection } from './queries.ts';

type Endpoint = typeof trainingEndpoints.getTrainingError;

/** What failed for good in a collection, latest first. */
export async function listTrainingErrors(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<Endpoint>,
  lang: Lang,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const collection = await requireCollection(db, caller.teamId, input.collectionId);
  const failed = db
    .selectFrom('jobs')
    .where('teamId', '=', caller.teamId)
    .where('collectionId', '=', collection.id)
    .where('state', '=', 'failed');
  const { offset, limit } = pageOf(input);
  const [jobs, counted] = await Promise.all([
    failed.selectAll().orderBy('id', 'desc').limit(limit).offset(offset).execute(),
    failed.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirst(),
  ]);
  const list = jobs.map((job) => ({
    _id: job.id,
    teamId: job.teamId,
    datasetId: collection.datasetId,
    collectionId: collection.id,
    mode: modeOf(job.stage),
    q: '',
    a: '',
    chunkIndex: 0,
    errorMsg: fromJson<Record<Lang, string>>(job.error, { en: '', zh: '' })[lang],
    cause: job.cause ?? 'bug',
    retryCount: Math.max(0, job.maxAttempts - job.attempts),
  }));
  return { list, total: Number(counted?.total ?? 0) };
}
