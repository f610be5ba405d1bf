import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { trainingEndpoints } from '@lectern/contract/training.ts';
import { embedJobId } from '../../jobs/embedding.ts';
import { fromJson } from '../../store/json.ts';
import type { CollectionRow, TrainingItemRow } from '../../store/schema.ts';
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
  const jobTotal = Number(counted?.total ?? 0);
  const items = await failedItemsOf(app, collection, {
    offset: Math.max(0, offset - jobTotal),
    limit: limit - jobs.length,
  });
  const ofJobs = jobs.map((job) => ({
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
  const ofItems = items.rows.map((item) => ({
    _id: item.id,
    teamId: item.teamId,
    datasetId: item.datasetId,
    collectionId: item.collectionId,
    mode: item.mode,
    q: item.q,
    a: item.a,
    chunkIndex: item.chunkIndex,
    errorMsg: fromJson<Record<Lang, string>>(item.error, { en: '', zh: '' })[lang],
    cause: item.cause ?? 'bug',
    retryCount: item.retryCount,
  }));
  return { list: [...ofJobs, ...ofItems], total: jobTotal + items.total };
}

/** What models could not do for a collection, in the order of its text. */
async function failedItemsOf(
  { store: { db } }: Pick<App, 'store'>,
  { teamId, id }: Pick<CollectionRow, 'teamId' | 'id'>,
  { offset, limit }: { offset: number; limit: number },
): Promise<{ rows: TrainingItemRow[]; total: number }> {
  const failed = db
    .selectFrom('training_items')
    .where('teamId', '=', teamId)
    .where('collectionId', '=', id)
    .where('state', '=', 'failed');
  const counted = await failed.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirst();
  const page = failed.selectAll().orderBy('chunkIndex').orderBy('id').limit(limit).offset(offset);
  return { rows: limit > 0 ? await page.execute() : [], total: Number(counted?.n ?? 0) };
}
