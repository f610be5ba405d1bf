import type { Text } from '@lectern/contract/lang.ts';
import type { Embedder, ModelRegistry } from '../models/ports.ts';
import type { Store } from '../store/ports.ts';
import { modelGone } from './notices.ts';
import type { OtherIndex, SearchRequest } from './ports.ts';

/** A dataset that can be searched by its vectors. */
export interface EmbeddedDataset {
  id: string;
  embedder: Embedder;
  dimensions: number;
  /** Passages that have no vectors yet. */
  pending: number;
  bestWeight: number | null;
}

/** How far the datasets of a search are embedded with models that are connected. */
export interface EmbeddedShare {
  datasets: EmbeddedDataset[];
  /** Passages by dataset; only where something is missing, as counting takes time. */
  totals?: Map<string, number>;
  /** Models that made vectors and are gone. */
  notices: Text[];
}

/** Looks which of the datasets can be searched by their vectors. */
export async function embeddedShare(
  { store, models }: { store: Pick<Store, 'db'>; models: Pick<ModelRegistry, 'embedder'> },
  { teamId, datasetIds, otherIndex }: Pick<SearchRequest, 'teamId' | 'datasetIds' | 'otherIndex'>,
): Promise<EmbeddedShare> {
  if (datasetIds.length === 0) return { datasets: [], notices: [] };
  if (otherIndex) return shareOf(models, datasetIds, otherIndex);
  const rows = await store.db
    .selectFrom('datasets')
    .select(['id', 'vectorModel', 'dimensions', 'bestEmbeddingWeight'])
    .select((eb) =>
      eb
        .exists(
          eb
            .selectFrom('data')
            .select('data.id')
            .whereRef('data.datasetId', '=', 'datasets.id')
            .where('data.vectorModel', 'is', null),
        )
        .as('waits'),
    )
    .where('teamId', '=', teamId)
    .where('id', 'in', datasetIds)
    .where('deletedTime', 'is', null)
    .execute();
  const datasets: EmbeddedDataset[] = [];
  const gone = new Set<string>();
  for (const { id, vectorModel, dimensions, bestEmbeddingWeight } of rows) {
    if (vectorModel === null || dimensions === null) continue;
    const embedder = models.embedder(vectorModel);
    if (embedder) datasets.push({ id, embedder, dimensions, pending: 0, bestWeight: bestEmbeddingWeight });
    else gone.add(vectorModel);
  }
  const notices = [...gone].map(modelGone);
  const complete = datasets.length === rows.length && rows.every(({ waits }) => Number(waits) === 0);
  if (complete || datasets.length === 0) return { datasets, notices };
  const ids = rows.map(({ id }) => id);
  const [totals, pending] = await Promise.all([
    countItems(store, teamId, ids, false),
    countItems(store, teamId, ids, true),
  ]);
  for (const dataset of datasets) dataset.pending = pending.get(dataset.id) ?? 0;
  return { datasets, totals, notices };
}

function shareOf(
  models: Pick<ModelRegistry, 'embedder'>,
  datasetIds: string[],
  { model, dimensions, bestWeight }: OtherIndex,
): EmbeddedShare {
  const embedder = models.embedder(model);
  if (!embedder) return { datasets: [], notices: [modelGone(model)] };
  return {
    datasets: datasetIds.map((id) => ({ id, embedder, dimensions, pending: 0, bestWeight })),
    notices: [],
  };
}

async function countItems(
  { db }: Pick<Store, 'db'>,
  teamId: string,
  datasetIds: string[],
  waiting: boolean,
): Promise<Map<string, number>> {
  let query = db
    .selectFrom('data')
    .select(['datasetId', (eb) => eb.fn.countAll<number>().as('n')])
    .where('teamId', '=', teamId)
    .where('datasetId', 'in', datasetIds)
    .groupBy('datasetId');
  if (waiting) query = query.where('vectorModel', 'is', null);
  const rows = await query.execute();
  return new Map(rows.map(({ datasetId, n }) => [datasetId, Number(n)]));
}
