import { fail } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';
import { may } from '../policy.ts';
import { presentKey } from './present.ts';
import { appExists } from './queries.ts';

/**
 * Keys, newest first: of an app, the global ones (`appId` absent), or all of them. Managers see the whole team's,
 * others their own. Throws appNotFound.
 */
export async function listKeys(
  app: Pick<App, 'store' | 'keyUsage'>,
  caller: Caller,
  of: { appId?: string | undefined; all?: boolean },
) {
  const { db } = app.store;
  if (of.appId !== undefined && !(await appExists(db, caller.teamId, of.appId))) throw fail('appNotFound');
  let query = db.selectFrom('api_keys').selectAll().where('teamId', '=', caller.teamId);
  if (!may(caller, 'key:manageAll')) query = query.where('memberId', '=', caller.memberId);
  if (of.appId !== undefined) query = query.where('appId', '=', of.appId);
  else if (!of.all) query = query.where('appId', 'is', null);
  const rows = await query.orderBy('createTime', 'desc').orderBy('id', 'desc').execute();
  return rows.map((row) => presentKey(row, app.keyUsage));
}
