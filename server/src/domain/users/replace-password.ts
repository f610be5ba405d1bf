import { audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { clientHash, generatePassword, hashPassword } from './password.ts';
import { endSessions } from './sessions.ts';

/**
 * Gives a user a new generated password, for someone who has lost theirs: all their sessions end, API keys go on working. The caller
 * has shown that they may: they are the operator in the user's place, or manage the only team that the user is in.
 */
export async function replacePassword(
  app: Pick<App, 'store'>,
  caller: Caller,
  { userId = caller.userId, oneTime = false }: { userId?: string; oneTime?: boolean } = {},
): Promise<{ username: string; password: string }> {
  const password = generatePassword();
  const passwordHash = await hashPassword(clientHash(password));
  const username = await app.store.db.transaction().execute(async (trx) => {
    const user = await trx
      .updateTable('users')
      .set({ passwordHash, passwordTime: Date.now(), mustChange: oneTime ? 1 : 0 })
      .where('id', '=', userId)
      .returning('username')
      .executeTakeFirstOrThrow();
    await endSessions(trx, userId);
    await audit(trx, caller, { action: 'password.change', objectType: 'user', objectId: userId });
    return user.username;
  });
  return { username, password };
}
