import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compose } from '../compose.ts';
import { loadConfig } from '../config.ts';
import { clientHash } from '../domain/users/password.ts';
import { createLogger } from '../kernel/logger.ts';
import { lectern } from '../testing/lectern.ts';
import { StoreStartError } from './errors.ts';
import { type Migration, migrations } from './migrations/index.ts';
import { inspectDatabase } from './sqlite/inspect.ts';
import { openSqliteStore } from './sqlite/open.ts';

/* Data that released versions have left, started with the code of today. See fixtures/README.md. */

interface Fixture {
  version: string;
  password: string;
  datasetId: string;
  appId: string;
  globalKey: string;
  appKey: string;
  chatId: string;
  question: string;
  text: string;
  schema: string[];
}

const fixtures = join(import.meta.dirname, 'fixtures');
const released = (await readdir(fixtures, { withFileTypes: true }))
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const log = createLogger('silent');

let dataDir = '';
afterEach(async () => {
  if (dataDir !== '') await rm(dataDir, { recursive: true, force: true });
});

async function unpack(version: string): Promise<Fixture> {
  const folder = join(fixtures, version);
  dataDir = await mkdtemp(join(tmpdir(), 'lectern-upgrade-'));
  await writeFile(join(dataDir, 'lectern.db'), gunzipSync(await readFile(join(folder, 'lectern.db.gz'))));
  await cp(join(folder, 'blobs'), join(dataDir, 'blobs'), { recursive: true });
  return JSON.parse(await readFile(join(folder, 'facts.json'), 'utf8')) as Fixture;
}

async function startServer() {
  const config = loadConfig({ DATA_DIR: dataDir, PORT: '0', OLLAMA_URL: 'off', LOG_LEVEL: 'silent' });
  const composed = await compose(config, log, { checkResponses: true });
  await composed.http.listen({ port: 0, host: '127.0.0.1' });
  const address = composed.http.server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(url + path, {
      method,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    expect([answer.status, text.slice(0, 300)]).toEqual([200, expect.any(String)]);
    return JSON.parse(text).data;
  };
  return { ask, close: () => composed.close() };
}

/** What the database says of itself and how much it holds. */
function stateOf(path: string) {
  const inspection = inspectDatabase(path);
  try {
    return {
      schema: inspection.schema(),
      counts: inspection.counts(),
      damage: inspection.damage(),
      tables: inspection.number(`select count(*) from sqlite_schema`),
    };
  } finally {
    inspection.close();
  }
}

describe.each(released)('the data of version %s', { timeout: 60_000 }, (version) => {
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = await unpack(version);
  });

  it('is upgraded after a copy of it was kept, and everything that people had works', async () => {
    const before = stateOf(join(dataDir, 'lectern.db'));
    expect(before.schema).toEqual(fixture.schema);
    const server = await startServer();
    try {
      const { datasetId, appId, chatId, question, text } = fixture;
      const account = '/api/support/user/account';
      const { code } = await server.ask('GET', `${account}/preLogin?username=root`);
      const password = clientHash(fixture.password);
      const { token } = await server.ask('POST', `${account}/loginByPassword`, {
        username: 'root',
        password,
        code,
      });

      const datasets = await server.ask('POST', '/api/core/dataset/list', {}, { token });
      expect(datasets.map(({ name }: { name: string }) => name)).toEqual(['Birds']);
      const key = { authorization: `Bearer ${fixture.globalKey}` };
      for (const words of [text, 'Herons stay all winter']) {
        const found = await server.ask(
          'POST',
          '/api/core/dataset/searchTest',
          { datasetId, text: words },
          key,
        );
        expect(found.list[0].q).toContain(words);
      }
      const page = { appId, chatId, offset: 0, pageSize: 10 };
      const records = await server.ask('POST', '/api/core/chat/getPaginationRecords', page, key);
      expect(JSON.stringify(records.list[0])).toContain(question);
      expect(JSON.stringify(records.list[1])).toContain('third week of October');

      const app = { authorization: `Bearer ${fixture.appKey}` };
      const messages = [{ role: 'user', content: 'Who stays all winter?' }];
      await server.ask('POST', '/api/v1/chat/completions', { chatId, messages }, app);
      const after = await server.ask('POST', '/api/core/chat/getPaginationRecords', page, key);
      expect(after.list).toHaveLength(4);
      const more = { datasetId, name: 'More', text: 'Storks clatter.', trainingType: 'chunk' };
      await server.ask('POST', '/api/core/dataset/collection/create/text', more, key);
    } finally {
      await server.close();
    }
    expect(stateOf(join(dataDir, 'lectern.db')).schema).toEqual(migrations.map(({ name }) => name));
    const backups = await readdir(join(dataDir, 'backups'));
    expect(backups).toHaveLength(1);
    expect(stateOf(join(dataDir, 'backups', backups[0] ?? ''))).toEqual(before);
    const doctor = await lectern(['doctor', '--data', dataDir], { env: { OLLAMA_URL: 'off', PORT: '0' } });
    expect([doctor.code, doctor.out]).toEqual([0, expect.stringMatching(/undamaged/)]);
  });

  it('stays as it was when a schema change fails in the middle; the copy is there, the message says what is', async () => {
    const before = stateOf(join(dataDir, 'lectern.db'));
    const broken: Migration = {
      name: '9001-broken',
      up: async (db) => {
        await sql`update chats set title = 'changed'`.execute(db);
        await sql`drop table data`.execute(db);
        await sql`create table half (id text)`.execute(db);
        await sql`insert into nowhere values (1)`.execute(db);
      },
    };
    const opening = openSqliteStore({ dataDir, log, migrations: [...migrations, broken] });
    const error = await opening.catch((thrown) => thrown);
    expect(error).toBeInstanceOf(StoreStartError);
    for (const text of [error.text.en, error.text.zh]) expect(text).toContain('9001-broken');
    expect(error.text.en).toContain('Nothing was changed');
    expect(stateOf(join(dataDir, 'lectern.db'))).toEqual(before);
    const [backup = ''] = await readdir(join(dataDir, 'backups'));
    expect(stateOf(join(dataDir, 'backups', backup))).toEqual(before);

    // The data is as good as ever: the version that is not broken starts on it.
    const store = await openSqliteStore({ dataDir, log });
    const chats = await store.db
      .selectFrom('chats')
      .select('chatId')
      .where('title', '!=', 'changed')
      .execute();
    expect(chats).toEqual([{ chatId: fixture.chatId }]);
    await store.close();
  });

  it('is backed up and restored as it is, without being upgraded on the way', async () => {
    // Beside the data: a backup within it is refused.
    const beside = await mkdtemp(join(tmpdir(), 'lectern-kept-'));
    const backup = join(beside, 'kept');
    expect(await lectern(['backup', '--data', dataDir, '--to', backup])).toMatchObject({ code: 0 });
    const target = join(beside, 'elsewhere');
    await mkdir(target);
    expect(await lectern(['restore', '--from', backup, '--data', target])).toMatchObject({ code: 0 });
    expect(stateOf(join(target, 'lectern.db')).schema).toEqual(fixture.schema);
    expect(stateOf(join(target, 'lectern.db')).counts).toEqual(stateOf(join(dataDir, 'lectern.db')).counts);
    await rm(beside, { recursive: true, force: true });
  });
});

it('every released version is here', () => {
  expect(released).toContain('0.1.0');
});
