import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLogger } from '../../kernel/logger.ts';
import { openSqliteStore } from '../sqlite/open.ts';
import { migrations } from './index.ts';

let dataDir = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lectern-tags-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

it('gives the names that collections had as lists to tags of their datasets', async () => {
  const log = createLogger('silent');
  const before = migrations.filter(({ name }) => name < '0019');
  const old = await openSqliteStore({ dataDir, log, migrations: before });
  await sql`insert into teams values ('t', 'team', '', 0)`.execute(old.db);
  for (const id of ['d1', 'd2']) {
    await sql`insert into datasets (id, teamId, memberId, type, name, intro, avatar, createTime, updateTime)
      values (${id}, 't', 'm', 'dataset', 'n', '', '', 0, 0)`.execute(old.db);
  }
  const lists: [string, string, string][] = [
    ['c1', 'd1', '["red","蓝","red"]'],
    ['c2', 'd1', '["red"]'],
    ['c3', 'd2', '["red"]'],
    ['c4', 'd2', '[]'],
  ];
  for (const [id, datasetId, tags] of lists) {
    await sql`insert into collections (id, teamId, datasetId, memberId, type, name, trainingType, params, forbid,
      metadata, tags, createTime, updateTime)
      values (${id}, 't', ${datasetId}, 'm', 'virtual', 'n', 'chunk', '{}', 0, '{}', ${tags}, 0, 0)`.execute(
      old.db,
    );
  }
  await old.close();

  const store = await openSqliteStore({ dataDir, log });
  const rows = await store.db
    .selectFrom('collection_tags')
    .innerJoin('tags', 'tags.id', 'collection_tags.tagId')
    .select(['collectionId', 'datasetId', 'name'])
    .orderBy('collectionId')
    .orderBy('name')
    .execute();
  expect(rows).toEqual([
    { collectionId: 'c1', datasetId: 'd1', name: 'red' },
    { collectionId: 'c1', datasetId: 'd1', name: '蓝' },
    { collectionId: 'c2', datasetId: 'd1', name: 'red' },
    { collectionId: 'c3', datasetId: 'd2', name: 'red' },
  ]);
  const tags = await store.db
    .selectFrom('tags')
    .select(['datasetId', 'teamId'])
    .orderBy('datasetId')
    .execute();
  expect(tags.map(({ datasetId }) => datasetId)).toEqual(['d1', 'd1', 'd2']);
  expect(new Set(tags.map(({ teamId }) => teamId))).toEqual(new Set(['t']));
  await store.close();
});
