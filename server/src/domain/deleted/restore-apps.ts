import { audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { oldFolder } from './old-folder.ts';
import { requireDeletions } from './queries.ts';

/**
 * Gives back deleted apps with their versions, keys and chats, those of a folder included: into the folder they were
 * in, or the root when that is gone. All that are named, or none.
 */
export async function restoreApps(
  app: Pick<App, 'store' | 'processes'>,
  caller: Caller,
  ids: readonly string[],
): Promise<void> {
  const { teamId } = caller;
  await app.store.db.transaction().execute(async (trx) => {
    for (const deletion of await requireDeletions(app, trx, caller, { objectType: 'app', ids })) {
      const { id, name, type } = deletion;
      await trx
        .updateTable('apps')
        .set({ deletedTime: null, deletionId: null })
        .where('teamId', '=', teamId)
        .where('deletionId', '=', id)
        .execute();
      await trx
        .updateTable('apps')
        .set({ parentId: await oldFolder(trx, deletion) })
        .where('teamId', '=', teamId)
        .where('id', '=', id)
        .execute();
      await trx.deleteFrom('deletions').where('teamId', '=', teamId).where('id', '=', id).execute();
      const detail = { name, type };
      await audit(trx, caller, { action: 'app.restore', objectType: 'app', objectId: id, detail });
    }
  });
}
