import { fail } from '../../kernel/errors.ts';
import { noteBlockedLogin } from '../audit/login-trail.ts';
import type { App } from '../context.ts';
import { addressGroup } from './address-group.ts';
import { normalName } from './create-user.ts';

const windowMs = 15 * 60_000;

/** Attempts in a window: of one account from one address, and of all accounts from one address. */
const maxOfAccount = 10;
const maxOfAddress = 100;
/** Log-in codes that one address may ask for in a window. */
const maxCodes = 300;
/** Exports of one member in a window: each reads a whole collection or dataset. */
const maxExports = 60;

/** Names are bounded, so that a bucket is a short text whatever was sent. */
const bucketOfAccount = (username: string, address: string) =>
  `${normalName(username).slice(0, 200)}|${addressGroup(address)}`;
// Begins with a blank, as no name does.
const bucketOfAddress = (purpose: 'login' | 'code', address: string) =>
  ` ${purpose}|${addressGroup(address)}`;

/**
 * Counts a log-in attempt of an account from an address before anything is checked. Throws tooManyAttempts for the
 * eleventh within 15 minutes of the first, right password or not, and for the hundred and first from one address,
 * whichever accounts it tried.
 */
export async function countLoginAttempt(
  app: Pick<App, 'store'>,
  username: string,
  address: string,
): Promise<void> {
  const [ofAccount, ofAddress] = await count(app, [
    { bucket: bucketOfAccount(username, address), max: maxOfAccount },
    { bucket: bucketOfAddress('login', address), max: maxOfAddress },
  ]);
  for (const [of, counted] of [
    ['account', ofAccount],
    ['address', ofAddress],
  ] as const) {
    // The first attempt that is too many is written down; those that follow say nothing new.
    if (counted?.count !== (counted?.max ?? 0) + 1) continue;
    const { max, restMs } = counted;
    const detail = { of, attempts: max, seconds: Math.ceil(restMs / 1000) };
    await noteBlockedLogin(app, { username, address }, detail);
  }
  refuseOver([ofAccount, ofAddress], 'tooManyAttempts');
}

/** Counts a log-in code given to an address. Throws tooManyAttempts. */
export async function countLoginCode(app: Pick<App, 'store'>, address: string): Promise<void> {
  refuseOver(
    await count(app, [{ bucket: bucketOfAddress('code', address), max: maxCodes }]),
    'tooManyAttempts',
  );
}

const bucketOfExports = (memberId: string) => ` export|${memberId}`;

/** Throws tooManyRequests when the next export of a member would. */
export async function mayExport(app: Pick<App, 'store'>, memberId: string): Promise<void> {
  const now = Date.now();
  const counted = await app.store.db
    .selectFrom('login_attempts')
    .select(['count', 'windowStart'])
    .where('bucket', '=', bucketOfExports(memberId))
    .where('windowStart', '>', now - windowMs)
    .where('count', '>=', maxExports)
    .executeTakeFirst();
  if (counted) throw tooMany('tooManyRequests', maxExports, Number(counted.windowStart) + windowMs - now);
}

/** Counts an export of a member. Throws tooManyRequests. */
export async function countExport(app: Pick<App, 'store'>, memberId: string): Promise<void> {
  refuseOver(await count(app, [{ bucket: bucketOfExports(memberId), max: maxExports }]), 'tooManyRequests');
}

interface Counted {
  count: number;
  max: number;
  /** Until the window ends. */
  restMs: number;
}

/** Counts in every bucket, in one round trip. */
async function count(
  app: Pick<App, 'store'>,
  buckets: { bucket: string; max: number }[],
): Promise<Counted[]> {
  const now = Date.now();
  const { db } = app.store;
  const [, ...answers] = await app.store.batch([
    db
      .deleteFrom('login_attempts')
      .where('windowStart', '<=', now - windowMs)
      .compile(),
    ...buckets.map(({ bucket }) =>
      db
        .insertInto('login_attempts')
        .values({ bucket, count: 1, windowStart: now })
        .onConflict((conflict) =>
          conflict.column('bucket').doUpdateSet((eb) => ({ count: eb('login_attempts.count', '+', 1) })),
        )
        .returning(['count', 'windowStart'])
        .compile(),
    ),
  ]);
  return buckets.map(({ max }, at) => {
    const row = answers[at]?.[0] as { count: number; windowStart: number };
    return { count: row.count, max, restMs: Number(row.windowStart) + windowMs - now };
  });
}

/** Throws the error for the first that is over its limit. */
function refuseOver(counted: (Counted | undefined)[], error: 'tooManyAttempts' | 'tooManyRequests'): void {
  for (const one of counted) if (one && one.count > one.max) throw tooMany(error, one.max, one.restMs);
}

function tooMany(error: 'tooManyAttempts' | 'tooManyRequests', limit: number, restMs: number) {
  const retry = Math.max(1, Math.ceil(restMs / 1000));
  const minutes = Math.ceil(retry / 60);
  const wait = { en: minutes === 1 ? '1 minute' : `${minutes} minutes`, zh: `${minutes} 分钟` };
  return fail(error, {
    params: { limit, window: windowMs / 1000, retry, wait },
    retryAfter: retry,
    headers: {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(retry),
    },
  });
}

/**
 * A log-in that worked proves the person: their count starts again, and the address is not charged for it, so that
 * many people behind one address can work.
 */
export async function forgetLoginAttempts(
  app: Pick<App, 'store'>,
  username: string,
  address: string,
): Promise<void> {
  const { db } = app.store;
  await app.store.batch([
    db.deleteFrom('login_attempts').where('bucket', '=', bucketOfAccount(username, address)).compile(),
    db
      .updateTable('login_attempts')
      .set((eb) => ({ count: eb('count', '-', 1) }))
      .where('bucket', '=', bucketOfAddress('login', address))
      .where('count', '>', 0)
      .compile(),
  ]);
}
