import { embedderOf, embedJobId } from '../../jobs/embedding.ts';
import type { DatasetRow, JobRow } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { countRefused } from '../training/refused-items.ts';

/** What of a dataset's collections still has to be embedded, and what became of the job that does it. */
export interface EmbeddingState {
  /** Items by collection; empty when no embedding model is there, as nothing waits for one then. */
  waiting: Map<string, number>;
  /** Those of them that the model refused. */
  refused: Map<string, number>;
  job?: JobRow;
}

/** How far the collections of one dataset are embedded. */
export async function embeddingState(
  app: Pick<App, 'store' | 'models' | 'vectorIndex'>,
  dataset: Pick<DatasetRow, 'id' | 'teamId' | 'vectorModel' | 'dimensions'>,
  collectionIds: string[],
): Promise<EmbeddingState> {
  if (collectionIds.length === 0 || !embedderOf(app, dataset))
    return { waiting: new Map(), refused: new Map() };
  const { db } = app.store;
  const [rows, refused, job] = await Promise.all([
    db
      .selectFrom('data')
      .select(['collectionId', (eb) => eb.fn.countAll<number>().as('amount')])
      .where('teamId', '=', dataset.teamId)
      .where('datasetId', '=', dataset.id)
      .where('collectionId', 'in', collectionIds)
      .where('vectorModel', 'is', null)
      .groupBy('collectionId')
      .execute(),
    countRefused(db, dataset.teamId, collectionIds),
    db
      .selectFrom('jobs')
      .selectAll()
      .where('teamId', '=', dataset.teamId)
      .where('id', '=', embedJobId(dataset.id))
      .executeTakeFirst(),
  ]);
  return {
    waiting: new Map(rows.map(({ collectionId, amount }) => [collectionId, Number(amount)])),
    refused,
    ...(job && { job }),
  };
}

/** Items of a collection that could not be embedded. */
export function failedItems({ waiting, refused, job }: EmbeddingState, collectionId: string): number {
  const which = job?.state === 'failed' ? waiting : refused;
  return which.get(collectionId) ?? 0;
}

/** Items of a collection that are about to be embedded. */
export function waitingItems(state: EmbeddingState, collectionId: string): number {
  return (state.waiting.get(collectionId) ?? 0) - failedItems(state, collectionId);
}
