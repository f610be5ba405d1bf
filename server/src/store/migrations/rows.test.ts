import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLogger } from '../../kernel/logger.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/test-store.ts';
import type { ServerStore } from '../ports.ts';
import { openPostgresStore } from '../postgres/open.ts';
import { openSqliteStore } from '../sqlite/open.ts';
import { migrations } from './index.ts';

/* What migrations make of rows that are there, on the engine under test. */

const log = createLogger('silent');
let dataDir = '';
let database: TestDatabase | null = null;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lectern-rows-'));
  database = await createTestDatabase();
});
afterEach(async () => {
  await rm(dataDir, { recursive: true, force: true });
  await database?.drop();
});

/** The store with the migrations before `name`, or with all. */
function open(name = '9999'): Promise<ServerStore> {
  const before = migrations.filter((migration) => migration.name < name);
  return database === null
    ? openSqliteStore({ dataDir, log, migrations: before })
    : openPostgresStore({ url: database.url, poolSize: 3, log, migrations: before });
}

async function insertCollection({ db }: ServerStore, id: string, more: Record<string, unknown> = {}) {
  const row = {
    ...{ id, teamId: 't', datasetId: 'd', memberId: 'm', type: 'virtual', name: id },
    ...{
      trainingType: 'chunk',
      params: '{}',
      metadata: '{}',
      forbid: 0,
      createTime: 0,
      updateTime: 0,
      ...more,
    },
  };
  await db
    .insertInto('collections')
    .values(row as never)
    .execute();
}

async function openWithDataset(name: string): Promise<ServerStore> {
  const store = await open(name);
  await sql`insert into teams (id, name, avatar, "createTime") values ('t', 'team', '', 0)`.execute(store.db);
  await sql`insert into datasets (id, "teamId", "memberId", type, name, intro, avatar, "createTime", "updateTime")
    values ('d', 't', 'm', 'dataset', 'n', '', '', 0, 0)`.execute(store.db);
  return store;
}

it('what was switched off comes back with its folder, unless it was switched off itself (0022)', async () => {
  const old = await openWithDataset('0022');
  await insertCollection(old, 'off', { type: 'folder', forbid: 1 });
  await insertCollection(old, 'in', { parentId: 'off', forbid: 1 });
  await insertCollection(old, 'on', { type: 'folder' });
  await insertCollection(old, 'alone', { parentId: 'on', forbid: 1 });
  await insertCollection(old, 'free');
  await old.close();
  const store = await open();
  const rows = await store.db
    .selectFrom('collections')
    .select(['id', 'forbid', 'ownForbid'])
    .orderBy('id')
    .execute();
  await store.close();
  expect(rows).toEqual([
    { id: 'alone', forbid: 1, ownForbid: 1 },
    { id: 'free', forbid: 0, ownForbid: 0 },
    { id: 'in', forbid: 1, ownForbid: 0 },
    { id: 'off', forbid: 1, ownForbid: 1 },
    { id: 'on', forbid: 0, ownForbid: 0 },
  ]);
});

it('metadata that was written like numbers and dates is compared as such, page by page (0023)', async () => {
  const old = await openWithDataset('0023');
  await insertCollection(old, 'c');
  const texts = [
    '12',
    'twelve',
    '2024-05-01',
    '2024/5/1',
    ...Array.from({ length: 600 }, (_, n) => `word ${n}`),
    '-3.5',
  ];
  for (let start = 0; start < texts.length; start += 100) {
    await old.db
      .insertInto('collection_metadata')
      .values(
        texts.slice(start, start + 100).map((text, i) => ({
          ...{ collectionId: 'c', datasetId: 'd', place: start + i },
          ...{ name: 'value', kind: 'text' as const, number: null, text },
        })),
      )
      .execute();
  }
  await old.close();
  const store = await open();
  const rows = await store.db
    .selectFrom('collection_metadata')
    .select(['text', 'kind', 'number'])
    .where('number', 'is not', null)
    .orderBy('place')
    .execute();
  await store.close();
  expect(rows).toEqual([
    { text: '12', kind: 'text', number: 12 },
    { text: '2024-05-01', kind: 'date', number: Date.UTC(2024, 4, 1) },
    { text: '2024/5/1', kind: 'date', number: Date.UTC(2024, 4, 1) },
    { text: '-3.5', kind: 'text', number: -3.5 },
  ]);
});

it('a refusal goes with the data item it is of (0031)', async () => {
  const old = await openWithDataset('0031');
  await insertCollection(old, 'c');
  await sql`insert into data (id, "teamId", "datasetId", "collectionId", "memberId", q, a, headings, "chunkIndex",
    tokens, hash, "createTime", "updateTime")
    values ('i', 't', 'd', 'c', 'm', 'q', '', '[]', 0, 1, '', 0, 0)`.execute(old.db);
  await old.close();
  const { db, close } = await open();
  await db
    .insertInto('embedding_refusals')
    .values({
      ...{ dataId: 'i', teamId: 't', datasetId: 'd', collectionId: 'c' },
      ...{ model: 'embed-1', error: '{"en":"no","zh":"不"}', updateTime: 1 },
    })
    .execute();
  await db.deleteFrom('data').where('id', '=', 'i').execute();
  const left = await db.selectFrom('embedding_refusals').selectAll().execute();
  await close();
  expect(left).toEqual([]);
});

it('the ranks of evaluations that there are can be compared (0040)', async () => {
  const old = await openWithDataset('0040');
  await sql`insert into evaluations (id, "teamId", "datasetId", "memberId", name, settings, "createTime")
    values ('e', 't', 'd', 'm', '', '[]', 0)`.execute(old.db);
  const results = [
    { rank: 3, ndcg: 0.5 },
    { rank: null, ndcg: 0 },
    { rank: null, ndcg: 0, error: { en: 'x', zh: 'x' } },
  ];
  for (const [setting, result] of results.entries()) {
    await sql`insert into evaluation_results ("evaluationId", setting, "questionId", "teamId", question, hit, result)
      values ('e', ${setting}, 'q', 't', '?', 0, ${JSON.stringify(result)})`.execute(old.db);
  }
  await old.close();
  const { db, close } = await open();
  const rows = await db
    .selectFrom('evaluation_results')
    .select(['rank', 'ndcg', 'failed'])
    .orderBy('setting')
    .execute();
  await close();
  expect(rows).toEqual([
    { rank: 3, ndcg: 0.5, failed: 0 },
    { rank: null, ndcg: 0, failed: 0 },
    { rank: null, ndcg: 0, failed: 1 },
  ]);
});
