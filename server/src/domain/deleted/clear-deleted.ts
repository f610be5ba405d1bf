import { releaseDeleted } from '../../jobs/release-deleted.ts';
import type { DeletionRow } from '../../store/schema.ts';
import { audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { enqueueCleanUp } from './keep-deleted.ts';
import { requireDeletions } from './queries.ts';

/** Deletes for good what could still be restored: all that are named, or none. A job clears it away. */
export async function clearDeleted(
  app: Pick<App, 'store' | 'jobs' | 'processes'>,
  caller: Caller,
  what: { objectType: DeletionRow['objectType']; ids: readonly string[] },
): Promise<void> {
  const { objectType } = what;
  await app.store.db.transaction().execute(async (trx) => {
    for (const deletion of await requireDeletions(app, trx, caller, what)) {
      const { id, name, type } = deletion;
      await releaseDeleted(trx, deletion);
      const detail = { name, type };
      await audit(trx, caller, { action: `${objectType}.clear`, objectType, objectId: id, detail });
    }
    await enqueueCleanUp(app, trx, caller.teamId);
  });
  app.jobs.wake();
}
