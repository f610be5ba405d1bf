import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestWorld, type TestWorld } from '../domain/keys/test-world.ts';
import { login } from '../domain/users/login.ts';
import { clientHash } from '../domain/users/password.ts';
import { preLogin } from '../domain/users/pre-login.ts';
import { newId } from '../kernel/ids.ts';
import { lectern as runLectern } from '../testing/lectern.ts';

// The open store of this world stands for a running server: it holds the lock of the directory.
let world: TestWorld;
beforeAll(async () => {
  world = await openTestWorld();
});
afterAll(() => world.close());
const lectern: typeof runLectern = (args, options = {}) =>
  runLectern(args, { ...options, env: { DATABASE_URL: world.databaseUrl, ...options.env } });
const inWorld = (...args: string[]) => lectern([...args, '--data', world.dataDir]);
const enter = (key: string) => world.enter({ key }, ['global', 'app']);

async function canLogIn(username: string, password: string) {
  const { code } = await preLogin(world.app, username, '::1');
  return login(world.app, { username, password: clientHash(password), code }, '::1');
}

describe('beside a running server', { timeout: 90_000 }, () => {
  it('a key it creates works and one it revokes fails on the next request', async () => {
    const made = await inWorld('keys', 'create', '--name', 'from the shell');
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^fastgpt-[a-z][A-Za-z0-9]{51,}\n$/) });
    const key = made.out.trim();
    expect(await enter(key)).toMatchObject({ keyName: 'from the shell', memberId: world.root.memberId });

    const listed = await inWorld('keys', 'list', '--json');
    expect(listed.out).not.toContain(key);
    const [{ _id, apiKey }] = JSON.parse(listed.out);
    expect(apiKey).toBe(`******${key.slice(-4)}`);

    expect(await inWorld('keys', 'revoke', _id)).toMatchObject({ code: 0, out: `${_id}\n` });
    await expect(enter(key)).rejects.toMatchObject({ errorName: 'keyUnknown' });
    expect(await inWorld('keys', 'revoke', _id)).toMatchObject({
      code: 1,
      err: 'There is no such API key.\n',
    });
    const audit = await world.app.store.db
      .selectFrom('audit')
      .select(['action', 'actor', 'memberId'])
      .where('objectId', '=', _id)
      .execute();
    expect(audit).toEqual([
      { action: 'key.create', actor: 'command line', memberId: null },
      { action: 'key.delete', actor: 'command line', memberId: null },
    ]);
  });

  it('binds a key to an app and gives it limits and scopes', async () => {
    const appId = await world.addApp(world.root);
    const options = [
      '--app',
      appId,
      '--expires',
      '30d',
      '--points',
      '5',
      '--per-minute',
      '7',
      '--address',
      '10.0.0.0/8',
      '--address',
      '127.0.0.1',
      '--route',
      '/api/v1',
      '--scope',
      'apps:write',
    ];
    const { out } = await inWorld('keys', 'create', '--name', 'limited', '--json', ...options);
    const caller = await world.enter({ key: JSON.parse(out).key }, ['app'], { path: '/api/v1/models' });
    expect(caller).toMatchObject({ kind: 'app', appId, scopes: ['apps:write'] });
    const [shown] = JSON.parse((await inWorld('keys', 'list', '--json')).out);
    expect(shown.limit).toMatchObject({
      maxUsagePoints: 5,
      maxPerMinute: 7,
      allowedAddresses: ['10.0.0.0/8', '127.0.0.1'],
      allowedRoutes: ['/api/v1'],
    });
    expect(Date.parse(shown.limit.expiredTime) - Date.now()).toBeGreaterThan(29 * 86_400_000);
  });

  it('imports a key that clients use, also from standard input', async () => {
    const key = 'fastgpt-q1abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNO';
    expect(await inWorld('keys', 'import', '--key', key, '--name', 'old')).toMatchObject({ code: 0 });
    expect(await enter(key)).toMatchObject({ keyName: 'old' });
    expect(await inWorld('keys', 'import', '--key', key, '--name', 'again')).toMatchObject({
      code: 1,
      err: 'This key is here already.\n',
    });
    const piped = key.replace('q1', 'r2');
    const args = ['keys', 'import', '--key', '-', '--name', 'piped', '--data', world.dataDir];
    expect(await lectern(args, { input: `${piped}\n` })).toMatchObject({ code: 0 });
    expect(await enter(piped)).toMatchObject({ keyName: 'piped' });
  });

  it('makes users and teams whose printed passwords log in, and keys for them', async () => {
    const team = JSON.parse(
      (await inWorld('teams', 'create', '--name', 'Second', '--owner', 'alice', '--json')).out,
    );
    expect((await canLogIn('alice', team.password)).user.team).toMatchObject({
      teamId: team.teamId,
      role: 'owner',
    });
    const bob = await inWorld('users', 'create', '--name', 'Bob', '--role', 'viewer', '--team', 'Second');
    const [name = '', password = ''] = bob.out.trim().split('  ');
    expect(name).toBe('bob');
    expect((await canLogIn('bob', password)).user.team).toMatchObject({
      teamId: team.teamId,
      role: 'viewer',
    });
    const { out } = await inWorld('keys', 'create', '--name', 'of alice', '--member', 'alice');
    expect(await enter(out.trim())).toMatchObject({ teamId: team.teamId, role: 'owner' });

    const renewed = await inWorld('users', 'password', 'Bob');
    const [, another = ''] = renewed.out.trim().split('  ');
    expect(another).not.toBe(password);
    expect((await canLogIn('bob', another)).user.username).toBe('bob');
    await expect(canLogIn('bob', password)).rejects.toThrow('Wrong user name or password');
    expect(await inWorld('users', 'password', 'nobody')).toMatchObject({
      code: 1,
      err: 'There is no user named nobody.\n',
    });

    expect((await inWorld('users', 'list')).out).toMatch(/bob\s+active\s+viewer\s+Second/);
    expect((await inWorld('teams', 'list')).out).toMatch(/Second\s+alice\s+2/);
    const users = JSON.parse((await inWorld('users', 'list', '--json')).out);
    expect(users.map(({ username }: { username: string }) => username)).toEqual(['alice', 'bob', 'root']);
    expect(JSON.stringify(users)).not.toContain('argon2');
    expect(await inWorld('users', 'create', '--name', 'bob')).toMatchObject({
      code: 1,
      err: 'There is already a user named bob.\n',
    });
    const foreign = await world.addApp(world.root);
    expect(
      await inWorld('keys', 'create', '--name', 'x', '--member', 'alice', '--app', foreign),
    ).toMatchObject({ code: 1, err: 'There is no app with this id.\n' });
    expect(await inWorld('keys', 'create', '--name', 'x', '--member', 'bob')).toMatchObject({
      code: 1,
      err: expect.stringContaining('Your role (viewer)'),
    });
  });
});

describe('without a server', () => {
  it('works on the directory, which may be named by DATA_DIR', async () => {
    const alone = await openTestWorld();
    await alone.app.keyUsage.stop();
    await alone.app.store.close();
    const env = { DATA_DIR: alone.dataDir };
    expect(await lectern(['keys', 'create', '--name', 'x'], { env })).toMatchObject({ code: 0 });
    expect((await lectern(['--json', 'keys', 'list'], { env })).out).toContain('"name": "x"');
    await rm(alone.dataDir, { recursive: true, force: true });
  });
  it('makes nothing in a directory that has no data', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'lectern-empty-'));
    const { code, err } = await runLectern(['keys', 'list', '--data', empty]);
    expect([code, err]).toEqual([1, expect.stringContaining(`There is no Lectern data in ${empty}`)]);
    await rm(empty, { recursive: true });
  });
});

describe('a key of a deleted app', { timeout: 60_000 }, () => {
  it('is said to be one when it is to be revoked', async () => {
    const appId = await world.addApp(world.root);
    await inWorld('keys', 'create', '--name', 'for herons', '--app', appId);
    const { db } = world.app.store;
    const { id } = await db
      .selectFrom('api_keys')
      .select('id')
      .where('appId', '=', appId)
      .executeTakeFirstOrThrow();
    await db.updateTable('apps').set({ deletedTime: Date.now() }).where('id', '=', appId).execute();
    const { code, err } = await inWorld('keys', 'revoke', id);
    expect([code, err]).toEqual([1, expect.stringMatching(/“for herons” is of an app that was deleted/)]);
  });
});

describe('called wrongly', () => {
  it.each([
    [['keys', 'create'], '--name is missing'],
    [['keys', 'revoke'], 'ID is missing'],
    [['keys', 'create', '--name', 'x', '--colour', 'red'], 'Unknown option --colour.'],
    [['keys', 'list', 'everything'], '"everything" is not expected here'],
    [['keys', 'creat'], 'There is no command "keys creat"'],
    [['keys', 'create', '--name', 'x', '--scope', 'all'], '--scope: "all" is unknown'],
    [['keys', 'create', '--name', 'x', '--expires', '2020-01-01'], '--expires: 2020-01-01 is in the past'],
    [['users', 'create', '--name', 'x', '--role', 'king'], '--role: choose one of owner, admin'],
  ])('%j says what is wrong, without a stack', async (args, text) => {
    const { code, out, err } = await lectern([...args, '--data', world.dataDir]);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(text);
    expect(err).not.toMatch(/ at .*\.ts|node:internal/);
  });
  it('helps in English and in Chinese', async () => {
    expect(await lectern(['--help'])).toMatchObject({ code: 0, out: expect.stringContaining('keys create') });
    const chinese = { env: { LC_ALL: '', LC_MESSAGES: '', LANG: 'zh_CN.UTF-8' } };
    expect((await lectern(['keys', 'create', '--help'], chinese)).out).toContain('用法');
    expect((await lectern(['keys', 'revoke', 'f'.repeat(24), '--data', world.dataDir], chinese)).err).toBe(
      'API 密钥不存在。\n',
    );
  });
});

describe('the index', { timeout: 90_000 }, () => {
  it('is proved equal to the data, and mended where it is not', async () => {
    const good = await inWorld('index', 'check');
    expect(good).toMatchObject({
      code: 0,
      out: expect.stringContaining('the index says what the data says'),
    });
    const { db } = world.app.store;
    const own = { teamId: world.root.teamId, memberId: world.root.memberId, createTime: 1, updateTime: 1 };
    const [datasetId, collectionId, id] = [newId(), newId(), newId()];
    const dataset = { type: 'dataset', name: 'd', intro: '', avatar: '', parentId: null, vectorModel: null };
    await db
      .insertInto('datasets')
      .values({ ...own, ...dataset, id: datasetId, agentModel: null, vlmModel: null, chunkSettings: null })
      .execute();
    const nothing = { parentId: null, fileId: null, rawLink: null, externalFileId: null, hash: null };
    await db
      .insertInto('collections')
      .values({
        ...own,
        ...nothing,
        id: collectionId,
        datasetId,
        type: 'virtual',
        name: 'c',
        trainingType: 'chunk',
        params: '{}',
        rawTextLength: null,
        forbid: 0,
        metadata: '{}',
      })
      .execute();
    const item = { id, datasetId, collectionId, q: 'A hound.', a: '', headings: '[]', hash: 'h' };
    await db
      .insertInto('data')
      .values({ ...own, ...item, chunkIndex: 0, tokens: 3, imageId: null, vectorModel: null })
      .execute();
    const bad = await inWorld('index', 'check', '--json');
    expect(bad.code).toBe(1);
    expect(JSON.parse(bad.out)).toMatchObject({
      items: 1,
      found: 1,
      problems: [{ index: 'keywords', datasetId, dataId: id }],
    });
    expect((await inWorld('index', 'rebuild')).code).toBe(0);
    expect((await inWorld('index', 'check', '--dataset', datasetId)).code).toBe(0);
  });
});
