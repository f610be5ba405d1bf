import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../kernel/ids.ts';
import { createLogger } from '../../kernel/logger.ts';
import type { AnalysedDocument } from '../../retrieval/ports.ts';
import { openPgliteStore } from '../../testing/pglite-store.ts';
import type { IndexQuery, ServerStore } from '../ports.ts';
import { openIndexReader } from '../search-index/read.ts';
import { openSqliteStore } from '../sqlite/open.ts';

const log = createLogger('silent');
const teamId = newId();
const datasetId = newId();
const collections = [newId(), newId(), newId()];
let dataDir: string;
let sqlite: ServerStore;
let postgres: ServerStore;

/** Numbers between 0 and 1, the same in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

const random = numbers(42);
/** Few frequent terms and many rare ones, as in texts. */
const term = () => `t${Math.floor(60 * random() ** 3)}`;
const terms = (most: number) => Array.from({ length: 1 + Math.floor(most * random()) }, term).join(' ');

const documents = Array.from(
  { length: 200 },
  (_, i): AnalysedDocument => ({
    dataId: newId(),
    datasetId,
    collectionId: collections[i % 3] ?? '',
    titleTerms: terms(4),
    bodyTerms: terms(60),
    exactTerms: i % 4 === 0 ? `${term()}_` : '',
    tokens: 1,
  }),
);

async function fill(store: ServerStore): Promise<void> {
  const now = { createTime: 1, updateTime: 1 };
  await store.db.insertInto('teams').values({ id: teamId, name: 't', avatar: '', createTime: 1 }).execute();
  const common = { teamId, memberId: 'm', parentId: null, ...now };
  const models = { vectorModel: null, agentModel: null, vlmModel: null, chunkSettings: null };
  await store.db
    .insertInto('datasets')
    .values({ ...common, ...models, id: datasetId, type: 'dataset', name: 'd', intro: '', avatar: '' })
    .execute();
  const rest = { rawLink: null, externalFileId: null, fileId: null, hash: null, rawTextLength: null };
  for (const id of collections) {
    await store.db
      .insertInto('collections')
      .values({
        ...common,
        ...rest,
        id,
        datasetId,
        type: 'virtual',
        name: 'c',
        trainingType: 'chunk',
        params: '{}',
        forbid: 0,
        metadata: '{}',
        deletedTime: null,
      })
      .execute();
  }
  await store.db.transaction().execute((trx) => store.index.write(trx, documents));
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lectern-keyword-'));
  // One after the other: PGlite keeps the thread to itself while it starts.
  postgres = await openPgliteStore(log);
  sqlite = await openSqliteStore({ dataDir, log });
  await fill(postgres);
  await fill(sqlite);
});
afterAll(async () => {
  await Promise.all([sqlite.close(), postgres.close()]);
  await rm(dataDir, { recursive: true });
});

const both = (change: (store: ServerStore) => Promise<unknown>) =>
  Promise.all([change(sqlite), change(postgres)]);

/**
 * What both engines find; fails when they differ in the passages or, to six digits, in a score. FTS5 goes on counting
 * the length of documents that are gone, so that scores move a little apart once something was removed.
 */
async function found(
  query: Partial<IndexQuery> & { terms: string[] },
  compare: 'scores' | 'passages' = 'scores',
): Promise<string[]> {
  const full = { teamId, datasetIds: [datasetId], limit: 500, ...query };
  const reader = openIndexReader(sqlite.indexPath ?? '');
  const expected = reader.search(full);
  reader.close();
  const hits = (await postgres.searcher?.text(full)) ?? [];
  const scores = (list: typeof hits) => list.map(({ dataId, score }) => [dataId, score.toFixed(6)]);
  const passages = (list: typeof hits) => list.map(({ dataId }) => dataId).sort();
  if (compare === 'scores') expect(scores(hits)).toEqual(scores(expected));
  else expect(passages(hits)).toEqual(passages(expected));
  return hits.map(({ dataId }) => dataId);
}

it('finds the same passages as the embedded engine, with the same scores', async () => {
  const queries = [
    ['t0'],
    ['t1', 't7'],
    ['t3', 't20', 't55'],
    Array.from({ length: 12 }, (_, i) => `t${i * 3}`),
  ];
  for (const query of queries) expect((await found({ terms: query })).length).toBeGreaterThan(0);
  expect(await found({ terms: ['unknown'] })).toEqual([]);
  expect(await found({ terms: ['t1', 't2'], limit: 5 })).toHaveLength(5);
  expect(await found({ terms: ['t1'], collectionIds: collections.slice(0, 1) })).not.toEqual([]);
  expect(await found({ terms: ['t1'], collectionIds: [] })).toEqual([]);
  expect(await found({ terms: ['t1'], datasetIds: [newId()] })).toEqual([]);
  expect(await found({ terms: ['t1'], teamId: newId() })).toEqual([]);
});

it('leaves out forbidden collections, and follows what is replaced and removed', async () => {
  const [first, second, third] = collections;
  const forbid = (value: 0 | 1) =>
    both(({ db }) =>
      db
        .updateTable('collections')
        .set({ forbid: value })
        .where('id', '=', second ?? '')
        .execute(),
    );
  const all = await found({ terms: ['t1', 't2'] });
  await forbid(1);
  expect((await found({ terms: ['t1', 't2'] })).length).toBeLessThan(all.length);
  await forbid(0);
  const [replaced, removed] = documents;
  if (!replaced || !removed) throw new Error('no documents');
  const otherId = newId();
  const long = 'x'.repeat(5000);
  const changed = { ...replaced, bodyTerms: `t1 t1 ${long}`, titleTerms: 'quoted"\\{},' };
  await both((store) =>
    store.db.transaction().execute(async (trx) => {
      await store.index.write(trx, [changed, { ...changed, dataId: otherId, collectionId: third ?? '' }]);
      await store.index.remove(trx, [removed.dataId, 'unknown']);
      await store.index.removeCollection(trx, first ?? '');
    }),
  );
  const rest = await found({ terms: ['t1', 't2'] }, 'passages');
  expect(rest).not.toContain(removed.dataId);
  expect(rest.length).toBeLessThan(all.length);
  const gone = await postgres.searcher?.text({ teamId, datasetIds: [datasetId], limit: 5, terms: [long] });
  expect(gone).toHaveLength(1);
});

it('keeps no postings and no counts of what is gone', async () => {
  await postgres.db.transaction().execute(async (trx) => {
    for (const id of collections) await postgres.index.removeCollection(trx, id);
  });
  const { rows } = await sql`
    select (select count(*) from search_postings) as postings, (select count(*) from search_rows) as rows,
      (select sum(documents) from search_datasets) as documents, (select sum(tokens) from search_datasets) as tokens`.execute(
    postgres.db,
  );
  expect(rows).toEqual([{ postings: 0, rows: 0, documents: 0, tokens: 0 }]);
});
