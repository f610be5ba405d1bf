import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDefaults } from '../../domain/models/queries.ts';
import { clientHash } from '../../domain/users/password.ts';
import { createLogger } from '../../kernel/logger.ts';
import type { Store } from '../../store/ports.ts';
import { openSqliteStore } from '../../store/sqlite/open.ts';
import { type ServerProcess, startProcess } from '../../testing/processes.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/test-store.ts';
import type { CopyReport } from './copy.ts';

const main = join(import.meta.dirname, '../main.ts');
const password = 'a long first password';
let folder: string;
/** Where the installation is that everything is copied from. */
let original: string;
let key: string;
let datasetId: string;
let appId: string;
let asOriginal: { rounds: number };
const databases: TestDatabase[] = [];

interface Outcome {
  code: number | null;
  out: string;
  err: string;
}

function copy(from: string, to: string, ...more: string[]): Promise<Outcome> {
  const args = [main, 'copy', '--from', from, '--to', to, ...more];
  const child = spawn(process.execPath, args, { env: { ...process.env, LC_ALL: 'C', DATA_DIR: '' } });
  const outcome = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    outcome.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    outcome.err += chunk;
  });
  return new Promise((done) => child.on('close', (code) => done({ code, ...outcome })));
}

const call = async (server: ServerProcess, path: string, body: unknown) => {
  const answer = await fetch(server.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
};

/** What a search finds, and that the old key goes on with the old chat; the file behind the passage is there. */
async function behaviour(server: ServerProcess) {
  const search = { datasetId, text: 'heron', searchMode: 'fullTextRecall', limit: 1000 };
  const found = await call(server, '/api/core/dataset/searchTest', search);
  const { list } = found.data as { list: { id: string; q: string; collectionId: string }[] };
  const chunks = await call(server, '/api/core/dataset/data/v2/list', {
    collectionId: list[0]?.collectionId,
  });
  const body = { appId, chatId: 'old', messages: [{ role: 'user', content: 'What waits?' }] };
  const chat = await call(server, '/api/v1/chat/completions', body);
  const before = await call(server, '/api/core/chat/getPaginationRecords', {
    appId,
    chatId: 'old',
    pageSize: 1,
  });
  return {
    found: list.map(({ id, q }) => [id, q]),
    chunks: chunks.data.total,
    answer: chat.choices[0].message.content,
    rounds: before.data.total / 2,
  };
}

const start = (env: Record<string, string>) => startProcess({ DEFAULT_ROOT_PSW: password, ...env });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lectern-copy-'));
  original = join(folder, 'original');
  const server = await start({ DATA_DIR: original });
  try {
    const login = async () => {
      const pre = await fetch(`${server.url}/api/support/user/account/preLogin?username=root`);
      const { data } = (await pre.json()) as { data: { code: string } };
      const body = { username: 'root', password: clientHash(password), code: data.code };
      return call(server, '/api/support/user/account/loginByPassword', body);
    };
    const token: string = (await login()).data.token;
    const withSession = async (path: string, body: unknown) => {
      const headers = { token, 'content-type': 'application/json' };
      const answer = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
      return ((await answer.json()) as { data: string }).data;
    };
    key = await withSession('/api/support/openapi/create', { name: 'of the old installation' });
    datasetId = (await call(server, '/api/core/dataset/create', { name: 'birds' })).data;
    await call(server, '/api/core/dataset/collection/create/text', {
      datasetId,
      name: 'birds.md',
      text: '# Herons\n\nThe grey heron (苍鹭) waits.\n\n# Storks\n\nThe stork does not.',
      trainingType: 'chunk',
    });
    const collection = await call(server, '/api/core/dataset/collection/create', {
      datasetId,
      name: 'notes',
      type: 'virtual',
    });
    await call(server, '/api/core/dataset/data/pushData', {
      collectionId: collection.data,
      trainingType: 'chunk',
      data: Array.from({ length: 150 }, (_, i) => ({
        q: `Note ${i}: a heron was seen, "quoted" \\ and 😀.`,
        a: i % 2 ? 'Yes.' : '',
        indexes: i % 3 ? [] : [{ type: 'custom', text: `kingfisher ${i}` }],
      })),
    });
    const simple = { prompt: 'Answer.', datasets: [{ datasetId }] };
    appId = await withSession('/api/core/app/create', { name: 'birds', type: 'simple', simple });
    asOriginal = await behaviour(server);
  } finally {
    await server.stop();
  }
  const store = await openSqliteStore({ dataDir: original, log: createLogger('silent') });
  await addVectors(store);
  await writeDefaults(store.db, { chat: 'builtin-extractive' });
  await store.close();
}, 90_000);

/** As embedding makes them. */
async function addVectors(store: Store): Promise<void> {
  const items = await store.db
    .selectFrom('data')
    .select(['id', 'teamId', 'datasetId', 'collectionId'])
    .where('datasetId', '=', datasetId)
    .execute();
  const vectors = items.map(({ id, ...of }, i) => ({
    ...of,
    dataId: id,
    part: 'q',
    model: 'a model',
    vector: Float32Array.from({ length: 8 }, (_, n) => Math.fround(Math.sin(i * 8 + n))),
  }));
  await store.db.transaction().execute((trx) => store.index.writeVectors(trx, vectors));
}

afterAll(async () => {
  await Promise.all(databases.map((database) => database.drop()));
  await rm(folder, { recursive: true, force: true });
});

const countsOf = ({ tables }: CopyReport) =>
  Object.fromEntries(tables.map(({ table, target, checksum }) => [table, [target, checksum]]));

/** Everything is there, the chosen default model (a setting) too. */
function expectAllCopied(report: CopyReport): void {
  expect(report.tables.filter(({ equal }) => !equal)).toEqual([]);
  expect(report.tables.find(({ table }) => table === 'settings')?.target).toBeGreaterThan(0);
}

/** Ends when all rows are there and a file is not. */
async function interruptedCopy(from: string, to: string, toFiles: string, ...more: string[]): Promise<void> {
  const blobs = await readdir(join(original, 'blobs'), { recursive: true });
  const blob = String(blobs.find((name) => name.length > 30));
  await mkdir(join(toFiles, 'blobs', blob.slice(0, 2)), { recursive: true });
  await writeFile(join(toFiles, 'blobs', blob), 'of somebody else');
  expect(await copy(from, to, ...more)).toMatchObject({
    code: 1,
    err: expect.stringContaining('belongs to another installation'),
  });
}

async function worksAs(env: Record<string, string>) {
  const server = await start(env);
  try {
    // The old chat goes on.
    expect(await behaviour(server)).toEqual({ ...asOriginal, rounds: asOriginal.rounds + 1 });
  } finally {
    await server.stop();
  }
}

describe('a copied installation', { timeout: 90_000 }, () => {
  it('is the same in another directory, and says so table by table', async () => {
    const to = join(folder, 'directory');
    const { code, out, err } = await copy(original, to);
    expect(err).toContain(`npm start -- --data ${to}`);
    expect(code).toBe(0);
    const rows = out
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/));
    const data = rows.find(([table]) => table === 'data');
    expect(Number(data?.[1])).toBeGreaterThan(150);
    expect(data).toEqual(['data', data?.[1], data?.[1], expect.stringMatching(/^[0-9a-f]{32}$/), 'equal']);
    expect(out).not.toContain('DIFFERENT');
    await worksAs({ DATA_DIR: to });
  });

  it('is not written over another one, nor where a server runs', async () => {
    const to = join(folder, 'taken');
    const server = await start({ DATA_DIR: to });
    expect(await copy(original, to)).toMatchObject({
      code: 1,
      err: expect.stringContaining('already running'),
    });
    await server.stop();
    for (const more of [[], ['--replace']]) {
      expect(await copy(original, to, ...more)).toMatchObject({
        code: 1,
        err: expect.stringContaining('The target holds an installation.'),
      });
    }
    expect(await copy(original, original)).toMatchObject({ code: 2 });
    expect(await copy(join(folder, 'nothing'), join(folder, 'nowhere'))).toMatchObject({ code: 1 });
    expect(await readdir(folder)).not.toContain('nowhere');
  });

  it('is a picture of one moment when a server runs on the source, and says what that means', async () => {
    const from = join(folder, 'live');
    await copy(original, from);
    const server = await start({ DATA_DIR: from });
    try {
      const to = join(folder, 'picture');
      const { code, err } = await copy(from, to);
      expect([code, err]).toEqual([0, expect.stringContaining('A server is running on the source')]);
      await worksAs({ DATA_DIR: to });
    } finally {
      await server.stop();
    }
  });

  it('that was interrupted is refused by servers and commands until it is copied again', async () => {
    const to = join(folder, 'interrupted');
    await interruptedCopy(original, to, to);
    await expect(start({ DATA_DIR: to })).rejects.toThrow('some of it is missing');
    expect(await copy(to, join(folder, 'half'))).toMatchObject({ code: 1 });
    expect(await copy(original, to)).toMatchObject({ code: 1, err: expect.stringContaining('--replace') });
    const again = await copy(original, to, '--replace', '--json');
    expect(again).toMatchObject({ code: 0 });
    expectAllCopied(JSON.parse(again.out));
    await worksAs({ DATA_DIR: to });
  });
});

describe.skipIf(!process.env.TEST_DATABASE_URL)('between engines', { timeout: 120_000 }, () => {
  it('goes to PostgreSQL and back: counts, checksums, search, the old key and files are the same', async () => {
    const database = await createTestDatabase();
    if (!database) throw new Error('TEST_DATABASE_URL is missing');
    databases.push(database);
    const withPassword = new URL(database.url);
    withPassword.password = 'never-to-be-shown';
    const files = join(folder, 'files');
    const there = await copy(original, withPassword.href, '--to-data', files, '--json');
    expect(there).toMatchObject({ code: 0 });
    const to = JSON.parse(there.out) as CopyReport;
    expect(to.tables.every(({ equal }) => equal)).toBe(true);
    expect(countsOf(to).vectors?.[0]).toBeGreaterThan(150);
    const back = join(folder, 'back');
    const home = await copy(withPassword.href, back, '--from-data', files, '--json');
    expect(home).toMatchObject({ code: 0 });
    const from = JSON.parse(home.out) as CopyReport;
    expect(from.files).toMatchObject({ missing: 0, total: to.files.total });
    expect(countsOf(from)).toEqual(countsOf(to));
    await worksAs({ DATABASE_URL: database.url, DATA_DIR: files });
    await worksAs({ DATA_DIR: back });
    expect(await copy(original, withPassword.href, '--to-data', files)).toMatchObject({ code: 1 });
    for (const { out, err } of [there, home]) expect(out + err).not.toContain('never-to-be-shown');
    const wrong = await copy(original, 'postgres://u:never-to-be-shown@127.0.0.1:1/none', '--to-data', files);
    expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('127.0.0.1:1')]);
    expect(wrong.err).not.toContain('never-to-be-shown');
  });

  it('starts over either way where it was interrupted', async () => {
    const database = await createTestDatabase();
    if (!database) throw new Error('TEST_DATABASE_URL is missing');
    databases.push(database);
    const files = join(folder, 'files of the second try');
    await interruptedCopy(original, database.url, files, '--to-data', files);
    const there = await copy(original, database.url, '--to-data', files, '--replace', '--json');
    expect(there).toMatchObject({ code: 0 });
    expectAllCopied(JSON.parse(there.out));
    const back = join(folder, 'back at the second try');
    await interruptedCopy(database.url, back, back, '--from-data', files);
    const home = await copy(database.url, back, '--from-data', files, '--replace', '--json');
    expect(home).toMatchObject({ code: 0 });
    expectAllCopied(JSON.parse(home.out));
  });
});
