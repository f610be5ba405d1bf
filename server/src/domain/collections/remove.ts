import type { Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { enqueueCleanUp } from '../deleted/keep-deleted.ts';
import { inBatches } from '../tree.ts';

/** What goes: collections, or all collections of datasets, which a deletion may keep. */
type Going = { collectionIds: string[] } | { datasetIds: string[]; deletionId: string | null };

/**
 * Marks collections as deleted within the caller's transaction: from its commit on no reader and no search sees them.
 * Unless a deletion keeps them, a job clears away what they hold; wake the queue after the commit.
 */
export async function markDeleted(
  app: Pick<App, 'jobs'>,
  trx: Kysely<Database>,
  teamId: string,
  going: Going,
): Promise<void> {
  const inDatasets = 'datasetIds' in going;
  const deletionId = inDatasets ? going.deletionId : null;
  for (const ids of inBatches(inDatasets ? going.datasetIds : going.collectionIds)) {
    await trx
      .updateTable('collections')
      .set({ deletedTime: Date.now(), deletionId, forbid: 1 })
      .where('teamId', '=', teamId)
      .where(inDatasets ? 'datasetId' : 'id', 'in', ids)
      // What was deleted before by itself does not come back with its dataset.
      .where('deletedTime', 'is', null)
      .execute();
    await app.jobs.cancelFor({ teamId, [inDatasets ? 'datasetIds' : 'collectionIds']: ids }, trx);
  }
  if (deletionId === null) await enqueueCleanUp(app, trx, teamId);
}
