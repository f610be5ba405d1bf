import { fail } from '../../kernel/errors.ts';
import type { App } from '../context.ts';
import { normalName } from './create-user.ts';

const windowMs = 15 * 60_000;
const maxAttempts = 10;

/** Names are bounded, so that a bucket is a short text whatever was sent. */
const bucketOf = (username: string, address: string) => `${normalName(username).slice(0, 200)}|${address}`;

/**
 * Counts a log-in attempt of an account from an address before anything is checked. Throws tooManyRequests for the
 * eleventh within 15 minutes of the first, right password or not.
 */
export async function countLoginAttempt(
  app: Pick<App, 'store'>,
  username: string,
  address: string,
): Promise<void> {
  const now = Date.now();
  const { db } = app.store;
  const [, rows] = await app.store.batch([
    db
      .deleteFrom('login_attempts')
      .where('windowStart', '<=', now - windowMs)
      .compile(),
    db
      .insertInto('login_attempts')
      .values({ bucket: bucketOf(username, address), count: 1, windowStart: now })
      .onConflict((conflict) =>
        conflict.column('bucket').doUpdateSet((eb) => ({ count: eb('login_attempts.count', '+', 1) })),
      )
      .returning(['count', 'windowStart'])
      .compile(),
  ]);
  const attempt = rows?.[0] as { count: number; windowStart: number };
  if (attempt.count <= maxAttempts) return;
  const retry = Math.max(1, Math.ceil((attempt.windowStart + windowMs - now) / 1000));
  throw fail('tooManyRequests', {
    params: { limit: maxAttempts, window: windowMs / 1000, retry },
    retryAfter: retry,
    headers: {
      'x-ratelimit-limit': String(maxAttempts),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(retry),
    },
  });
}

/** A log-in that worked proves the person: the count starts again. */
export async function forgetLoginAttempts(
  app: Pick<App, 'store'>,
  username: string,
  address: string,
): Promise<void> {
  await app.store.db.deleteFrom('login_attempts').where('bucket', '=', bucketOf(username, address)).execute();
}
