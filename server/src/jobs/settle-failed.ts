import type { Kysely } from 'kysely';
import type { Database } from '../store/schema.ts';
import { embedJobId } from './embedding.ts';
import { trainJobId } from './training/training.ts';

/**
 * Ends the jobs of a dataset that failed only because of items that are gone now: nothing of them is left to be seen
 * to. Part of the transaction that takes the items away.
 */
export async function settleFailed(
  trx: Kysely<Database>,
  { teamId, datasetId }: { teamId: string; datasetId: string },
): Promise<void> {
  const items = trx
    .selectFrom('training_items')
    .select('id')
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .limit(1);
  const data = trx
    .selectFrom('data')
    .select('id')
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .where('vectorModel', 'is', null)
    .limit(1);
  for (const [id, left] of [
    [trainJobId(datasetId), items],
    [embedJobId(datasetId), data],
  ] as const) {
    if (await left.executeTakeFirst()) continue;
    await trx
      .updateTable('jobs')
      .set({ state: 'done', percent: 100, error: null, cause: null, updateTime: Date.now() })
      .where('teamId', '=', teamId)
      .where('id', '=', id)
      .where('state', '=', 'failed')
      .execute();
  }
}
