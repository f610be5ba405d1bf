import type { ErrorName } from '@lectern/contract/errors.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import { hashSecret } from '../../kernel/secrets.ts';
import { createSession } from '../users/sessions.ts';
import { createKey } from './create-key.ts';
import { openTestWorld, type TestWorld } from './test-world.ts';

const everyKey = ['global', 'app', 'session'] as const;
let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

/** The catalogue name and status an attempt fails with. */
async function failure(attempt: Promise<unknown>): Promise<[ErrorName, number]> {
  const thrown = await attempt.then(
    () => new Error('it was let in'),
    (error: unknown) => error,
  );
  if (!(thrown instanceof AppError)) throw thrown;
  return [thrown.errorName, thrown.status];
}
const session = (who = world.root) =>
  world.app.store.db
    .transaction()
    .execute((trx) => createSession(trx, { userId: who.userId, memberId: who.memberId, teamId: who.teamId }));

describe('a key', () => {
  it('lets in as the member who made it', async () => {
    const key = await createKey(world.app, world.root, { name: 'k' });
    const caller = await world.enter({ key }, everyKey);
    expect(caller).toMatchObject({
      kind: 'global',
      teamId: world.root.teamId,
      memberId: world.root.memberId,
      role: 'owner',
      keyName: 'k',
    });
  });
  it('of an app carries the app, and a suffix names one for a global key', async () => {
    const appId = await world.addApp(world.root);
    const key = await createKey(world.app, world.root, { appId });
    expect(await world.enter({ key }, everyKey)).toMatchObject({ kind: 'app', appId });
    const global = await createKey(world.app, world.root, {});
    expect(await world.enter({ key: `${global}-${appId}` }, everyKey)).toMatchObject({
      kind: 'global',
      suffixAppId: appId,
    });
  });
  it('of an app with the suffix of another app is refused, except where its own app wins', async () => {
    const key = await createKey(world.app, world.root, { appId: await world.addApp(world.root) });
    const other = await world.addApp(world.root);
    expect(await failure(world.enter({ key: `${key}-${other}` }, everyKey))).toEqual(['keyAppMismatch', 403]);
    await world.enter({ key: `${key}-${other}` }, everyKey, { path: '/api/v1/chat/completions' });
  });
  it('that nobody made is unknown', async () => {
    expect(await failure(world.enter({ key: 'fastgpt-abcdefghijklmnop' }, everyKey))).toEqual([
      'keyUnknown',
      401,
    ]);
  });
  it.each(["' OR 1=1 --", 'fastgpt-%', "x-'OR'1'='1", 'a-b-c-d', '{"$ne":null}'])(
    'written %s is 401',
    async (key) => {
      const [, status] = await failure(world.enter({ key }, everyKey));
      expect(status).toBe(401);
    },
  );
  it('is not let in by its own hash', async () => {
    const key = await createKey(world.app, world.root, {});
    const [, status] = await failure(world.enter({ key: `fastgpt-${hashSecret(key)}` }, everyKey));
    expect(status).toBe(401);
  });
  it('does not work when nothing is sent', async () => {
    expect(await failure(world.enter({}, everyKey))).toEqual(['unauthorized', 401]);
    expect(await failure(world.enter({}, ['share', 'app']))).toEqual(['unauthorized', 401]);
  });
  it('that expired is 401', async () => {
    const key = await createKey(world.app, world.root, { limit: { expiredTime: '2020-01-01T00:00:00Z' } });
    expect(await failure(world.enter({ key }, everyKey))).toEqual(['keyExpired', 401]);
  });
  it('dies when its member leaves, its user is disabled, or its app goes', async () => {
    const { db } = world.app.store;
    const left = await world.addMember('left', 'editor');
    const disabled = await world.addMember('disabled', 'editor');
    const appId = await world.addApp(world.root);
    const keys = [
      await createKey(world.app, left, {}),
      await createKey(world.app, disabled, {}),
      await createKey(world.app, world.root, { appId }),
    ];
    for (const key of keys) await world.enter({ key }, everyKey);
    await db.updateTable('members').set({ status: 'left' }).where('id', '=', left.memberId).execute();
    await db.updateTable('users').set({ status: 'disabled' }).where('id', '=', disabled.userId).execute();
    await db.deleteFrom('apps').where('id', '=', appId).execute();
    for (const key of keys)
      expect(await failure(world.enter({ key }, everyKey))).toEqual(['keyUnknown', 401]);
  });
});

describe('the kind of a key', () => {
  it('that the route does not take is 403 and says which one is needed', async () => {
    const key = await createKey(world.app, world.root, { appId: await world.addApp(world.root) });
    const thrown = await world.enter({ key }, ['global', 'session']).catch((error: unknown) => error);
    if (!(thrown instanceof AppError)) throw new Error('it was let in');
    expect(thrown.errorName).toBe('wrongKeyKind');
    expect(thrown.status).toBe(403);
    expect(thrown.text('en')).toBe('This endpoint needs a global key; the request came with an app key.');
    expect(thrown.text('zh')).toContain('全局密钥');
  });
  it('does not matter with APP_KEYS_ACT_AS_MEMBER, but no key manages keys', async () => {
    const old = await openTestWorld({ APP_KEYS_ACT_AS_MEMBER: 'true' });
    const key = await createKey(old.app, old.root, { appId: await old.addApp(old.root) });
    expect(await old.enter({ key }, ['global', 'session'])).toMatchObject({ kind: 'app' });
    expect(await failure(old.enter({ key }, ['session']))).toEqual(['sessionNeeded', 403]);
    await old.close();
  });
  it('a session-only route tells a known key 403 and an unknown one 401', async () => {
    const key = await createKey(world.app, world.root, {});
    expect(await failure(world.enter({ key }, ['session']))).toEqual(['sessionNeeded', 403]);
    expect(await failure(world.enter({ key: 'fastgpt-unknown' }, ['session']))).toEqual(['keyUnknown', 401]);
  });
  it('a route for global keys that needs a scope wants it on the key', async () => {
    const plain = await createKey(world.app, world.root, {});
    const scoped = await createKey(world.app, world.root, { scopes: ['apps:write'] });
    const more = { scope: 'apps:write' } as const;
    expect(await failure(world.enter({ key: plain }, everyKey, more))).toEqual(['keyScopeMissing', 403]);
    await world.enter({ key: scoped }, everyKey, more);
  });
});

describe('the limits of a key', () => {
  it('addresses', async () => {
    const key = await createKey(world.app, world.root, {
      limit: { allowedAddresses: ['10.0.0.0/8', '::1'] },
    });
    await world.enter({ key, address: '10.9.9.9' }, everyKey);
    await world.enter({ key, address: '::ffff:10.9.9.9' }, everyKey);
    await world.enter({ key, address: '::1' }, everyKey);
    expect(await failure(world.enter({ key, address: '192.168.0.1' }, everyKey))).toEqual([
      'keyAddressForbidden',
      403,
    ]);
  });
  it('routes', async () => {
    const key = await createKey(world.app, world.root, {
      limit: { allowedRoutes: ['/api/core/dataset', 'searchTest'] },
    });
    await world.enter({ key }, everyKey);
    await world.enter({ key }, everyKey, { operation: 'searchTest', path: '/api/elsewhere' });
    expect(await failure(world.enter({ key }, everyKey, { path: '/api/core/chat/init' }))).toEqual([
      'keyRouteForbidden',
      403,
    ]);
  });
  it('points, counting those that are not written yet', async () => {
    const key = await createKey(world.app, world.root, { limit: { maxUsagePoints: 10 } });
    const caller = await world.enter({ key }, everyKey);
    if (caller?.kind !== 'global') throw new Error('not a key');
    world.app.keyUsage.addPoints(caller.keyId, 9.5);
    await world.enter({ key }, everyKey);
    world.app.keyUsage.addPoints(caller.keyId, 0.5);
    expect(await failure(world.enter({ key }, everyKey))).toEqual(['keyOverBudget', 403]);
    await world.app.keyUsage.flush();
    expect(await failure(world.enter({ key }, everyKey))).toEqual(['keyOverBudget', 403]);
  });
  it('rate: 429 with the seconds to wait, and again allowed in the next minute', async () => {
    const key = await createKey(world.app, world.root, { limit: { maxPerMinute: 2 } });
    await world.enter({ key }, everyKey);
    await world.enter({ key }, everyKey);
    await world.pass(20_000);
    const thrown = await world.enter({ key }, everyKey).catch((error: unknown) => error);
    if (!(thrown instanceof AppError)) throw new Error('it was let in');
    expect([thrown.errorName, thrown.status, thrown.details.retryAfter]).toEqual([
      'tooManyRequests',
      429,
      40,
    ]);
    expect(thrown.details.headers).toEqual({
      'x-ratelimit-limit': '2',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '40',
    });
    await world.pass(40_000);
    await world.enter({ key }, everyKey);
  });
});

describe('a session', () => {
  it('lets in where sessions are taken, and a key header leaves no way back to it', async () => {
    const token = await session();
    expect(await world.enter({ sessionToken: token }, everyKey)).toMatchObject({
      kind: 'session',
      role: 'owner',
    });
    expect(await failure(world.enter({ sessionToken: token, key: 'fastgpt-wrong' }, everyKey))).toEqual([
      'keyUnknown',
      401,
    ]);
    // A proxy's own Authorization header means nothing where no key is taken.
    await world.enter({ sessionToken: token, authorization: 'Basic eDp5' }, ['session']);
    expect(await failure(world.enter({ sessionToken: token }, ['global', 'app']))).toEqual([
      'unauthorized',
      401,
    ]);
  });
  it('that is unknown is 401, but public routes answer nobody', async () => {
    expect(await failure(world.enter({ sessionToken: 'x:y' }, ['session']))).toEqual(['loginRequired', 401]);
    expect(await world.enter({ sessionToken: 'x:y' }, ['session', 'public'])).toBeNull();
    expect(await world.enter({}, ['public'])).toBeNull();
  });
  it('ends with the member, the user or its time, and is stored as a hash only', async () => {
    const { db } = world.app.store;
    const member = await world.addMember('gone', 'viewer');
    const token = await session(member);
    const stored = await db
      .selectFrom('sessions')
      .selectAll()
      .where('memberId', '=', member.memberId)
      .execute();
    expect(JSON.stringify(stored)).not.toContain(token.split(':')[1]);
    await world.enter({ sessionToken: token }, ['session']);
    await db.updateTable('members').set({ status: 'left' }).where('id', '=', member.memberId).execute();
    expect(await failure(world.enter({ sessionToken: token }, ['session']))).toEqual(['loginRequired', 401]);
    const old = await session();
    await db
      .updateTable('sessions')
      .set({ expireTime: Date.now() - 1 })
      .where('tokenHash', '=', hashSecret(old))
      .execute();
    expect(await failure(world.enter({ sessionToken: old }, ['session']))).toEqual(['loginRequired', 401]);
  });
  it('is one of ten at most: the oldest ends', async () => {
    const member = await world.addMember('many', 'viewer');
    const tokens: string[] = [];
    for (let i = 0; i < 11; i++) tokens.push(await session(member));
    expect(await failure(world.enter({ sessionToken: tokens[0] ?? '' }, ['session']))).toEqual([
      'loginRequired',
      401,
    ]);
    for (const token of tokens.slice(1)) await world.enter({ sessionToken: token }, ['session']);
  });
  it('whose password must be changed can do nothing else', async () => {
    const member = await world.addMember('first', 'editor');
    const token = await session(member);
    await world.app.store.db
      .updateTable('users')
      .set({ mustChange: 1 })
      .where('id', '=', member.userId)
      .execute();
    expect(await failure(world.enter({ sessionToken: token }, everyKey))).toEqual([
      'passwordChangeRequired',
      403,
    ]);
    for (const operation of [
      'tokenLogin',
      'loginout',
      'updatePasswordByOld',
      'resetExpiredPsw',
      'checkPswExpired',
    ]) {
      await world.enter({ sessionToken: token }, ['session'], { operation });
    }
  });
});
