import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientHash } from '../domain/users/password.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';
import { startedProcess } from '../testing/server-process.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
}, 60_000);
afterAll(() => server.close());

const path = '/api/core/system/backup';
const asRoot = (method: string, of: string, body?: unknown) =>
  server.call(method, of, { sessionToken: server.root.sessionToken, ...(body !== undefined && { body }) });
// biome-ignore lint/suspicious/noExplicitAny: tests look at answers as a client without types does
const list = async (): Promise<any> => (await asRoot('GET', path)).json.data;

async function made(name: string) {
  for (;;) {
    const { list: found } = await list();
    const item = found.find((one: { name: string }) => one.name === name);
    if (item.state === 'failed') throw new Error(item.error);
    if (item.state === 'ready') return item;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('a backup', () => {
  it('is made by a job while the server runs, listed, fetched by its link and deleted', async () => {
    const asked = await Promise.all([1, 2, 3, 4].map(() => asRoot('POST', path)));
    const started = asked.filter(({ status }) => status === 200);
    expect(started).toHaveLength(1);
    for (const again of asked.filter((one) => one !== started[0]))
      expect([again.status, again.json.message]).toEqual([409, expect.stringContaining('already')]);
    const { name } = started[0]?.json.data ?? {};
    const item = await made(name);
    expect(item).toMatchObject({ missing: 0, error: '' });
    expect(item.rows).toBeGreaterThan(3);
    expect(item.restoreCommand).toContain(name);
    expect(JSON.stringify(await list())).not.toContain('download');
    const link = (await asRoot('POST', `${path}/link`, { name })).json.data;
    expect(Date.parse(link.expireTime) - Date.now()).toBeLessThanOrEqual(10 * 60_000);
    const answer = await fetch(link.url);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
    const bytes = Buffer.from(await answer.arrayBuffer());
    for (const file of ['lectern.db', 'SHA256SUMS', 'manifest.json'])
      expect(bytes.includes(`${name}/${file}`)).toBe(true);
    const shown = await server.call('POST', '/api/core/jobs/list', {
      sessionToken: server.root.sessionToken,
    });
    expect(shown.text).not.toContain(name);
    expect((await asRoot('DELETE', `${path}?name=${name}`)).status).toBe(200);
    expect((await fetch(link.url)).status).toBe(404);
    expect(existsSync(join(server.app.config.backupDir, name))).toBe(false);
  }, 60_000);

  it('is named by nothing that leads anywhere else', async () => {
    const { backupDir } = server.app.config;
    await mkdir(backupDir, { recursive: true });
    const outside = await mkdtemp(join(tmpdir(), 'lectern-outside-'));
    await symlink(outside, join(backupDir, 'linked'));
    await mkdir(join(backupDir, 'empty'), { recursive: true });
    await writeFile(join(backupDir, 'file'), '');
    for (const name of [
      '..',
      '../data',
      'linked',
      'empty',
      'file',
      '/etc',
      'a/b',
      'x\0y',
      `${'a'.repeat(90)}`,
    ]) {
      const gone = await asRoot('DELETE', path, { name });
      const staged = await asRoot('POST', '/api/core/system/restore', { name });
      const link = await asRoot('POST', `${path}/link`, { name });
      expect([gone.status, staged.status, link.status], name).toEqual([404, 404, 404]);
    }
    expect(existsSync(outside)).toBe(true);
    await rm(outside, { recursive: true });
    expect((await fetch(`${server.url}${path}/download/abc.def`)).status).toBe(403);
  });

  it('is of root alone', async () => {
    const owner = await server.createMember('second-owner', 'owner');
    for (const [method, of] of [
      ['GET', path],
      ['POST', path],
      ['DELETE', `${path}?name=x`],
      ['POST', `${path}/link`],
      ['POST', '/api/core/system/restore'],
      ['DELETE', '/api/core/system/restore'],
    ] as const) {
      const body = method === 'POST' ? { body: { name: 'x' } } : {};
      const answer = await server.call(method, of, { sessionToken: owner.sessionToken, ...body });
      expect([answer.status, answer.json.message]).toEqual([403, expect.stringContaining('root')]);
    }
  });

  it('that cannot be made says why', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lectern-blocked-'));
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    const blocked = await startTestServer({ BACKUP_DIR: join(file, 'backups') });
    try {
      const { sessionToken } = blocked.root;
      const { json } = await blocked.call('POST', path, { sessionToken });
      let item = { name: '', state: 'making', error: '' };
      while (item.state === 'making') {
        const answer = await blocked.call('GET', path, { sessionToken });
        item = answer.json.data.list.find((one: { name: string }) => one.name === json.data.name);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(item).toMatchObject({ state: 'failed', error: expect.stringContaining('a-file') });
    } finally {
      await blocked.close();
      await rm(folder, { recursive: true });
    }
  }, 60_000);
});

describe('a restore', () => {
  it('into PostgreSQL is left to commands, which the answer names', async () => {
    if (server.app.config.databaseUrl === undefined) return;
    const { name } = (await asRoot('POST', path)).json.data;
    await made(name);
    const { status, json } = await asRoot('POST', '/api/core/system/restore', { name });
    expect([status, json.message]).toEqual([409, expect.stringContaining('npm run lectern -- restore')]);
    expect((await list()).canStage).toBe(false);
  }, 60_000);

  it('waits for the next start, which puts back what was there and says so', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'lectern-restore-'));
    const dataDir = join(parent, 'data');
    const env = { DEFAULT_ROOT_PSW: 'correct horse battery', DATABASE_URL: '' };
    const login = async (url: string) => {
      // biome-ignore lint/suspicious/noExplicitAny: tests look at answers as a client without types does
      const ask = async (of: string, init?: RequestInit): Promise<any> =>
        (await fetch(url + of, init)).json();
      const { data } = await ask('/api/support/user/account/preLogin?username=root');
      const body = JSON.stringify({
        username: 'root',
        password: clientHash(env.DEFAULT_ROOT_PSW),
        code: data.code,
      });
      const headers = { 'content-type': 'application/json' };
      const answer = await ask('/api/support/user/account/loginByPassword', {
        method: 'POST',
        headers,
        body,
      });
      return async (method: string, of: string, sent?: unknown) =>
        ask(of, {
          method,
          headers: { ...headers, token: answer.data.token },
          ...(sent !== undefined && { body: JSON.stringify(sent) }),
        });
    };
    const teamName = async (call: Awaited<ReturnType<typeof login>>) =>
      (await call('GET', '/api/support/user/account/tokenLogin')).data.team.teamName;
    const rename = (call: Awaited<ReturnType<typeof login>>, name: string) =>
      call('PUT', '/api/support/user/team/update', { name });
    try {
      const first = await startedProcess(dataDir, env);
      const call = await login(first.url);
      await rename(call, 'before');
      const { data } = await call('POST', path);
      while ((await call('GET', path)).data.list[0].state !== 'ready')
        await new Promise((resolve) => setTimeout(resolve, 100));
      await rename(call, 'after');
      await call('POST', '/api/core/system/restore', { name: data.name });
      expect((await call('GET', path)).data.staged).toMatchObject({ name: data.name, by: 'root' });
      const kept1 = await call('DELETE', `${path}?name=${data.name}`);
      expect([kept1.code, kept1.message]).toEqual([409, expect.stringContaining('Cancel the restore')]);
      expect(existsSync(join(`${dataDir}-backups`, data.name, 'manifest.json'))).toBe(true);
      // Nothing happens to what runs.
      expect(await teamName(call)).toBe('after');
      await first.stop();

      const second = await startedProcess(dataDir, env);
      expect(second.output()).toContain(`The backup ${data.name} was restored.`);
      const restored = await login(second.url);
      expect(await teamName(restored)).toBe('before');
      const events = async () =>
        (await restored('POST', '/api/support/user/audit/list', { pageSize: 20 })).data.list.filter(
          ({ objectType }: { objectType: string }) => objectType === 'backup',
        );
      expect(await events()).toMatchObject([
        {
          event: 'backup.restored',
          objectId: data.name,
          sourceMember: { name: 'root' },
          metadata: { ok: true },
        },
        { event: 'backup.create' },
      ]);
      // The copy was taken while its own job ran: nobody goes on with it.
      const copy = new DatabaseSync(join(dataDir, 'lectern.db'), { readOnly: true });
      expect(copy.prepare("select count(*) as n from jobs where kind = 'backup'").get()).toEqual({ n: 0 });
      copy.close();
      const { staged, lastRestore, list: kept } = (await restored('GET', path)).data;
      expect([staged, lastRestore.ok, kept.length]).toEqual([null, true, 1]);
      expect((await readdir(dataDir)).some((name) => name.startsWith('before-restore-'))).toBe(true);

      // One that is not whole changes nothing, and the server starts as it was.
      await rename(restored, 'kept');
      await restored('POST', '/api/core/system/restore', { name: data.name });
      // Taken back, it does not happen.
      await restored('DELETE', '/api/core/system/restore');
      expect((await restored('GET', path)).data.staged).toBeNull();
      expect((await events())[0]).toMatchObject({ event: 'backup.cancel', objectId: data.name });
      await restored('POST', '/api/core/system/restore', { name: data.name });
      await second.stop();
      await writeFile(join(`${dataDir}-backups`, data.name, 'lectern.db'), 'damaged');
      const third = await startedProcess(dataDir, env);
      const call3 = await login(third.url);
      expect(await teamName(call3)).toBe('kept');
      expect((await call3('GET', path)).data.lastRestore).toMatchObject({
        ok: false,
        message: expect.stringContaining('lectern.db'),
      });

      await third.stop();
    } finally {
      await rm(parent, { recursive: true, force: true });
    }
  }, 120_000);
});
