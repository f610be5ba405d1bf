import type { Kysely } from 'kysely';
import { lockTree } from '../../store/locking.ts';
import type { Database } from '../../store/schema.ts';
import { audit } from '../audit/audit.ts';
import { stopRuns } from '../chats/stop-chat.ts';
import type { App, Caller } from '../context.ts';
import { enqueueCleanUp, keepDeleted } from '../deleted/keep-deleted.ts';
import { requireWholeFolder } from '../deleted/whole-folder.ts';
import { authorize, requireManager } from '../policy.ts';
import { inBatches, withDescendants } from '../tree.ts';
import { requireAppIn } from './queries.ts';

/**
 * Deletes an app with its versions, keys, chats and runs; a folder with all apps in it. They are gone for every reader
 * when this resolves, their keys with them, and can be restored for as long as the settings say. Answers that were
 * being written are stopped. Answers the ids. Throws folderHoldsOthers.
 */
export async function deleteApp(
  app: Pick<App, 'store' | 'jobs' | 'config' | 'processes' | 'runs'>,
  caller: Caller,
  appId: string,
): Promise<string[]> {
  authorize(caller, 'app:write');
  const { teamId } = caller;
  const { db } = app.store;
  const appIds = await db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `apps ${teamId}`, 'alone');
    const { id, name, type, memberId } = await requireAppIn(trx, teamId, appId);
    requireManager(caller, 'app', memberId);
    const going = await withDescendants(trx, 'apps', teamId, [id]);
    const contents = await requireWholeFolder(trx, caller, { objectType: 'app', rootId: id, ids: going });
    const deletionId = await keepDeleted(app, trx, caller, { id, objectType: 'app' });
    for (const ids of inBatches(going)) {
      await trx
        .updateTable('apps')
        .set({ deletedTime: Date.now(), deletionId })
        .where('teamId', '=', teamId)
        .where('id', 'in', ids)
        .execute();
    }
    if (deletionId === null) await enqueueCleanUp(app, trx, teamId);
    const detail = { name, type, restorable: deletionId !== null, ...(type === 'folder' && { contents }) };
    await audit(trx, caller, { action: 'app.delete', objectType: 'app', objectId: id, detail });
    return going;
  });
  app.jobs.wake();
  await stopRuns(app, await runningOf(db, teamId, appIds));
  return appIds;
}

async function runningOf(db: Kysely<Database>, teamId: string, appIds: readonly string[]) {
  const running = [];
  for (const ids of inBatches(appIds)) {
    running.push(
      ...(await db
        .selectFrom('runs')
        .select(['id', 'owner', 'chatRowId', 'startTime'])
        .where('teamId', '=', teamId)
        .where('appId', 'in', ids)
        .where('status', '=', 'running')
        .execute()),
    );
  }
  return running;
}
