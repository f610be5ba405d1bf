import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { trainingEndpoints } from '@lectern/contract/training.ts';
import type { Kysely, SelectQueryBuilder } from 'kysely';
import { embedJobId } from '../../jobs/embedding.ts';
import type { JobError } from '../../jobs/failure.ts';
import { fromJson } from '../../store/json.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { listRefused } from '../training/refused-items.ts';
import { type EmbeddingState, embeddingState, failedItems } from './embedding-state.ts';
import { modeOf } from './get-training-detail.ts';
import { requireCollection } from './queries.ts';

type Endpoint = typeof trainingEndpoints.getTrainingError;

/** What failed for good in a collection: its imports, latest first, then single items in the order of its text. */
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
  const sources = [
    await failedJobs(db, collection, embedding, lang),
    await failedItemsOf(db, collection, lang),
    refusedItems(db, collection, embedding, lang),
  ];
  const { offset, limit } = pageOf(input);
  const list: Row[] = [];
  let before = 0;
  for (const { total, page } of sources) {
    const from = Math.max(0, offset - before);
    if (from < total && list.length < limit) list.push(...(await page(from, limit - list.length)));
    before += total;
  }
  return { list, total: before };
}

type Row = OutputOf<Endpoint>['list'][number];

/** One kind of what can fail. */
interface Source {
  total: number;
  page(offset: number, limit: number): Promise<Row[]>;
}

async function failedJobs(
  db: Kysely<Database>,
  collection: CollectionRow,
  embedding: EmbeddingState,
  lang: Lang,
): Promise<Source> {
  // Embedding is a job of the dataset. Where its model refused single items, those are told of by themselves.
  const { job } = embedding;
  const refused = fromJson<JobError | undefined>(job?.error ?? null, undefined)?.name === 'embeddingRefused';
  const embedFailed = job?.state === 'failed' && !refused && failedItems(embedding, collection.id) > 0;
  const failed = db
    .selectFrom('jobs')
    .where('teamId', '=', collection.teamId)
    .where((eb) =>
      eb.or([
        eb('collectionId', '=', collection.id),
        ...(embedFailed ? [eb('id', '=', embedJobId(collection.datasetId))] : []),
      ]),
    )
    .where('state', '=', 'failed');
  return {
    total: await countOf(failed),
    async page(offset, limit) {
      const jobs = await failed.selectAll().orderBy('id', 'desc').limit(limit).offset(offset).execute();
      return jobs.map((row) => ({
        ...placeOf(collection, row.id),
        mode: modeOf(row.stage),
        q: '',
        a: '',
        chunkIndex: 0,
        errorMsg: textOf(row.error, lang),
        cause: row.cause ?? 'bug',
        retryCount: 0,
      }));
    },
  };
}

/** What language models could not do. */
async function failedItemsOf(db: Kysely<Database>, collection: CollectionRow, lang: Lang): Promise<Source> {
  const failed = db
    .selectFrom('training_items')
    .where('teamId', '=', collection.teamId)
    .where('collectionId', '=', collection.id)
    .where('state', '=', 'failed');
  return {
    total: await countOf(failed),
    async page(offset, limit) {
      const ordered = failed.selectAll().orderBy('chunkIndex').orderBy('id');
      const items = await ordered.limit(limit).offset(offset).execute();
      return items.map(({ id, mode, q, a, chunkIndex, error, cause, retryCount }) => ({
        ...placeOf(collection, id),
        mode,
        q,
        a,
        chunkIndex,
        errorMsg: textOf(error, lang),
        cause: cause ?? 'bug',
        retryCount,
      }));
    },
  };
}

/** What the embedding model refused. */
function refusedItems(
  db: Kysely<Database>,
  collection: CollectionRow,
  { refused }: EmbeddingState,
  lang: Lang,
): Source {
  return {
    total: refused.get(collection.id) ?? 0,
    async page(offset, limit) {
      const items = await listRefused(db, collection, { offset, limit });
      return items.map(({ id, q, a, chunkIndex, error }) => ({
        ...placeOf(collection, id),
        mode: 'chunk',
        q,
        a,
        chunkIndex,
        errorMsg: textOf(error, lang),
        cause: 'model',
        retryCount: 0,
      }));
    },
  };
}

const placeOf = ({ teamId, datasetId, id }: CollectionRow, _id: string) => ({
  _id,
  teamId,
  datasetId,
  collectionId: id,
});

const textOf = (error: string | null, lang: Lang): string =>
  fromJson<Record<Lang, string>>(error, { en: '', zh: '' })[lang];

async function countOf<T extends 'jobs' | 'training_items'>(
  query: SelectQueryBuilder<Database, T, unknown>,
): Promise<number> {
  const row = await query
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .$castTo<{ n: number }>()
    .executeTakeFirst();
  return Number(row?.n ?? 0);
}
