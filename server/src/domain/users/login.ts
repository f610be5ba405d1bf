import { fail } from '../../kernel/errors.ts';
import { audit } from '../audit/audit.ts';
import { noteFailedLogin } from '../audit/login-trail.ts';
import type { App } from '../context.ts';
import { normalName } from './create-user.ts';
import { countLoginAttempt, forgetLoginAttempts } from './login-attempts.ts';
import { memberCaller } from './member-caller.ts';
import { verifyPassword } from './password.ts';
import { useLoginCode } from './pre-login.ts';
import { presentUser } from './present-user.ts';
import { createSession } from './sessions.ts';

export interface LoginInput {
  username: string;
  /** SHA-256 hex of what the person typed. */
  password: string;
  code: string;
}

/**
 * Opens a session in the team that the user joined first. An unknown name, a disabled user and a wrong password are
 * one and the same answer after the same work. Each try is in the audit log. Throws tooManyAttempts, loginCodeWrong, accountOrPasswordWrong.
 */
export async function login(app: Pick<App, 'store'>, input: LoginInput, address: string) {
  const { username, password, code } = input;
  await countLoginAttempt(app, username, address);
  if (!(await useLoginCode(app, username, code))) {
    await noteFailedLogin(app, { username, address });
    throw fail('loginCodeWrong');
  }
  const user = await app.store.db
    .selectFrom('users')
    .select('passwordHash')
    .where('username', '=', normalName(username))
    .executeTakeFirst();
  const right = await verifyPassword(password, user?.passwordHash);
  const caller = await memberCaller(app.store.db, { username });
  if (!right || !caller) {
    await noteFailedLogin(app, { username, address });
    throw fail('accountOrPasswordWrong');
  }
  await forgetLoginAttempts(app, username, address);
  const { userId, memberId, teamId } = caller;
  const token = await app.store.db.transaction().execute(async (trx) => {
    const entry = { action: 'login.success', objectType: 'member', objectId: memberId } as const;
    await audit(trx, { ...caller, address }, entry);
    return createSession(trx, { userId, memberId, teamId });
  });
  return { token, user: await presentUser(app, caller) };
}
