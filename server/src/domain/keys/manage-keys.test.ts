import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppError } from '../../kernel/errors.ts';
import { hashSecret } from '../../kernel/secrets.ts';
import type { SessionCaller } from '../context.ts';
import { createKey, type NewKey } from './create-key.ts';
import { deleteKey } from './delete-key.ts';
import { importKey } from './import-key.ts';
import { keyHealth } from './key-health.ts';
import type { KeyLimitInput } from './key-input.ts';
import { listKeys } from './list-keys.ts';
import { rotateKey } from './rotate-key.ts';
import { openTestWorld, type TestWorld } from './test-world.ts';
import { updateKey } from './update-key.ts';

let world: TestWorld;
let stranger: SessionCaller;
beforeAll(async () => {
  world = await openTestWorld({ OPENAPI_KEY_MAX_COUNT: '5' });
  stranger = await world.addMember('stranger', 'owner', 'Another team');
});
afterAll(() => world.close());

const failsWith = (name: string) => expect.objectContaining({ errorName: name });
/** A key and its id. */
async function make(who: SessionCaller, input: NewKey = {}): Promise<{ key: string; id: string }> {
  const key = await createKey(world.app, who, input);
  const { db } = world.app.store;
  const row = await db
    .selectFrom('api_keys')
    .select('id')
    .where('keyHash', '=', hashSecret(key))
    .executeTakeFirstOrThrow();
  return { key, id: row.id };
}
const enter = (key: string) => world.enter({ key }, ['global', 'app']);

describe('creating a key', () => {
  it('is for editors and above', async () => {
    const viewer = await world.addMember('viewer', 'viewer');
    await expect(createKey(world.app, viewer, {})).rejects.toEqual(failsWith('teamForbidden'));
    await createKey(world.app, await world.addMember('editor', 'editor'), {});
  });
  it('for an app needs an app of the own team', async () => {
    const foreign = await world.addApp(stranger);
    await expect(createKey(world.app, world.root, { appId: foreign })).rejects.toEqual(
      failsWith('appNotFound'),
    );
    await expect(createKey(world.app, world.root, { appId: 'f'.repeat(24) })).rejects.toEqual(
      failsWith('appNotFound'),
    );
  });
  it('stops at the limit, counted by member and app', async () => {
    const member = await world.addMember('collector', 'admin');
    const appId = await world.addApp(member);
    for (let i = 0; i < 5; i++) await createKey(world.app, member, {});
    await expect(createKey(world.app, member, {})).rejects.toEqual(failsWith('keyLimitReached'));
    await createKey(world.app, member, { appId });
  });
  it.each([
    { expiredTime: 'tomorrow-ish' },
    { allowedAddresses: ['10.0.0.0/99'] },
    { allowedAddresses: ['here'] },
  ])('refuses the limit %j', async (limit) => {
    await expect(createKey(world.app, world.root, { limit })).rejects.toEqual(failsWith('validation'));
  });
  it('stores no plain text', async () => {
    const key = await createKey(world.app, stranger, { name: 'plain' });
    const { db } = world.app.store;
    const everything = JSON.stringify([
      await db.selectFrom('api_keys').selectAll().execute(),
      await db.selectFrom('audit').selectAll().execute(),
    ]);
    expect(everything).not.toContain(key.slice(8, 40));
  });
});

describe('listing keys', () => {
  it('shows them masked, newest first, with use that is not written yet', async () => {
    const who = await world.addMember('lister', 'owner', 'Listing team');
    const older = await make(who, { name: 'older', limit: { maxUsagePoints: 7, maxPerMinute: 3 } });
    const newer = await make(who, { name: 'newer' });
    await enter(older.key);
    world.app.keyUsage.addPoints(older.id, 2);
    const list = await listKeys(world.app, who, {});
    expect(list.map(({ name }) => name)).toEqual(['newer', 'older']);
    expect(list[1]).toMatchObject({
      apiKey: `******${older.key.slice(-4)}`,
      usagePoints: 2,
      lastUsedTime: new Date(world.clock.now).toISOString(),
      limit: { maxUsagePoints: 7, maxPerMinute: 3 },
      tmbId: who.memberId,
    });
    expect(list[0]).not.toHaveProperty('lastUsedTime');
    expect(JSON.stringify(list)).not.toContain(hashSecret(newer.key));
  });
  it('shows managers the team, others their own, nobody another team', async () => {
    const owner = await world.addMember('boss', 'owner', 'Team with roles');
    const { db } = world.app.store;
    const editor = await world.addMember('writer', 'editor');
    await db.updateTable('members').set({ teamId: owner.teamId }).where('id', '=', editor.memberId).execute();
    const member = { ...editor, teamId: owner.teamId };
    await make(owner, { name: 'of the owner' });
    await make(member, { name: 'of the editor' });
    expect((await listKeys(world.app, owner, {})).map(({ name }) => name).sort()).toEqual([
      'of the editor',
      'of the owner',
    ]);
    expect((await listKeys(world.app, member, {})).map(({ name }) => name)).toEqual(['of the editor']);
    expect(await listKeys(world.app, { ...stranger, teamId: 'f'.repeat(24) }, {})).toEqual([]);
  });
  it('takes an app of the team, whose keys are apart from the global ones', async () => {
    const who = await world.addMember('both', 'owner', 'Team of both kinds');
    const appId = await world.addApp(who);
    await make(who, { name: 'global' });
    await make(who, { name: 'bound', appId });
    expect((await listKeys(world.app, who, { appId })).map(({ name }) => name)).toEqual(['bound']);
    expect((await listKeys(world.app, who, {})).map(({ name }) => name)).toEqual(['global']);
    expect(await listKeys(world.app, who, { all: true })).toHaveLength(2);
    await expect(listKeys(world.app, stranger, { appId })).rejects.toEqual(failsWith('appNotFound'));
  });
});

describe('changing a key', () => {
  it('counts from the next request on, and leaves what is not named', async () => {
    const who = await world.addMember('changer', 'owner', 'Changing team');
    const { key, id } = await make(who, { limit: { maxUsagePoints: 50, maxPerMinute: 9 } });
    await updateKey(world.app, who, { id, name: 'renamed', limit: { expiredTime: '2020-01-01' } });
    await expect(enter(key)).rejects.toEqual(failsWith('keyExpired'));
    await updateKey(world.app, who, { id, limit: { expiredTime: null, maxPerMinute: null } });
    await enter(key);
    const [shown] = await listKeys(world.app, who, {});
    expect(shown).toMatchObject({ name: 'renamed', limit: { maxUsagePoints: 50 } });
    expect(shown?.limit).not.toHaveProperty('maxPerMinute');
  });
  it('is for its maker and managers; another team sees no key at all', async () => {
    const admin = await world.addMember('manager', 'admin');
    const maker = await world.addMember('maker', 'editor');
    const other = await world.addMember('other', 'editor');
    const { id } = await make(maker);
    await expect(updateKey(world.app, other, { id, name: 'x' })).rejects.toEqual(failsWith('keyForbidden'));
    await expect(deleteKey(world.app, other, id)).rejects.toEqual(failsWith('keyForbidden'));
    await expect(updateKey(world.app, stranger, { id, name: 'x' })).rejects.toEqual(failsWith('keyNotFound'));
    await expect(deleteKey(world.app, stranger, id)).rejects.toEqual(failsWith('keyNotFound'));
    await updateKey(world.app, admin, { id, name: 'by the manager' });
    await deleteKey(world.app, maker, id);
  });
  it('is rotated by its maker alone: managers would read what acts as another member', async () => {
    const admin = await world.addMember('rotator', 'admin');
    const { id, key } = await make(world.root);
    await expect(rotateKey(world.app, admin, { id, overlapHours: 1 })).rejects.toEqual(
      failsWith('keyRotationForbidden'),
    );
    await enter(key);
    expect((await rotateKey(world.app, world.root, { id, overlapHours: 1 })).apiKey).not.toBe(key);
  });
  it('is narrowed by managers, but widened by its maker alone', async () => {
    const admin = await world.addMember('narrower', 'admin');
    const narrow = {
      expiredTime: '2100-01-01T00:00:00.000Z',
      maxUsagePoints: 10,
      maxPerMinute: 10,
      allowedAddresses: ['10.0.0.0/8', '::1'],
      allowedRoutes: ['/api/core'],
    };
    const { id } = await make(world.root, { limit: narrow });
    const wider: [KeyLimitInput, string][] = [
      [{ expiredTime: null }, 'expiredTime'],
      [{ expiredTime: '2100-01-02' }, 'expiredTime'],
      [{ maxUsagePoints: -1 }, 'maxUsagePoints'],
      [{ maxUsagePoints: 11 }, 'maxUsagePoints'],
      [{ maxPerMinute: 0 }, 'maxPerMinute'],
      [{ maxPerMinute: 11 }, 'maxPerMinute'],
      [{ allowedAddresses: [] }, 'allowedAddresses'],
      [{ allowedAddresses: ['0.0.0.0/0'] }, 'allowedAddresses'],
      [{ allowedRoutes: null }, 'allowedRoutes'],
      [{ allowedRoutes: ['/api'] }, 'allowedRoutes'],
    ];
    for (const [limit, field] of wider) {
      const refused = await updateKey(world.app, admin, { id, limit }).catch((error: unknown) => error);
      expect(refused).toEqual(failsWith('keyWideningForbidden'));
      expect((refused as AppError).text('en')).toContain(`limit.${field}`);
    }
    await expect(updateKey(world.app, admin, { id, scopes: ['apps:write'] })).rejects.toEqual(
      failsWith('keyWideningForbidden'),
    );
    // As the console sends what it shows, with a limit that is tighter.
    await updateKey(world.app, admin, { id, scopes: [], limit: { ...narrow, maxPerMinute: 5 } });
    await updateKey(world.app, world.root, {
      id,
      scopes: ['apps:write'],
      limit: { maxUsagePoints: -1, allowedRoutes: null },
    });
  });
});

describe('deleting a key', () => {
  it.each([0, 1, 2])('number %i of three leaves the other two', async (victim) => {
    const who = await world.addMember(`keeper-${victim}`, 'owner', `Keeping team ${victim}`);
    const keys = [await make(who), await make(who), await make(who)];
    await deleteKey(world.app, who, keys[victim]?.id ?? '');
    for (const [index, { key }] of keys.entries()) {
      if (index === victim) await expect(enter(key)).rejects.toEqual(failsWith('keyUnknown'));
      else await enter(key);
    }
  });
});

describe('importing a key', () => {
  it('takes over the string a client already uses, once', async () => {
    const who = await world.addMember('mover', 'owner', 'Moving team');
    const key = 'fastgpt-z8abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOP';
    await importKey(world.app, who, { key, name: 'moved' });
    expect(await enter(key)).toMatchObject({ keyName: 'moved', teamId: who.teamId });
    await expect(importKey(world.app, stranger, { key })).rejects.toEqual(failsWith('conflict'));
  });
  it.each([
    'fastgpt-short',
    'nodash',
    'fastgpt-aaaaaaaaaaaaaaaaaaaaaaaaa-b',
    "fastgpt-' OR 1=1 --aaaaaaaaaaaa",
  ])('refuses %s', async (key) => {
    await expect(importKey(world.app, world.root, { key })).rejects.toEqual(failsWith('validation'));
  });
});

describe('the health of a key', () => {
  it('shows its use without counting as use, and fails as a request would', async () => {
    const who = await world.addMember('doctor', 'owner', 'Healthy team');
    const appId = await world.addApp(who);
    const { key, id } = await make(who, { appId, limit: { maxUsagePoints: 4 } });
    world.app.keyUsage.addPoints(id, 3);
    expect(await keyHealth(world.app, key)).toEqual({
      valid: true,
      usagePoints: 3,
      maxUsagePoints: 4,
      appId,
    });
    expect(world.app.keyUsage.pending(id).lastUsedTime).toBeUndefined();
    world.app.keyUsage.addPoints(id, 1);
    await expect(keyHealth(world.app, key)).rejects.toEqual(failsWith('keyOverBudget'));
    await expect(keyHealth(world.app, 'fastgpt-nothing')).rejects.toEqual(failsWith('keyUnknown'));
    await expect(keyHealth(world.app, "' OR 1=1 --")).rejects.toEqual(failsWith('keyUnknown'));
  });
});

describe('the audit log', () => {
  it('has who did what to which key', async () => {
    const who = await world.addMember('auditee', 'owner', 'Audited team');
    const { id } = await make({ ...who, address: '10.1.1.1' }, { name: 'watched' });
    await updateKey(world.app, who, { id, limit: { maxPerMinute: 1 } });
    await deleteKey(world.app, { ...who, commandLine: true }, id);
    const rows = await world.app.store.db
      .selectFrom('audit')
      .selectAll()
      .where('teamId', '=', who.teamId)
      .orderBy('id')
      .execute();
    expect(
      rows.map(({ action, actor, memberId, objectId, address }) => [
        action,
        actor,
        memberId,
        objectId,
        address,
      ]),
    ).toEqual([
      ['key.create', 'auditee', who.memberId, id, '10.1.1.1'],
      ['key.update', 'auditee', who.memberId, id, ''],
      ['key.delete', 'command line', null, id, ''],
    ]);
    expect(rows[0]?.detail).toContain('watched');
  });

  it('has nothing of a change that did not happen', async () => {
    const who = await world.addMember('refused', 'owner', 'Refusing team');
    await expect(createKey(world.app, who, { appId: 'f'.repeat(24) })).rejects.toEqual(
      failsWith('appNotFound'),
    );
    const rows = await world.app.store.db
      .selectFrom('audit')
      .selectAll()
      .where('teamId', '=', who.teamId)
      .execute();
    expect(rows).toEqual([]);
  });
});
