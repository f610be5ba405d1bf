import { randomText } from '../../kernel/secrets.ts';
import type { App } from '../context.ts';
import { normalName } from './create-user.ts';
import { countLoginCode } from './login-attempts.ts';

const lifetimeMs = 30_000;

/**
 * A code of 6 characters that the next log-in of this name must bring within 30 seconds. Given for any name, so that
 * it says nothing about who exists. Throws tooManyAttempts when one address asks for hundreds.
 */
export async function preLogin(
  app: Pick<App, 'store'>,
  username: string,
  address: string,
): Promise<{ code: string }> {
  await countLoginCode(app, address);
  const code = randomText(6, 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789');
  const { db } = app.store;
  await app.store.batch([
    db.deleteFrom('login_codes').where('expireTime', '<=', Date.now()).compile(),
    db
      .insertInto('login_codes')
      .values({ username: normalName(username), code, expireTime: Date.now() + lifetimeMs })
      .onConflict((conflict) => conflict.columns(['username', 'code']).doNothing())
      .compile(),
  ]);
  return { code };
}

/** Takes the code away: true once, and only in time. Compared without case, as clients expect. */
export async function useLoginCode(
  app: Pick<App, 'store'>,
  username: string,
  code: string,
): Promise<boolean> {
  const used = await app.store.db
    .deleteFrom('login_codes')
    .where('username', '=', normalName(username))
    .where('code', '=', code.trim().toUpperCase())
    .where('expireTime', '>', Date.now())
    .executeTakeFirst();
  return used.numDeletedRows > 0n;
}
