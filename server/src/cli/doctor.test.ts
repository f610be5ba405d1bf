import { chmod, cp, mkdir, mkdtemp, open, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBlobStore } from '../store/blobs.ts';
import { lectern } from '../testing/lectern.ts';
import { makeTeamObjects } from '../testing/objects.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';
import { makeSmallDisk } from '../testing/small-disk.ts';
import type { Finding } from './doctor/finding.ts';

let parent: string;
let server: TestServer;
/** An installation that was stopped, to be broken. */
let stopped: string;

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'lectern-doctor-'));
  server = await startTestServer({ DATABASE_URL: '' });
  const team = await makeTeamObjects(server, server.root);
  const key = team.globalKey;
  const upload = async (datasetId: string, name: string, text: string) => {
    const form = new FormData();
    form.set('data', JSON.stringify({ datasetId, trainingType: 'chunk' }));
    form.set('file', new Blob([text]), name);
    const path = '/api/core/dataset/collection/create/localFile';
    expect((await server.call('POST', path, { key, body: form })).status).toBe(200);
  };
  await upload(team.datasetId, 'cranes.md', '# Cranes\n\nThey dance.');
  // Deleted, and to be restored by whoever wants to: a backup has its file, and nobody may lose it.
  const body = { name: 'deleted' };
  const { json } = await server.call('POST', '/api/core/dataset/create', { key, body });
  await upload(json.data, 'storks.md', '# Storks\n\nThey clatter.');
  await server.call('DELETE', `/api/core/dataset/delete?id=${json.data}`, { key });
  const backup = join(parent, 'backup');
  expect((await lectern(['backup', '--data', server.dataDir, '--to', backup])).code).toBe(0);
  stopped = join(parent, 'stopped');
  expect((await lectern(['restore', '--from', backup, '--data', stopped])).code).toBe(0);
}, 90_000);
afterAll(async () => {
  await server.close();
  await rm(parent, { recursive: true, force: true });
});

async function examine(dataDir: string, args: string[] = [], env: Record<string, string> = {}) {
  const all = { OLLAMA_URL: 'off', PORT: '0', ...env };
  const { code, out, err } = await lectern(['doctor', '--json', '--data', dataDir, ...args], { env: all });
  expect(err).not.toMatch(/ at .*\.ts/);
  const { verdict, findings } = JSON.parse(out) as { verdict: string; findings: Finding[] };
  const bad = findings.filter(({ level }) => level !== 'ok');
  for (const { text, advice } of bad) {
    expect(text.zh).not.toBe(text.en);
    expect([advice?.en, advice?.zh]).not.toContain(undefined);
  }
  return { code, verdict, findings, bad: bad.map(({ level, area, text }) => `${level} ${area}: ${text.en}`) };
}

describe('the doctor', { timeout: 60_000 }, () => {
  let dir: string;
  let number = 0;
  beforeEach(async () => {
    dir = join(parent, `copy-${++number}`);
    await cp(stopped, dir, { recursive: true, preserveTimestamps: true });
    await chmod(dir, 0o700);
  });

  it('finds a running server in order', async () => {
    const { code, verdict, findings, bad } = await examine(server.dataDir);
    expect(bad).toEqual([]);
    expect([code, verdict]).toEqual([0, 'ok']);
    expect(new Set(findings.map(({ area }) => area))).toEqual(
      new Set([
        'program',
        'settings',
        'server',
        'directory',
        'disk',
        'clock',
        'store',
        'index',
        'files',
        'models',
      ]),
    );
    expect((await server.call('GET', '/api/health/ready')).status).toBe(200);
  });

  it('reads as text in both languages', async () => {
    const env = { OLLAMA_URL: 'off', PORT: '0' };
    const english = await lectern(['doctor', '--data', dir], { env });
    expect(english.out).toMatch(/^ok +store +undamaged$/m);
    expect(english.err).toBe('Everything is in order.\n');
    const chinese = await lectern(['doctor', '--data', dir], { env: { ...env, LC_ALL: 'zh_CN.UTF-8' } });
    expect(chinese.out).toMatch(/^正常 +存储 +完好$/m);
  });

  it('says whose credentials cannot be opened because the key was lost', async () => {
    const { sessionToken } = server.root;
    const channel = {
      name: 'sealed',
      baseUrl: 'https://api.openai.com/v1',
      credential: 'sk-hidden',
      models: ['gpt-x'],
    };
    const added = await server.call('POST', '/api/core/ai/channel', { sessionToken, body: channel });
    expect(added.status, added.text).toBe(200);
    expect((await examine(server.dataDir)).bad.join('\n')).not.toContain('sealed');
    const backup = join(parent, 'with-channel');
    expect((await lectern(['backup', '--data', server.dataDir, '--to', backup])).code).toBe(0);
    const lost = join(parent, 'lost-key');
    expect((await lectern(['restore', '--from', backup, '--data', lost])).code).toBe(0);
    expect((await examine(lost)).bad.join('\n')).not.toContain('sealed');
    await rm(join(lost, 'secret.key'));
    expect((await examine(lost)).bad.join('\n')).toContain(
      'problem models: the credentials of sealed cannot be opened',
    );
    expect(await stat(join(lost, 'secret.key')).catch(() => 'none')).toBe('none');
    await writeFile(join(lost, 'secret.key'), `${'a'.repeat(64)}\n`, { mode: 0o600 });
    const other = await examine(lost);
    expect(other.bad.join('\n')).toContain('problem models: the credentials of sealed cannot be opened');
    expect(JSON.stringify(other.findings)).not.toContain('sk-hidden');
  });

  it('looks at everything else when the directory cannot be written to, in both languages', async () => {
    const disk = makeSmallDisk(16);
    try {
      const there = join(disk.path, 'data');
      await cp(dir, there, { recursive: true, preserveTimestamps: true });
      disk.readOnly(true);
      const { code, bad, findings } = await examine(there);
      expect(code).toBe(1);
      expect(bad.join('\n')).toContain(`problem directory: ${there} cannot be used: the disk is read-only`);
      expect(JSON.stringify(findings)).not.toContain('as a bug');
      for (const { zh } of findings.map(({ text }) => text)) expect(zh).not.toMatch(/EROFS|The directory/);
      const looked = new Set(findings.map(({ area }) => area));
      for (const area of ['server', 'disk', 'clock', 'store', 'index', 'files', 'models'] as const)
        expect(looked).toContain(area);
    } finally {
      disk.remove();
    }
  });

  it('says that a file is no directory', async () => {
    const { bad, findings } = await examine(join(dir, 'lectern.db'));
    expect(bad.join('\n')).toContain('is a file, no directory');
    expect(JSON.stringify(findings)).not.toMatch(/the right to|as a bug/);
  });

  it('says what to do about a directory that is not there', async () => {
    const { code, bad, findings } = await examine(join(parent, 'nowhere'));
    expect(code).toBe(1);
    expect(bad[0]).toMatch(/problem directory: .*nowhere does not exist/);
    expect(JSON.stringify(findings)).not.toContain('the right to');
    expect(bad[1]).toContain('there is no Lectern data');
  });

  it.each<[string, string, (dir: string) => Promise<void>]>([
    ['a file that is something else', 'problem store: The file lectern.db', destroyHead],
    ['bytes that were changed in the middle', 'is damaged', destroyMiddle],
    [
      'a missing file of a user, which it names with its collection',
      'cranes.md of collection "cranes.md" ',
      removeBlobs,
    ],
    ['files that may not be read', 'problem files: cannot be read', replaceBlobsByFile],
    [
      'an interrupted restore',
      'problem store: a restore was interrupted',
      (d) => mkdir(join(d, 'restoring')),
    ],
    [
      'a database open to others',
      'lectern.db is open to other users',
      (d) => chmod(join(d, 'lectern.db'), 0o644),
    ],
    ['a directory open to others', 'is open to other users', (d) => chmod(d, 0o755)],
    [
      'data that was put aside',
      'warning directory: data from before',
      (d) => mkdir(join(d, 'before-restore-1')),
    ],
  ])('finds %s', async (_what, text, hurt) => {
    await hurt(dir);
    const { code, bad } = await examine(dir);
    expect(bad.join('\n')).toContain(text);
    expect(code).toBe(bad.some((line) => line.startsWith('problem')) ? 1 : 0);
  });

  it('misses a file of what was deleted and can be restored, and none once that is cleared away', async () => {
    const db = new DatabaseSync(join(dir, 'lectern.db'));
    const { blobKey } = db.prepare(`select blobKey from files where name = 'storks.md'`).get() ?? {};
    await rm(createBlobStore(dir).path(String(blobKey)));
    const missing = async () => (await examine(dir)).bad.filter((line) => line.includes('storks.md'));
    expect(await missing()).toHaveLength(1);
    db.exec('update collections set deletionId = null');
    db.close();
    expect(await missing()).toEqual([]);
  });

  it('finds a file whose bytes were changed when told to read it, and says when it did not', async () => {
    expect((await examine(dir, ['--deep'])).bad.filter((line) => line.includes('files'))).toEqual([]);
    for (const entry of await readdir(join(dir, 'blobs'), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      await writeFile(path, Buffer.alloc((await stat(path)).size, 'x'));
    }
    const { bad, findings } = await examine(dir);
    expect(bad.filter((line) => line.includes('files'))).toEqual([]);
    expect(findings.map(({ text }) => text.en)).toContainEqual(
      expect.stringContaining('only sizes compared'),
    );
    expect((await examine(dir, ['--deep'])).bad.join('\n')).toMatch(
      /problem files: (\d+) of \1 are missing or changed/,
    );
  });

  it('finds items that lost their vectors, and vectors of items that are not marked', async () => {
    const db = new DatabaseSync(join(dir, 'lectern.db'));
    const { id } = db.prepare('select id from data limit 1').get() ?? {};
    db.prepare('delete from vectors').run();
    db.prepare(`update data set vectorModel = 'gone' where id = ?`).run(String(id));
    expect((await examine(dir)).bad.join('\n')).toContain(
      'problem index: 1 data items are marked as embedded and have no vector',
    );
    db.prepare(
      `insert into vectors (teamId, datasetId, collectionId, dataId, part, model, dimensions, vector)
       select teamId, datasetId, collectionId, id, 'q', 'gone', 1, x'0000803f' from data where id = ?`,
    ).run(String(id));
    expect((await examine(dir)).bad.join('\n')).not.toContain('problem index');
    db.prepare('update data set vectorModel = null where id = ?').run(String(id));
    db.close();
    expect((await examine(dir)).bad.join('\n')).toContain(
      'problem index: 1 data items have vectors and are not marked',
    );
  });

  it('finds an index that is not the data, a clock that is behind, no models, another schema', async () => {
    const { db } = server.app.store;
    await sql`delete from search_rows`.execute(db);
    for (const table of ['model_channels', 'models']) await sql`delete from ${sql.table(table)}`.execute(db);
    await sql`update chats set updateTime = updateTime + 86400000`.execute(db);
    const hurt = await examine(server.dataDir);
    expect(hurt.bad.join('\n')).toMatch(/problem index: 0 of \d/);
    expect(hurt.bad.join('\n')).toContain('warning clock');
    expect(hurt.bad.join('\n')).toContain('warning models: no provider is set');
    await sql`insert into migrations (name, time) values ('9999-later', 0)`.execute(db);
    const newer = await examine(server.dataDir);
    expect(newer.bad.join('\n')).toContain('problem store: has the schema change "9999-later"');
  });

  it('removes files that nothing names when told to, old ones only', async () => {
    const folder = join(dir, 'blobs', 'aa');
    await mkdir(folder, { recursive: true });
    const [old, fresh, part] = ['0'.repeat(30), '1'.repeat(30), `${'2'.repeat(30)}.part`].map((name) =>
      join(folder, name),
    );
    const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000);
    for (const path of [old, fresh, part]) await writeFile(path ?? '', 'left');
    for (const path of [old, part]) await utimes(path ?? '', twoDaysAgo, twoDaysAgo);
    const before = (await readdir(join(dir, 'blobs'), { recursive: true })).length;
    expect((await examine(dir)).bad.join('\n')).toContain('warning files: 2 that nothing names');
    expect((await readdir(join(dir, 'blobs'), { recursive: true })).length).toBe(before);
    const swept = await examine(dir, ['--sweep']);
    expect(swept.findings.map(({ text }) => text.en)).toContainEqual(
      expect.stringMatching(/^2 that nothing names.*removed$/),
    );
    expect(await readdir(folder)).toEqual(['1'.repeat(30)]);
    expect((await examine(dir)).bad.filter((line) => line.includes('files'))).toEqual([]);
  });

  it.each(['missing', 'empty'])('says that the database is %s and removes no file then', async (state) => {
    await rm(join(dir, 'lectern.db'));
    if (state === 'empty') await writeFile(join(dir, 'lectern.db'), '');
    const before = await readdir(join(dir, 'blobs'), { recursive: true });
    for (const name of before) await utimes(join(dir, 'blobs', name), new Date(0), new Date(0));
    const { code, bad } = await examine(dir, ['--sweep']);
    expect(code).toBe(1);
    expect(bad.join('\n')).toContain('lectern.db is missing or empty');
    expect(await readdir(join(dir, 'blobs'), { recursive: true })).toEqual(before);
  });

  it('never removes anything when the rows cannot be read', async () => {
    await destroyHead(dir);
    const before = await readdir(join(dir, 'blobs'), { recursive: true });
    for (const name of before) await utimes(join(dir, 'blobs', name), new Date(0), new Date(0));
    await examine(dir, ['--sweep']);
    expect(await readdir(join(dir, 'blobs'), { recursive: true })).toEqual(before);
  });

  it('holds settings against each other, and calls the models when asked', async () => {
    const env = {
      PUBLIC_URL: 'https://lectern.example',
      METRICS_TOKEN: 'short',
      ALLOWED_ORIGINS: 'https://a.example/app',
    };
    const { bad } = await examine(dir, [], env);
    for (const name of ['TRUST_PROXY', 'METRICS_TOKEN', 'ALLOWED_ORIGINS'])
      expect(bad.join('\n')).toContain(name);
    const provider = {
      OPENAI_BASE_URL: 'http://127.0.0.1:1/v1',
      OPENAI_API_KEY: 'hidden-key',
      CHAT_MODEL: 'gone',
    };
    const online = await examine(dir, ['--online'], provider);
    expect(online.bad.join('\n')).toContain('problem models: ');
    expect(JSON.stringify(online.findings)).not.toContain('hidden-key');
  });

  it('says what keeps models of LOCAL_MODELS_DIR from running, and calls them when asked', async () => {
    const folder = join(dir, 'local-models');
    const env = { LOCAL_MODELS_DIR: folder, EMBEDDING_MODEL: 'bge-tiny' };
    const bad = async (...args: string[]) => (await examine(dir, args, env)).bad.join('\n');
    expect(await bad()).toContain('warning models: LOCAL_MODELS_DIR holds no models');
    for (const [id, config] of Object.entries({ 'bge-tiny': '{}', broken: '{' })) {
      await mkdir(join(folder, id), { recursive: true });
      await writeFile(join(folder, id, 'config.json'), config);
    }
    expect(await bad()).toMatch(
      /broken\/config.json cannot be used: [\s\S]*runtime of the local models \(bge-tiny\)/,
    );
    expect(await bad('--online')).toMatch(/problem models: .*bge-tiny.*npm install/);
    await mkdir(join(folder, 'runtime/node_modules/onnxruntime-node'), { recursive: true });
    await mkdir(join(folder, 'runtime/node_modules/@huggingface/tokenizers'), { recursive: true });
    const { findings } = await examine(dir, [], env);
    expect(findings.map(({ text }) => text.en)).toContain('local: bge-tiny');
  });
});

async function destroyHead(dir: string): Promise<void> {
  const file = await open(join(dir, 'lectern.db'), 'r+');
  await file.write(Buffer.alloc(100, 0x58), 0, 100, 0);
  await file.close();
}

async function destroyMiddle(dir: string): Promise<void> {
  const path = join(dir, 'lectern.db');
  const { size } = await stat(path);
  const file = await open(path, 'r+');
  for (let at = 8192; at < size; at += 4096) await file.write(Buffer.alloc(64, 0xee), 0, 64, at);
  await file.close();
}

async function removeBlobs(dir: string): Promise<void> {
  await rm(join(dir, 'blobs'), { recursive: true });
}

async function replaceBlobsByFile(dir: string): Promise<void> {
  await rm(join(dir, 'blobs'), { recursive: true });
  await writeFile(join(dir, 'blobs'), '');
}
