import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { createLogger } from '../../kernel/logger.ts';
import { type VectorStore, vectorConformance } from '../../retrieval/vector-conformance.ts';
import { createVectorIndex } from '../../retrieval/vector-index.ts';
import { exactHits, makeVectorWorld } from '../../retrieval/vector-world.ts';
import { openPgliteStore } from '../../testing/pglite-store.ts';
import type { ServerStore } from '../ports.ts';

const log = createLogger('silent');

function under(store: ServerStore): VectorStore {
  const index = createVectorIndex({ store, cacheMb: 1, log });
  return { store, index, close: () => store.close() };
}

// Half-precision numbers have ten bits behind the point.
vectorConformance('pglite', async () => under(await openPgliteStore(log)), 2e-3);

it('builds an index once there is much to compare, and finds with it what comparing all finds', async () => {
  const { store, index, close } = under(await openPgliteStore(log, { comparedOneByOne: 500 }));
  const world = await makeVectorWorld(store, index);
  const datasetId = await world.makeDataset();
  const where = { datasetId, collectionId: await world.makeCollection(datasetId) };
  const items = await world.addItems(where, world.directions(1200, 8));
  const recall = async () => {
    let found = 0;
    for (let i = 0; i < 20; i += 1) {
      const vector = world.direction(8);
      const wanted = new Set(exactHits(items, vector, 20).map(({ dataId }) => dataId));
      const hits = await world.search({ datasetIds: [datasetId], vector, limit: 20 });
      found += hits.filter(({ dataId }) => wanted.has(dataId)).length / 20;
    }
    return found / 20;
  };
  expect(await recall()).toBeGreaterThan(0.98);
  const uses = async () => {
    await sql`select pg_stat_force_next_flush()`.execute(store.db);
    const { rows } = await sql<{ scans: number }>`
      select idx_scan as scans from pg_stat_user_indexes where indexrelname = 'vector_index_hnsw_8'`.execute(
      store.db,
    );
    return rows[0]?.scans ?? -1;
  };
  await expect.poll(uses, { timeout: 20_000 }).toBeGreaterThanOrEqual(0);
  expect(await recall()).toBeGreaterThan(0.95);
  await expect.poll(uses, { timeout: 20_000 }).toBeGreaterThan(0);
  await close();
}, 60_000);

it('finds and mends what a search would see otherwise than it is stored', async () => {
  const { store, index, close } = under(await openPgliteStore(log));
  const world = await makeVectorWorld(store, index);
  const datasetId = await world.makeDataset();
  const where = { datasetId, collectionId: await world.makeCollection(datasetId) };
  const items = await world.addItems(where, world.directions(5, 8));
  const ids = items.map(({ dataId }) => dataId);
  const [missing = '', otherModel = '', otherNumbers = ''] = ids;
  expect(await store.index.differingVectors(store.db, ids)).toEqual([]);
  await sql`delete from vector_index where "dataId" = ${missing}`.execute(store.db);
  await sql`update vector_index set model = 'another' where "dataId" = ${otherModel}`.execute(store.db);
  await sql`
    update vector_index set embedding = '[1,0,0,0,0,0,0,0]' where "dataId" = ${otherNumbers}`.execute(
    store.db,
  );
  const found = await store.index.differingVectors(store.db, ids);
  expect(found.sort()).toEqual([missing, otherModel, otherNumbers].sort());
  await store.db.transaction().execute((trx) => store.index.restoreVectors(trx, found));
  expect(await store.index.differingVectors(store.db, ids)).toEqual([]);
  const [query] = items[0]?.vectors ?? [];
  if (!query) throw new Error('no vector');
  const [best] = await world.search({ datasetIds: [datasetId], vector: query });
  expect(best?.dataId).toBe(missing);
  await close();
});

it('counts anew what the ranking counts of a dataset', async () => {
  const { store, index, close } = under(await openPgliteStore(log));
  const world = await makeVectorWorld(store, index);
  const datasetId = await world.makeDataset();
  const where = { datasetId, collectionId: await world.makeCollection(datasetId) };
  const items = await world.addItems(where, world.directions(2, 8));
  const document = { ...where, titleTerms: 'rules', bodyTerms: 'dogs bark', tokens: 2 };
  await store.db.transaction().execute((trx) =>
    store.index.write(
      trx,
      items.map(({ dataId }) => ({ dataId, ...document })),
    ),
  );
  expect(await store.index.miscounted(store.db, datasetId)).toBe(false);
  await sql`update search_datasets set documents = documents + 3, tokens = 1`.execute(store.db);
  expect(await store.index.miscounted(store.db, datasetId)).toBe(true);
  await store.db.transaction().execute((trx) => store.index.recount(trx, datasetId));
  expect(await store.index.miscounted(store.db, datasetId)).toBe(false);
  await close();
});
