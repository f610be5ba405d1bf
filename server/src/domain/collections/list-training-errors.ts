import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { trainingEndpoints } from '@lectern/contract/training.ts';
import { embedJobId } from '../../jobs/embedding.ts';
import { fromJson } from '../../store/json.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { embeddingState, failedItems } from './embedding-state.ts';
import { modeOf } from './get-training-detail.ts';
import { requireCollection } from './queries.ts';

type Endpoint = typeof trainingEndpoints.getTrainingError;

/** What failed for good in a collection, latest first. */
export async function listTrainingErrors(
  app: Pick<App, 'store' | 'models' | 'vectorIndex'>,
  caller: Caller,
  input: InputOf<Endpoint>,
  lang: Lang,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const collection = await requireCollection(db, caller.teamId, input.collectionId);
  const dataset = await requireDataset(db, caller.teamId, collection.datasetId);
  const embedding = await embeddingState(app, dataset, [collection.id]);
  const failed = db
    .selectFrom('jobs')
    .where('teamId', '=', caller.teamId)
    .where((eb) =>
      eb.or([
        eb('collectionId', '=', collection.id),
        // Embedding is a job of the dataset: it failed for the collection when items of it are left.
        ...(failedItems(embedding, collection.id) > 0
          ? [eb('id', '=', embedJobId(collection.datasetId))]
          : []),
      ]),
    )
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
