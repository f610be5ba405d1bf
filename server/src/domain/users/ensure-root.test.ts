import { afterEach, expect, it } from 'vitest';
import { openTestWorld, type TestWorld } from '../keys/test-world.ts';
import { ensureRoot } from './ensure-root.ts';
import { login } from './login.ts';
import { clientHash } from './password.ts';
import { preLogin } from './pre-login.ts';
import { findSession } from './sessions.ts';

let world: TestWorld;
afterEach(() => world.close());

async function mustChangeAfterLogin(typed: string): Promise<boolean | undefined> {
  const { code } = await preLogin(world.app, 'root', '::1');
  const { token } = await login(world.app, { username: 'root', password: clientHash(typed), code }, '::1');
  return (await findSession(world.app.store, token))?.mustChangePassword;
}

it('without a configured password, root gets a generated one that is told once', async () => {
  world = await openTestWorld({ DEFAULT_ROOT_PSW: '' });
  const { password = '', created, mustChange } = world.rootAccount;
  expect({ created, mustChange }).toEqual({ created: true, mustChange: false });
  expect(password.length).toBeGreaterThanOrEqual(16);
  expect(await mustChangeAfterLogin(password)).toBe(false);
  const again = await ensureRoot(world.app);
  expect(again).not.toHaveProperty('password');
  expect(again.created).toBe(false);
});

it('a configured password counts at the first start only', async () => {
  world = await openTestWorld({ DEFAULT_ROOT_PSW: 'chosen by the operator' });
  expect(world.rootAccount).not.toHaveProperty('password');
  const later = { ...world.app, config: { ...world.app.config, defaultRootPassword: 'set later' } };
  await ensureRoot(later);
  expect(await mustChangeAfterLogin('chosen by the operator')).toBe(false);
  await expect(mustChangeAfterLogin('set later')).rejects.toMatchObject({
    errorName: 'accountOrPasswordWrong',
  });
});

it.each(['1234', '123456', 'admin'])(
  'the known default %s has to be changed at the first log-in',
  async (typed) => {
    world = await openTestWorld({ DEFAULT_ROOT_PSW: typed });
    expect(world.rootAccount.mustChange).toBe(true);
    expect(await mustChangeAfterLogin(typed)).toBe(true);
  },
);

it('makes one team, one owner and a line in the audit log', async () => {
  world = await openTestWorld();
  await ensureRoot(world.app);
  const { db } = world.app.store;
  expect(await db.selectFrom('teams').select('name').execute()).toEqual([{ name: 'My team' }]);
  expect(await db.selectFrom('members').select(['role', 'name']).execute()).toEqual([
    { role: 'owner', name: 'root' },
  ]);
  expect(await db.selectFrom('audit').select(['action', 'actor', 'memberId']).execute()).toEqual([
    { action: 'team.create', actor: 'first start', memberId: null },
  ]);
});
