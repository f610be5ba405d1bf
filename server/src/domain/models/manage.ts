import { fail } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { memberCaller } from '../users/member-caller.ts';

/** Models belong to the installation: owners and admins of root's team manage them, nobody else. */
export async function authorizeModels(app: Pick<App, 'store'>, caller: Caller): Promise<void> {
  authorize(caller, 'model:manage');
  const root = await memberCaller(app.store.db, { username: 'root', teamId: caller.teamId });
  if (!root) throw fail('installationForbidden');
}

/** Only the user root, in whatever team. */
export async function authorizeRoot(app: Pick<App, 'store'>, caller: Caller): Promise<void> {
  const root = await memberCaller(app.store.db, { username: 'root' });
  if (!root || root.userId !== caller.userId) throw fail('rootOnly');
}
