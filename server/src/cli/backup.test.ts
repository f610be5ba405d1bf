import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compose } from '../compose.ts';
import { loadConfig } from '../config.ts';
import { createLogger } from '../kernel/logger.ts';
import { inspectDatabase } from '../store/sqlite/inspect.ts';
import { lectern } from '../testing/lectern.ts';
import { makeTeamObjects, type TeamObjects } from '../testing/objects.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';
import { makeSmallDisk } from '../testing/small-disk.ts';

let parent: string;
let server: TestServer;
let team: TeamObjects;
const missing = (path: string) =>
  stat(path).then(
    () => false,
    () => true,
  );

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'lectern-backup-'));
  server = await startTestServer({ DATABASE_URL: '' });
  team = await makeTeamObjects(server, server.root);
}, 60_000);
afterAll(async () => {
  await server.close();
  await rm(parent, { recursive: true, force: true });
});

async function upload(name: string, text: string): Promise<string> {
  const form = new FormData();
  form.set('data', JSON.stringify({ datasetId: team.datasetId, trainingType: 'chunk' }));
  form.set('file', new Blob([text]), name);
  const path = '/api/core/dataset/collection/create/localFile';
  const answer = await server.call('POST', path, { key: team.globalKey, body: form });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.json.data.collectionId;
}

/** A server of today on a directory, asked by those who used the one that was backed up. */
async function serverOn(dataDir: string) {
  const config = loadConfig({ DATA_DIR: dataDir, PORT: '0', OLLAMA_URL: 'off', LOG_LEVEL: 'silent' });
  const composed = await compose(config, createLogger('silent'), { checkResponses: true });
  await composed.http.listen({ port: 0, host: '127.0.0.1' });
  const address = composed.http.server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return {
    close: () => composed.close(),
    async post(path: string, body: unknown, given = { authorization: `Bearer ${team.globalKey}` }) {
      const headers = { ...given, 'content-type': 'application/json' };
      const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: answer.status, text: await answer.text() };
    },
  };
}

/** Every file that the database of a backup names, with the content it was stored with. */
async function expectWhole(folder: string): Promise<void> {
  const inspection = inspectDatabase(join(folder, 'lectern.db'));
  const named = inspection.namedFiles();
  expect(inspection.damage()).toEqual([]);
  inspection.close();
  for (const { blobKey, hash, size, needed } of named) {
    const path = join(folder, 'blobs', blobKey);
    if (!needed && (await missing(path))) continue;
    const bytes = await readFile(path);
    expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([size, hash]);
  }
}

describe('a backup', { timeout: 120_000 }, () => {
  it('of a server that is written to all the time is whole, and has what was acknowledged before it', async () => {
    let writing = true;
    const uploaded: string[] = [];
    const write = async (writer: number) => {
      for (let n = 0; writing; n++) {
        const id = await upload(`note-${writer}-${n}.md`, `# Note ${writer}-${n}\n\nAbout cranes.`);
        // What stays for good has to be in every later backup; the rest comes and goes.
        if (n % 3 !== 0) uploaded.push(id);
        else {
          const path = `/api/core/dataset/collection/delete?id=${id}`;
          await server.call('DELETE', path, { key: team.globalKey });
        }
      }
    };
    const writers = [write(1), write(2)];
    try {
      for (let n = 1; n <= 4; n++) {
        await expect.poll(() => uploaded.length, { timeout: 20_000 }).toBeGreaterThan(n * 3);
        const before = [...uploaded];
        const folder = join(parent, `busy-${n}`);
        const { code, out, err } = await lectern([
          'backup',
          '--data',
          server.dataDir,
          '--to',
          folder,
          '--json',
        ]);
        expect(code, err).toBe(0);
        expect(JSON.parse(out)).toMatchObject({ missing: [], damaged: [], files: expect.any(Number) });
        await expectWhole(folder);
        const inspection = inspectDatabase(join(folder, 'lectern.db'));
        for (const id of before)
          expect(inspection.number(`select count(*) from collections where id = '${id}'`)).toBe(1);
        inspection.close();
      }
    } finally {
      writing = false;
      await Promise.all(writers);
    }
    expect((await readdir(parent)).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it('shares the files with the data where it can, and keeps the secret key to its owner', async () => {
    await upload('kept.md', '# Kept\n\nText.');
    const key = join(server.dataDir, 'secret.key');
    await rm(key, { force: true });
    await writeFile(key, `${'0'.repeat(64)}\n`, { mode: 0o644 });
    const folder = join(parent, 'linked');
    const { code, err } = await lectern(['backup', '--data', server.dataDir, '--to', folder]);
    await rm(key);
    expect(code, err).toBe(0);
    expect(err).toContain('secret.key');
    expect((await stat(join(folder, 'secret.key'))).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o077).toBe(0);
    const [first = ''] = (await readdir(join(folder, 'blobs'), { recursive: true })).filter(
      (name) => name.length > 10,
    );
    expect((await stat(join(folder, 'blobs', first))).ino).toBe(
      (await stat(join(server.dataDir, 'blobs', first))).ino,
    );
  });

  it('overwrites nothing, and makes nothing where there is no data', async () => {
    const taken = join(parent, 'taken');
    await mkdir(taken);
    const onto = await lectern(['backup', '--data', server.dataDir, '--to', taken]);
    expect(onto).toMatchObject({ code: 1, err: expect.stringContaining('exists already') });
    const nowhere = await lectern(['backup', '--data', taken, '--to', join(parent, 'none')]);
    expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining('There is no Lectern data') });
    expect(await missing(join(parent, 'none'))).toBe(true);
    expect(await readdir(taken)).toEqual([]);
  });

  it('names a place that cannot be used and says what to do, in both languages', async () => {
    const disk = makeSmallDisk(1);
    try {
      disk.readOnly(true);
      await writeFile(join(parent, 'a-file'), '');
      const places = {
        [join(disk.path, 'backup')]: `No backup can be made in ${disk.path}: the disk there is read-only.`,
        [join(parent, 'a-file', 'backup')]: `No backup can be made in ${join(parent, 'a-file')}: a part of`,
        [join(server.dataDir, 'backups', 'mine')]: `is in the data directory ${server.dataDir}`,
        [server.dataDir]: 'is in the data directory',
      };
      for (const [place, words] of Object.entries(places)) {
        const args = ['backup', '--data', server.dataDir, '--to', place];
        const english = await lectern(args);
        expect(english).toMatchObject({ code: 1, out: '', err: expect.stringContaining(words) });
        const chinese = await lectern(args, { env: { LC_ALL: 'zh_CN.UTF-8' } });
        expect(chinese.err).toMatch(/无法在 .* 中创建备份|位于数据目录/);
      }
      expect(await missing(join(server.dataDir, 'backups'))).toBe(true);
      expect(await readdir(disk.path)).toEqual([]);
    } finally {
      disk.remove();
    }
  });

  it('of a database that cannot be reached says so without its password, and makes nothing', async () => {
    const env = { DATABASE_URL: 'postgres://lectern:hidden@127.0.0.1:1/lectern' };
    const args = ['backup', '--data', server.dataDir, '--to', join(parent, 'pg')];
    const { code, err } = await lectern(args, { env });
    expect([code, err]).toEqual([1, expect.stringContaining('cannot be reached')]);
    expect(err).not.toContain('hidden');
    expect((await readdir(parent)).filter((name) => name.startsWith('pg'))).toEqual([]);
    const onto = ['restore', '--from', join(parent, 'pg'), '--data', join(parent, 'pg-data')];
    expect(await lectern(onto, { env })).toMatchObject({
      code: 1,
      err: expect.stringContaining('copy --from'),
    });
  });

  it('says so when a file is missing or is not as it was stored, and is made nevertheless', async () => {
    const copy = join(parent, 'hurt-data');
    expect(
      (await lectern(['backup', '--data', server.dataDir, '--to', join(parent, 'hurt-from')])).code,
    ).toBe(0);
    await lectern(['restore', '--from', join(parent, 'hurt-from'), '--data', copy]);
    const blobs = (await readdir(join(copy, 'blobs'), { recursive: true })).filter(
      (name) => name.length > 10,
    );
    await rm(join(copy, 'blobs', blobs[0] ?? ''));
    await writeFile(join(copy, 'blobs', blobs[1] ?? ''), 'rotten');
    const { code, out } = await lectern(['backup', '--data', copy, '--to', join(parent, 'hurt'), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ missing: [blobs[0]], damaged: [blobs[1]] });
  });
});

describe('restoring', { timeout: 120_000 }, () => {
  let backup: string;
  beforeAll(async () => {
    backup = join(parent, 'good');
    const { code, err } = await lectern(['backup', '--data', server.dataDir, '--to', backup]);
    expect(code, err).toBe(0);
  });
  let target: string;
  let number = 0;
  beforeEach(() => {
    target = join(parent, `target-${++number}`);
  });
  const restore = (from: string, ...more: string[]) =>
    lectern(['restore', '--from', from, '--data', target, ...more]);
  /** A backup like the good one, changed. */
  async function changed(change: (folder: string) => Promise<void>): Promise<string> {
    const folder = join(parent, `changed-${number}`);
    await cp(backup, folder, { recursive: true });
    await change(folder);
    return folder;
  }

  it('gives back a server whose keys, searches and chats work', async () => {
    expect(await restore(backup)).toMatchObject({ code: 0 });
    const restored = await serverOn(target);
    try {
      const search = { datasetId: team.datasetId, text: 'Which bird is the secret?' };
      const found = await restored.post('/api/core/dataset/searchTest', search);
      expect(found.status).toBe(200);
      expect(found.text).toContain('blue heron');
      const chat = { appId: team.appId, chatId: team.chatId, offset: 0, pageSize: 10 };
      const records = await restored.post('/api/core/chat/getPaginationRecords', chat);
      expect(records.text).toContain('Which bird is the secret?');
    } finally {
      await restored.close();
    }
  });

  it('refuses a directory with data, and moves it aside when told to', async () => {
    await mkdir(target);
    await writeFile(join(target, 'notes.txt'), 'mine');
    const refused = await restore(backup);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('--replace') });
    expect((await readdir(target)).filter((name) => !name.startsWith('server.'))).toEqual(['notes.txt']);
    const { code, out, err } = await restore(backup, '--replace', '--json');
    expect(code, err).toBe(0);
    const { movedTo } = JSON.parse(out);
    expect(await readFile(join(movedTo, 'notes.txt'), 'utf8')).toBe('mine');
    expect(await missing(join(target, 'notes.txt'))).toBe(true);
    await (await serverOn(target)).close();
  });

  it('refuses while a server runs there, and leaves everything as it is', async () => {
    target = server.dataDir;
    const before = (await readdir(target)).sort();
    const refused = await restore(backup, '--replace');
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('already running') });
    expect((await readdir(target)).sort()).toEqual(before);
    expect((await server.call('GET', '/api/health/ready')).status).toBe(200);
  });

  it.each<[string, string, (folder: string) => Promise<void>]>([
    ['no backup', 'no manifest.json', (folder) => rm(join(folder, 'manifest.json'))],
    ['a changed file', 'missing or changed (lectern.db)', (f) => writeFile(join(f, 'lectern.db'), 'else')],
    ['a missing file', 'missing or changed (blobs/', (f) => rm(join(f, 'blobs'), { recursive: true })],
    [
      'other sums',
      'list of sums',
      (f) => writeFile(join(f, 'SHA256SUMS'), `${'0'.repeat(64)}  ../../etc/cron.d/evil\n`),
    ],
    ['a newer format', 'newer version', (f) => edit(f, (m) => ({ ...m, formatVersion: 2 }))],
    [
      'a newer schema',
      '9999-later',
      (f) => edit(f, (m) => ({ ...m, schema: [...(m.schema as string[]), '9999-later'] })),
    ],
  ])('refuses %s and makes nothing', async (_what, text, change) => {
    const { code, err } = await restore(await changed(change));
    expect([code, err]).toEqual([1, expect.stringContaining(text)]);
    expect(err).not.toMatch(/ at .*\.ts/);
    expect(await missing(join(target, 'lectern.db'))).toBe(true);
  });

  it('names no path outside of the backup even when its sums are in order', async () => {
    const folder = await changed(async (f) => {
      const list = `${await readFile(join(f, 'SHA256SUMS'), 'utf8')}${'0'.repeat(64)}  blobs/../../evil\n`;
      await writeFile(join(f, 'SHA256SUMS'), list);
      await edit(f, (m) => ({ ...m, sums: createHash('sha256').update(list).digest('hex') }));
    });
    expect(await restore(folder)).toMatchObject({ code: 1, err: expect.stringContaining('list of sums') });
  });

  it('that was interrupted keeps a server from starting, and is repeated', async () => {
    await mkdir(join(target, 'restoring'), { recursive: true });
    await writeFile(join(target, 'restoring', 'lectern.db'), 'half');
    await expect(serverOn(target)).rejects.toThrow('was interrupted');
    expect(await missing(join(target, 'lectern.db'))).toBe(true);
    expect(await restore(backup)).toMatchObject({ code: 0 });
    await (await serverOn(target)).close();
  });
});

async function edit(folder: string, change: (manifest: Record<string, unknown>) => object): Promise<void> {
  const path = join(folder, 'manifest.json');
  await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')))));
}

describe.skipIf(!process.env.TEST_DATABASE_URL)('on PostgreSQL', { timeout: 120_000 }, () => {
  it('a backup is made while the server runs, is whole, and is restored into a directory', async () => {
    const on = await startTestServer();
    const { databaseUrl = '' } = on.app.config;
    expect(databaseUrl).toContain('postgres');
    try {
      const objects = await makeTeamObjects(on, on.root);
      const folder = join(parent, 'of-postgres');
      const env = { DATABASE_URL: databaseUrl, OLLAMA_URL: 'off', PORT: '0' };
      const made = await lectern(['backup', '--data', on.dataDir, '--to', folder, '--json'], { env });
      expect(made.code, made.err).toBe(0);
      expect(JSON.parse(made.out)).toMatchObject({ missing: [], damaged: [] });
      await expectWhole(folder);
      const doctor = await lectern(['doctor', '--data', on.dataDir, '--json'], { env });
      expect([doctor.code, JSON.parse(doctor.out).verdict], doctor.out).toEqual([0, 'ok']);
      expect((await on.call('GET', '/api/health/ready')).json.data.ready).toBe(true);

      const target = join(parent, 'from-postgres');
      expect((await lectern(['restore', '--from', folder, '--data', target])).code).toBe(0);
      const restored = await serverOn(target);
      const search = { datasetId: objects.datasetId, text: 'Which bird is the secret?' };
      const headers = { authorization: `Bearer ${objects.globalKey}` };
      const found = await restored.post('/api/core/dataset/searchTest', search, headers);
      await restored.close();
      expect([found.status, found.text]).toEqual([200, expect.stringContaining('blue heron')]);
    } finally {
      await on.close();
    }
  });
});
