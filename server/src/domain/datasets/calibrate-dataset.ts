import type { Embedder } from '../../models/ports.ts';
import { calibrate, type SampleItem } from '../../retrieval/calibrate.ts';
import type { App } from '../context.ts';

type CalibrationApp = Pick<App, 'store' | 'models' | 'textIndex' | 'vectorIndex' | 'log'>;

interface Which {
  teamId: string;
  datasetId: string;
}

/** Passages that the questions are made from. */
const sampleSize = 120;
/** How much a dataset has to grow before it is measured again. */
const growth = 2;
/** Stands where a dataset is too small to be measured: what is in it comes up whatever is searched. */
const smallDatasetWeight = 0.5;

/**
 * Measures what the vectors of a dataset are worth beside its words, once it is embedded and again when it has doubled.
 * No hybrid search gives them a higher weight than that.
 */
export async function calibrateDataset(
  app: CalibrationApp,
  which: Which,
  signal: AbortSignal,
): Promise<void> {
  const { db } = app.store;
  const { teamId, datasetId } = which;
  const dataset = await db
    .selectFrom('datasets')
    .select(['vectorModel', 'dimensions', 'calibratedItems'])
    .where('teamId', '=', teamId)
    .where('id', '=', datasetId)
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
  const embedder = dataset?.vectorModel ? app.models.embedder(dataset.vectorModel) : undefined;
  if (!embedder || dataset?.dimensions == null) return;
  const { calibratedItems } = dataset;
  if (calibratedItems !== null) {
    if ((await countItems(app, which)) < growth * Math.max(1, calibratedItems)) return;
  }
  const { best, items } = await measureVectors(app, which, embedder, signal);
  await db
    .updateTable('datasets')
    .set({ bestEmbeddingWeight: best, calibratedItems: items })
    .where('teamId', '=', teamId)
    .where('id', '=', datasetId)
    .where('vectorModel', '=', embedder.id)
    .execute();
}

/** Measures what the vectors of one model are worth in a dataset; `best` is the most that they should count. */
export async function measureVectors(
  app: CalibrationApp,
  which: Which,
  embedder: Embedder,
  signal: AbortSignal,
): Promise<{ best: number; items: number }> {
  const items = await countItems(app, which);
  const measured = await calibrate(app, { ...which, embedder }, await sampleOf(app, which), signal);
  const best = measured?.best ?? smallDatasetWeight;
  app.log.info(
    { dataset: which.datasetId, model: embedder.id, items, ...measured, best },
    'hybrid search measured',
  );
  return { best, items };
}

async function countItems({ store }: Pick<App, 'store'>, { teamId, datasetId }: Which): Promise<number> {
  const counted = await store.db
    .selectFrom('data')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .executeTakeFirst();
  return Number(counted?.n ?? 0);
}

/** Items from all over the dataset: those behind evenly spread numbers of vectors. */
async function sampleOf({ store }: CalibrationApp, { teamId, datasetId }: Which): Promise<SampleItem[]> {
  const { db } = store;
  const vectors = db.selectFrom('vectors').where('teamId', '=', teamId).where('datasetId', '=', datasetId);
  const range = await vectors
    .select(({ fn }) => [fn.min('seq').as('first'), fn.max('seq').as('last')])
    .executeTakeFirst();
  const [first, last] = [Number(range?.first ?? 0), Number(range?.last ?? 0)];
  const ids = new Set<string>();
  for (let i = 0; i < sampleSize && last > 0; i += 1) {
    const from = first + Math.floor(((last - first) * i) / sampleSize);
    const row = await vectors
      .select('dataId')
      .where('seq', '>=', from)
      .orderBy('seq')
      .limit(1)
      .executeTakeFirst();
    if (row) ids.add(row.dataId);
  }
  if (ids.size === 0) return [];
  const rows = await db
    .selectFrom('data')
    .innerJoin('collections', 'collections.id', 'data.collectionId')
    .select(['data.id', 'data.q', 'data.a'])
    .where('data.teamId', '=', teamId)
    .where('data.id', 'in', [...ids])
    .where('collections.forbid', '=', 0)
    .orderBy('data.id')
    .execute();
  return rows.map(({ id, q, a }) => ({ id, text: `${q}\n${a}` }));
}
