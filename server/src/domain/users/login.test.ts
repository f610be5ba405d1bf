import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import { openTestWorld, type TestWorld } from '../keys/test-world.ts';
import { addressGroup } from './address-group.ts';
import { changePassword, resetExpiredPassword } from './change-password.ts';
import { createAccount } from './create-account.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { clientHash } from './password.ts';
import { preLogin } from './pre-login.ts';
import { findSession } from './sessions.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const failsWith = (name: string) => expect.objectContaining({ errorName: name });
let addresses = 0;
/** Each test comes from an address of its own, so that attempts do not add up. */
const newAddress = () => `10.0.0.${++addresses}`;

async function logIn(username: string, typed: string, address = newAddress()) {
  const { code } = await preLogin(world.app, username, newAddress());
  return login(world.app, { username, password: clientHash(typed), code }, address);
}
const rootPassword = 'a long first password';
const addUser = (username: string) => createAccount(world.app, world.root, { username, role: 'editor' });
async function sessionOf(token: string) {
  const session = await findSession(world.app.store, token);
  if (!session) throw new Error('no session');
  return session;
}

describe('logging in', () => {
  it('opens a session and answers the user with the team', async () => {
    const { token, user } = await logIn('root', rootPassword);
    expect(token).toMatch(/^[0-9a-f]{24}:[A-Za-z0-9]{32,}$/);
    expect(user).toMatchObject({
      _id: world.root.userId,
      username: 'root',
      team: {
        teamId: world.root.teamId,
        tmbId: world.root.memberId,
        teamName: 'My team',
        role: 'owner',
        status: 'active',
        permission: { isOwner: true },
      },
      permission: { value: 4294967295 },
    });
    expect(await findSession(world.app.store, token)).toMatchObject({ teamId: world.root.teamId });
  });
  it('takes names and codes without looking at case', async () => {
    const { code } = await preLogin(world.app, 'ROOT', '::1');
    await login(
      world.app,
      { username: 'Root', password: clientHash(rootPassword).toUpperCase(), code: code.toLowerCase() },
      newAddress(),
    );
  });
  it('gives a code of six characters for any name', async () => {
    expect((await preLogin(world.app, 'root', '::1')).code).toMatch(/^[A-Z0-9]{6}$/);
    expect((await preLogin(world.app, 'nobody at all', '::1')).code).toMatch(/^[A-Z0-9]{6}$/);
  });
  it('takes a code once, from the same name, and in time', async () => {
    const attempt = (username: string, code: string) =>
      login(world.app, { username, password: clientHash(rootPassword), code }, newAddress());
    const { code } = await preLogin(world.app, 'root', '::1');
    await attempt('root', code);
    await expect(attempt('root', code)).rejects.toEqual(failsWith('loginCodeWrong'));
    const foreign = await preLogin(world.app, 'someone', '::1');
    await expect(attempt('root', foreign.code)).rejects.toEqual(failsWith('loginCodeWrong'));
    const late = await preLogin(world.app, 'root', '::1');
    await world.app.store.db
      .updateTable('login_codes')
      .set({ expireTime: Date.now() - 1 })
      .where('code', '=', late.code)
      .execute();
    await expect(attempt('root', late.code)).rejects.toEqual(failsWith('loginCodeWrong'));
  });
  it("does not let one person's code end another's", async () => {
    const first = await preLogin(world.app, 'root', '::1');
    await preLogin(world.app, 'root', '::1');
    await login(
      world.app,
      { username: 'root', password: clientHash(rootPassword), code: first.code },
      newAddress(),
    );
  });
  it('answers an unknown name, a wrong password and a disabled user alike', async () => {
    const { password, userId } = await addUser('disabled');
    await world.app.store.db
      .updateTable('users')
      .set({ status: 'disabled' })
      .where('id', '=', userId)
      .execute();
    const texts = [];
    for (const [name, typed] of [
      ['nobody', 'x'],
      ['root', 'wrong'],
      ['disabled', password],
    ] as const) {
      const thrown = await logIn(name, typed).catch((error: unknown) => error);
      if (!(thrown instanceof AppError)) throw new Error(`${name} was let in`);
      texts.push([thrown.errorName, thrown.status, thrown.text('en')]);
    }
    expect(new Set(texts.map((text) => JSON.stringify(text))).size).toBe(1);
    expect(texts[0]?.[0]).toBe('accountOrPasswordWrong');
  });
});

describe('ten attempts in 15 minutes', () => {
  it('for one account and address; then 429 even with the right password', async () => {
    const { password } = await addUser('guessed');
    const address = newAddress();
    for (let i = 0; i < 10; i++) {
      await expect(logIn('guessed', 'wrong', address)).rejects.toEqual(failsWith('accountOrPasswordWrong'));
    }
    const thrown = await logIn('Guessed', password, address).catch((error: unknown) => error);
    if (!(thrown instanceof AppError)) throw new Error('it was let in');
    expect([thrown.errorName, thrown.status]).toEqual(['tooManyAttempts', 429]);
    expect(thrown.text('en')).toBe('Too many attempts. Try again in 15 minutes.');
    expect(thrown.text('zh')).toBe('尝试次数过多，请在 15 分钟后重试。');
    expect(thrown.details.retryAfter).toBeGreaterThan(800);
    expect(thrown.details.retryAfter).toBeLessThanOrEqual(900);
    await logIn('guessed', password, newAddress());
    await logIn('root', rootPassword, address);
    await world.app.store.db
      .updateTable('login_attempts')
      .set({ windowStart: Date.now() - 15 * 60_000 })
      .execute();
    await logIn('guessed', password, address);
  });
  it('counts wrong codes too, and starts again after a log-in that worked', async () => {
    const { password } = await addUser('careful');
    const address = newAddress();
    const withCode = (code: string) =>
      login(world.app, { username: 'careful', password: clientHash(password), code }, address);
    for (let i = 0; i < 9; i++) await expect(withCode('AAAAAA')).rejects.toEqual(failsWith('loginCodeWrong'));
    await logIn('careful', password, address);
    for (let i = 0; i < 10; i++)
      await expect(withCode('AAAAAA')).rejects.toEqual(failsWith('loginCodeWrong'));
    await expect(withCode('AAAAAA')).rejects.toEqual(failsWith('tooManyAttempts'));
  });
});

describe('one address', () => {
  it('that tries a hundred accounts may try no more, but people who log in behind it are not counted', async () => {
    const { password } = await addUser('behind-proxy');
    const address = newAddress();
    for (let i = 0; i < 3; i++) await logIn('behind-proxy', password, address);
    const attempt = (name: string) =>
      login(world.app, { username: name, password: clientHash('x'), code: 'AAAAAA' }, address);
    for (let i = 0; i < 100; i++) await expect(attempt(`u${i}`)).rejects.toEqual(failsWith('loginCodeWrong'));
    const thrown = await attempt('u100').catch((error: unknown) => error);
    expect(thrown).toEqual(failsWith('tooManyAttempts'));
    expect((thrown as AppError).details.headers).toMatchObject({ 'x-ratelimit-limit': '100' });
    await expect(logIn('behind-proxy', password, address)).rejects.toEqual(failsWith('tooManyAttempts'));
    await logIn('behind-proxy', password, newAddress());
  });

  it('gets three hundred codes in 15 minutes', async () => {
    const address = newAddress();
    for (let i = 0; i < 300; i++) await preLogin(world.app, `name${i}`, address);
    await expect(preLogin(world.app, 'one more', address)).rejects.toEqual(failsWith('tooManyAttempts'));
    await preLogin(world.app, 'one more', newAddress());
  });

  it('cannot hide behind the many addresses of its IPv6 network', async () => {
    expect(addressGroup('2001:db8:1:2::1')).toBe(addressGroup('2001:db8:1:2:ffff::9'));
    expect(addressGroup('2001:db8:1:2::1')).not.toBe(addressGroup('2001:db8:1:3::1'));
    expect(addressGroup('::ffff:10.0.0.1')).toBe('10.0.0.1');
    for (let i = 0; i < 10; i++) {
      const guess = login(
        world.app,
        { username: 'root', password: clientHash('x'), code: 'AAAAAA' },
        `2001:db8::${i + 1}`,
      );
      await expect(guess).rejects.toEqual(failsWith('loginCodeWrong'));
    }
    await expect(logIn('root', rootPassword, '2001:db8::aaaa')).rejects.toEqual(failsWith('tooManyAttempts'));
  });
});

describe('logging out', () => {
  it('ends all sessions of the user, and an unknown token is no error', async () => {
    const { password } = await addUser('leaver');
    const one = await logIn('leaver', password);
    const two = await logIn('leaver', password);
    const root = await logIn('root', rootPassword);
    await logout(world.app, one.token, newAddress());
    expect(await findSession(world.app.store, one.token)).toBeUndefined();
    expect(await findSession(world.app.store, two.token)).toBeUndefined();
    expect(await findSession(world.app.store, root.token)).toBeDefined();
    await logout(world.app, one.token, newAddress());
    await logout(world.app, undefined, '');
  });
});

describe('changing the password', () => {
  it('needs the old one, ends the other sessions and is written down', async () => {
    const { password, userId } = await addUser('changer');
    const mine = await logIn('changer', password);
    const other = await logIn('changer', password);
    const caller = { ...(await sessionOf(mine.token)), address: newAddress() };
    const change = (oldTyped: string, newTyped: string) =>
      changePassword(world.app, caller, { oldPsw: clientHash(oldTyped), newPsw: clientHash(newTyped) });
    await expect(change('wrong', 'something new')).rejects.toEqual(failsWith('oldPasswordWrong'));
    await expect(change(password, password)).rejects.toEqual(failsWith('passwordUnchanged'));
    await expect(change(password, '123456')).rejects.toEqual(failsWith('passwordTooWeak'));
    await change(password, 'something new');
    expect(await findSession(world.app.store, mine.token)).toBeDefined();
    expect(await findSession(world.app.store, other.token)).toBeUndefined();
    await expect(logIn('changer', password)).rejects.toEqual(failsWith('accountOrPasswordWrong'));
    await logIn('changer', 'something new');
    const rows = await world.app.store.db
      .selectFrom('audit')
      .selectAll()
      .where('action', '=', 'password.change')
      .where('objectId', '=', userId)
      .execute();
    expect(rows).toHaveLength(1);
    expect(rows[0]?.detail).toBe('{}');
  });
  it('cannot be guessed without end by someone who holds a session', async () => {
    const { password } = await addUser('stolen');
    const caller = { ...(await sessionOf((await logIn('stolen', password)).token)), address: newAddress() };
    const attempt = (typed: string) =>
      changePassword(world.app, caller, { oldPsw: clientHash(typed), newPsw: clientHash('mine now') });
    for (let i = 0; i < 10; i++)
      await expect(attempt('guess')).rejects.toEqual(failsWith('oldPasswordWrong'));
    await expect(attempt(password)).rejects.toEqual(failsWith('tooManyAttempts'));
  });
  it('without the old one works only while it must be changed', async () => {
    const { password, userId } = await addUser('newcomer');
    const caller = await sessionOf((await logIn('newcomer', password)).token);
    const reset = (typed: string) => resetExpiredPassword(world.app, caller, clientHash(typed));
    await expect(reset('something new')).rejects.toEqual(failsWith('passwordNotExpired'));
    await world.app.store.db.updateTable('users').set({ mustChange: 1 }).where('id', '=', userId).execute();
    await expect(reset(password)).rejects.toEqual(failsWith('passwordUnchanged'));
    await expect(reset('password')).rejects.toEqual(failsWith('passwordTooWeak'));
    await reset('something new');
    expect((await sessionOf((await logIn('newcomer', 'something new')).token)).mustChangePassword).toBe(
      false,
    );
    await expect(reset('once more')).rejects.toEqual(failsWith('passwordNotExpired'));
  });
});

describe('the audit log', () => {
  /** What was written down from an address, the earliest first. */
  const trail = async (address: string) =>
    (
      await world.app.store.db
        .selectFrom('audit')
        .select(['action', 'actor', 'memberId', 'teamId', 'objectId', 'detail'])
        .where('address', '=', address)
        .orderBy('time')
        .orderBy('id')
        .execute()
    ).map(({ detail, ...row }) => ({ ...row, detail: JSON.parse(detail) as unknown }));

  it('has log-ins and log-outs with the person and the address', async () => {
    const { password, memberId, teamId } = await addUser('comes-and-goes');
    const address = newAddress();
    const { token } = await logIn('comes-and-goes', password, address);
    await logout(world.app, token, address);
    await logout(world.app, token, address);
    const line = { actor: 'comes-and-goes', memberId, teamId, objectId: memberId, detail: {} };
    expect((await trail(address)).toSorted((a, b) => b.action.localeCompare(a.action))).toEqual([
      { ...line, action: 'login.success' },
      { ...line, action: 'login.logout' },
    ]);
  });

  it('counts log-ins that fail in one line, also when they come at once, and has the lock-out once', async () => {
    const { memberId, teamId, password } = await addUser('often-guessed');
    const address = newAddress();
    const wrong = () => logIn('often-guessed', 'wrong', address).catch(() => undefined);
    await Promise.all(Array.from({ length: 10 }, wrong));
    await logIn('often-guessed', password, address).catch(() => undefined);
    await wrong();
    const lines = await trail(address);
    const failed = lines.filter(({ action }) => action === 'login.failed');
    // One line a quarter of an hour; the test may cross its border.
    expect(failed.reduce((sum, { detail }) => sum + (detail as { count: number }).count, 0)).toBe(10);
    expect(failed.length).toBeLessThanOrEqual(2);
    expect(failed[0]).toMatchObject({ actor: 'often-guessed', memberId, teamId, objectId: memberId });
    const blocked = lines.filter(({ action }) => action === 'login.blocked');
    expect(blocked).toMatchObject([{ memberId, detail: { of: 'account', attempts: 10 } }]);
    expect(lines).toHaveLength(failed.length + 1);
  });

  it('has failures of a member who left, and of names that nobody has without the name, which may be a password', async () => {
    const left = await addUser('long-gone');
    const { db } = world.app.store;
    await db.updateTable('members').set({ status: 'left' }).where('id', '=', left.memberId).execute();
    const [one, two] = [newAddress(), newAddress()];
    await expect(logIn('long-gone', left.password, one)).rejects.toEqual(failsWith('accountOrPasswordWrong'));
    expect(await trail(one)).toMatchObject([{ action: 'login.failed', memberId: left.memberId }]);
    await expect(logIn('My-Secret-Passw0rd', 'x', two)).rejects.toEqual(failsWith('accountOrPasswordWrong'));
    expect(await trail(two)).toMatchObject([
      { action: 'login.failed', actor: '', memberId: null, teamId: world.root.teamId, objectId: '' },
    ]);
    const all = JSON.stringify(await db.selectFrom('audit').selectAll().execute()).toLowerCase();
    expect(all).not.toContain('my-secret-passw0rd');
    expect(all).not.toContain(clientHash(left.password));
  });
});
