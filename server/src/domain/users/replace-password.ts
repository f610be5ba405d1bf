import { audit } from '../audit/audit.ts';
import type { App, SessionCaller } from '../context.ts';
import { clientHash, generatePassword, hashPassword } from './password.ts';
import { endSessions } from './sessions.ts';

/**
 * Gives a user a new generated password, for someone who has lost theirs: all their sessions end, API keys go on working. Only
 * the operator does this.
 */
export async function replacePassword(
  app: Pick<App, 'store'>,
  caller: SessionCaller,
): Promise<{ username: string; password: string }> {
  const password = generatePassword();
  const passwordHash = await hashPassword(clientHash(password));
  const username = await app.store.db.transaction().execute(async (trx) => {
    const user = await trx
      .updateTable('users')
      .set({ passwordHash, passwordTime: Date.now(), mustChange: 0 })
      .where('id', '=', caller.userId)
      .returning('username')
      .executeTakeFirstOrThrow();
    await endSessions(trx, caller.userId);
    await audit(trx, caller, { action: 'password.change', objectType: 'user', objectId: caller.userId });
    return user.username;
  });
  return { username, password };
}
