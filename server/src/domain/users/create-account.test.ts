import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestWorld, type TestWorld } from '../keys/test-world.ts';
import { createTeam } from '../teams/create-team.ts';
import { createAccount } from './create-account.ts';

let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());

const failsWith = (name: string) => expect.objectContaining({ errorName: name });
const auditOf = (objectId: string) =>
  world.app.store.db.selectFrom('audit').selectAll().where('objectId', '=', objectId).execute();

it('people are made by admins and owners, owners by owners only, and each once', async () => {
  const admin = await world.addMember('an-admin', 'admin');
  const editor = await world.addMember('an-editor', 'editor');
  const make = (caller: typeof admin, username: string, role: 'owner' | 'viewer') =>
    createAccount(world.app, caller, { username, role });
  await expect(make(editor, 'a', 'viewer')).rejects.toEqual(failsWith('teamForbidden'));
  await expect(make(admin, 'a', 'owner')).rejects.toEqual(failsWith('teamForbidden'));
  expect((await make(admin, 'A', 'viewer')).username).toBe('a');
  await expect(make(admin, ' a ', 'viewer')).rejects.toEqual(failsWith('userExists'));
  await expect(make(admin, 'two words', 'viewer')).rejects.toEqual(failsWith('validation'));
});

it('a new member is written down with who made it, and without the password', async () => {
  const made = await createAccount(world.app, world.root, { username: 'new', role: 'editor' });
  const rows = await auditOf(made.memberId);
  expect(rows).toMatchObject([
    { action: 'member.create', actor: 'root', memberId: world.root.memberId, teamId: world.root.teamId },
  ]);
  expect(JSON.parse(rows[0]?.detail ?? '')).toEqual({ username: 'new', role: 'editor' });
  expect(JSON.stringify(rows)).not.toContain(made.password);
});

it('so are a new team and its owner', async () => {
  const made = await createTeam(world.app, { name: 'Others', owner: 'chief' });
  expect(await auditOf(made.teamId)).toMatchObject([{ action: 'team.create', actor: 'command line' }]);
  expect(await auditOf(made.memberId)).toMatchObject([{ action: 'member.create', teamId: made.teamId }]);
});
