import type { Kysely } from 'kysely';
import { cleanUpAttempts, cleanUpKind } from '../../jobs/clean-up.ts';
import type { Database } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { inBatches } from '../tree.ts';

/**
 * Marks collections as deleted within the caller's transaction: from its commit on no reader and no search sees them.
 * A job clears away what they hold; wake the queue after the commit.
 */
export async function markDeleted(
  app: Pick<App, 'jobs'>,
  trx: Kysely<Database>,
  teamId: string,
  which: { collectionIds: string[] } | { datasetIds: string[] },
): Promise<void> {
  const inDatasets = 'datasetIds' in which;
  for (const ids of inBatches(inDatasets ? which.datasetIds : which.collectionIds)) {
    await trx
      .updateTable('collections')
      .set({ deletedTime: Date.now(), forbid: 1 })
      .where('teamId', '=', teamId)
      .where(inDatasets ? 'datasetId' : 'id', 'in', ids)
      .execute();
    await app.jobs.cancelFor({ teamId, [inDatasets ? 'datasetIds' : 'collectionIds']: ids }, trx);
  }
  await app.jobs.enqueue({ kind: cleanUpKind, teamId, payload: {}, maxAttempts: cleanUpAttempts }, trx);
}
