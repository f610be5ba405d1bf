import ipaddr from 'ipaddr.js';
import { fail } from '../../kernel/errors.ts';
import type { App } from '../context.ts';
import { normalName } from './create-user.ts';

const windowMs = 15 * 60_000;

/** Attempts in a window: of one account from one address, and of all accounts from one address. */
const maxOfAccount = 10;
const maxOfAddress = 100;
/** Log-in codes that one address may ask for in a window. */
const maxCodes = 300;
/** Exports of one member in a window: each reads a whole collection or dataset. */
const maxExports = 60;

/**
 * Whoever has one IPv6 address usually has the 2^64 of its network: they count as one. IPv4 in IPv6 form counts as
 * IPv4.
 */
export function addressGroup(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${parsed.toByteArray().slice(0, 8).join('.')}/64`;
}

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
  await count(app, [
    { bucket: bucketOfAccount(username, address), max: maxOfAccount },
    { bucket: bucketOfAddress('login', address), max: maxOfAddress },
  ]);
}

/** Counts a log-in code given to an address. Throws tooManyAttempts. */
export async function countLoginCode(app: Pick<App, 'store'>, address: string): Promise<void> {
  await count(app, [{ bucket: bucketOfAddress('code', address), max: maxCodes }]);
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
  await count(app, [{ bucket: bucketOfExports(memberId), max: maxExports }], 'tooManyRequests');
}

/** Counts in every bucket, in one round trip; throws the error when one is over its limit. */
async function count(
  app: Pick<App, 'store'>,
  buckets: { bucket: string; max: number }[],
  error: 'tooManyAttempts' | 'tooManyRequests' = 'tooManyAttempts',
): Promise<void> {
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
  for (const [i, { max }] of buckets.entries()) {
    const counted = answers[i]?.[0] as { count: number; windowStart: number };
    if (counted.count > max) throw tooMany(error, max, counted.windowStart + windowMs - now);
  }
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
