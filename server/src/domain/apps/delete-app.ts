import { fail } from '../../kernel/errors.ts';
import { lockTree } from '../../store/locking.ts';
import type { App, Caller } from '../context.ts';
import { deleteKeysOfApps } from '../keys/delete-key.ts';
import { authorize, presentPermission } from '../policy.ts';
import { inBatches, withDescendants } from '../tree.ts';
import { requireApp } from './queries.ts';

/** Deletes an app with its versions, keys, chats and runs; a folder with all apps in it. Answers the ids. */
export async function deleteApp(app: Pick<App, 'store'>, caller: Caller, appId: string): Promise<string[]> {
  authorize(caller, 'app:write');
  const { teamId } = caller;
  const target = await requireApp(app, teamId, appId);
  if (!presentPermission(caller, 'app', target.memberId).hasManagePer) {
    const needed = { en: 'its creator, admin or owner', zh: '创建者、管理员或团队所有者' };
    throw fail('teamForbidden', { params: { role: caller.role, needed } });
  }
  return app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `apps ${teamId}`, 'alone');
    const appIds = await withDescendants(trx, 'apps', teamId, [appId]);
    for (const ids of inBatches(appIds)) {
      await deleteKeysOfApps(trx, caller, ids);
      const runs = trx.selectFrom('runs').select('id').where('teamId', '=', teamId).where('appId', 'in', ids);
      await trx.deleteFrom('run_events').where('runId', 'in', runs).execute();
      // Chats first, as whoever ends a run does: in another order the two could wait for each other.
      for (const table of ['chats', 'runs', 'chat_items', 'app_versions'] as const) {
        await trx.deleteFrom(table).where('teamId', '=', teamId).where('appId', 'in', ids).execute();
      }
      await trx.deleteFrom('apps').where('teamId', '=', teamId).where('id', 'in', ids).execute();
    }
    return appIds;
  });
}
