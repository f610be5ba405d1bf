import { fail } from '../../kernel/errors.ts';
import { audit } from '../audit/audit.ts';
import type { App, SessionCaller } from '../context.ts';
import { countLoginAttempt, forgetLoginAttempts } from './login-attempts.ts';
import { hashPassword, isCommonPassword, verifyPassword } from './password.ts';
import { endSessions } from './sessions.ts';

async function accountOf(app: Pick<App, 'store'>, caller: SessionCaller) {
  const user = await app.store.db
    .selectFrom('users')
    .select(['username', 'passwordHash', 'mustChange'])
    .where('id', '=', caller.userId)
    .executeTakeFirst();
  if (!user) throw fail('loginRequired');
  return user;
}

async function storePassword(
  app: Pick<App, 'store'>,
  caller: SessionCaller,
  clientHex: string,
): Promise<void> {
  if (isCommonPassword(clientHex)) throw fail('passwordTooWeak');
  const passwordHash = await hashPassword(clientHex);
  await app.store.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('users')
      .set({ passwordHash, passwordTime: Date.now(), mustChange: 0 })
      .where('id', '=', caller.userId)
      .execute();
    await endSessions(trx, caller.userId, caller.sessionId);
    await audit(trx, caller, { action: 'password.change', objectType: 'user', objectId: caller.userId });
  });
}

/**
 * Changes the password of someone who knows the old one; all their other sessions end. Wrong tries count as log-in
 * attempts. Throws oldPasswordWrong, passwordUnchanged, passwordTooWeak, tooManyAttempts.
 */
export async function changePassword(
  app: Pick<App, 'store'>,
  caller: SessionCaller,
  input: { oldPsw: string; newPsw: string },
): Promise<void> {
  const user = await accountOf(app, caller);
  const address = caller.address ?? '';
  await countLoginAttempt(app, user.username, address);
  if (!(await verifyPassword(input.oldPsw, user.passwordHash))) throw fail('oldPasswordWrong');
  await forgetLoginAttempts(app, user.username, address);
  if (input.oldPsw.toLowerCase() === input.newPsw.toLowerCase()) throw fail('passwordUnchanged');
  await storePassword(app, caller, input.newPsw);
}

/**
 * Sets a new password where it must be changed (first log-in with a known default); the session has just proved the
 * old one. Throws passwordNotExpired, passwordUnchanged, passwordTooWeak.
 */
export async function resetExpiredPassword(
  app: Pick<App, 'store'>,
  caller: SessionCaller,
  newPsw: string,
): Promise<void> {
  const user = await accountOf(app, caller);
  if (user.mustChange === 0) throw fail('passwordNotExpired');
  if (await verifyPassword(newPsw, user.passwordHash)) throw fail('passwordUnchanged');
  await storePassword(app, caller, newPsw);
}
