import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLogger } from '../kernel/logger.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
import { type VectorStore, vectorConformance } from './vector-conformance.ts';
import { createVectorIndex } from './vector-index.ts';
import { exactHits, type Item, makeVectorWorld } from './vector-world.ts';

async function openEmbedded(
  cacheMb: number,
  warn: (fields: unknown) => void = () => {},
): Promise<VectorStore> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lectern-vectors-'));
  const store = await openSqliteStore({ dataDir, log: createLogger('silent') });
  const log = createLogger('silent');
  log.warn = warn as typeof log.warn;
  const index = createVectorIndex({ store, cacheMb, log });
  return {
    store,
    index,
    async close() {
      await index.close();
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

vectorConformance('embedded', () => openEmbedded(64), 1e-5);

it('reads a dataset anew when most of what it keeps of it is gone', async () => {
  const under = await openEmbedded(64);
  const world = await makeVectorWorld(under.store, under.index);
  const datasetId = await world.makeDataset();
  const where = { datasetId, collectionId: await world.makeCollection(datasetId) };
  const query = world.direction(8);
  const items = await world.addItems(where, world.directions(2500, 8));
  await world.search({ datasetIds: [datasetId], vector: query });
  const removed = exactHits(items, query, 2000).map(({ dataId }) => dataId);
  await under.store.db.deleteFrom('data').where('id', 'in', removed).execute();
  const left = items.filter(({ dataId }) => !removed.includes(dataId));
  const wanted = exactHits(left, query, 10).map(({ dataId }) => dataId);
  for (let i = 0; i < 2; i += 1) {
    const found = await world.search({ datasetIds: [datasetId], vector: query });
    expect(found.map(({ dataId }) => dataId)).toEqual(wanted);
  }
  await under.close();
});

it('searches several datasets as one, also when memory holds only some of them or none', async () => {
  const warnings: unknown[] = [];
  const under = await openEmbedded(1, (fields) => warnings.push(fields));
  const world = await makeVectorWorld(under.store, under.index);
  const datasetIds: string[] = [];
  const items: Item[] = [];
  const query = world.direction(256);
  for (const size of [1500, 1500, 1500, 5000]) {
    const datasetId = await world.makeDataset();
    const where = { datasetId, collectionId: await world.makeCollection(datasetId) };
    datasetIds.push(datasetId);
    items.push(...(await world.addItems(where, world.directions(size, 256))));
  }
  const wanted = exactHits(items, query, 10).map(({ dataId }) => dataId);
  for (let i = 0; i < 2; i += 1) {
    const found = await world.search({ datasetIds, vector: query });
    expect(found.map(({ dataId }) => dataId)).toEqual(wanted);
  }
  expect(warnings).toEqual([{ dataset: datasetIds[3], limit: '1 MB' }]);
  await under.close();
});
