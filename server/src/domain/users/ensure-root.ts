import { audit } from '../audit/audit.ts';
import type { App, SessionCaller } from '../context.ts';
import { insertMember, insertTeam, insertUser } from './create-user.ts';
import { memberCaller } from './member-caller.ts';
import { clientHash, generatePassword, hashPassword, isCommonPassword } from './password.ts';

export interface RootAccount {
  /** Acts as root's member: the first run makes its demo with it. */
  caller: SessionCaller;
  /** True at the first start only. */
  created: boolean;
  /** The generated password, at the first start only and only when none was configured. Print it once, log it never. */
  password?: string;
  /** A known default was configured; the first login has to change it. */
  mustChange: boolean;
}

/**
 * Makes the first team and its owner `root` when there is no root yet. The configured password counts at the first
 * start only: later ones never set it again. Of several processes that start at once one makes it.
 */
export async function ensureRoot(app: Pick<App, 'store' | 'config'>): Promise<RootAccount> {
  const known = await memberCaller(app.store.db, { username: 'root' });
  if (known) return { caller: known, created: false, mustChange: known.mustChangePassword };
  const configured = app.config.defaultRootPassword;
  const password = configured ?? generatePassword();
  const mustChange = isCommonPassword(clientHash(password));
  const passwordHash = await hashPassword(clientHash(password));
  let caller: SessionCaller | undefined;
  try {
    caller = await storeRoot(app, { passwordHash, mustChange });
  } catch (thrown) {
    // Another process was first: the name is taken.
    const other = await memberCaller(app.store.db, { username: 'root' });
    if (!other) throw thrown;
    return { caller: other, created: false, mustChange: other.mustChangePassword };
  }
  if (!caller) throw new Error('root was stored but is not found');
  return { caller, created: true, mustChange, ...(configured === undefined && { password }) };
}

function storeRoot(
  app: Pick<App, 'store'>,
  { passwordHash, mustChange }: { passwordHash: string; mustChange: boolean },
): Promise<SessionCaller | undefined> {
  return app.store.db.transaction().execute(async (trx) => {
    const userId = await insertUser(trx, { username: 'root', passwordHash, mustChange });
    const teamId = await insertTeam(trx, 'My team');
    await insertMember(trx, { teamId, userId, role: 'owner', name: 'root' });
    await audit(
      trx,
      { teamId, actor: 'first start' },
      { action: 'team.create', objectType: 'team', objectId: teamId },
    );
    return memberCaller(trx, { username: 'root' });
  });
}
