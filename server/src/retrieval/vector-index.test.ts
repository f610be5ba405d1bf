import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newId } from '../kernel/ids.ts';
import { createLogger } from '../kernel/logger.ts';
import { unitVector } from '../kernel/unit-vector.ts';
import type { Store } from '../store/ports.ts';
import { openSqliteStore } from '../store/sqlite/open.ts';
import { randomFrom } from './generated-text.ts';
import type { VectorHit, VectorIndex, VectorQuery } from './ports.ts';
import { createVectorIndex } from './vector-index.ts';

const model = 'm';
const teamId = newId();
let dataDir = '';
let store: Store;
let index: VectorIndex;
let random: () => number;
let warnings: unknown[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lectern-vectors-'));
  store = await openSqliteStore({ dataDir, log: createLogger('silent') });
  random = randomFrom(7);
  warnings = [];
  index = open(64);
  await store.db.insertInto('teams').values({ id: teamId, name: 't', avatar: '', createTime: 1 }).execute();
});
afterEach(async () => {
  await index.close();
  await store.close();
  await rm(dataDir, { recursive: true, force: true });
});

function open(cacheMb: number): VectorIndex {
  const log = createLogger('silent');
  log.warn = ((fields: unknown) => warnings.push(fields)) as typeof log.warn;
  return createVectorIndex({ store, cacheMb, log });
}

/** A direction, each as likely as any other. */
function direction(dimensions: number): Float32Array {
  const numbers = Float32Array.from({ length: dimensions }, () => {
    const length = Math.sqrt(-2 * Math.log(random() || 1e-9));
    return length * Math.cos(2 * Math.PI * random());
  });
  return unitVector(numbers) ?? numbers;
}

async function makeDataset(team = teamId): Promise<string> {
  const id = newId();
  const now = 1;
  await store.db
    .insertInto('datasets')
    .values({
      id,
      teamId: team,
      memberId: newId(),
      parentId: null,
      type: 'dataset',
      name: 'd',
      intro: '',
      avatar: '',
      vectorModel: model,
      agentModel: null,
      vlmModel: null,
      chunkSettings: null,
      createTime: now,
      updateTime: now,
    })
    .execute();
  return id;
}

async function makeCollection(datasetId: string): Promise<string> {
  const id = newId();
  await store.db
    .insertInto('collections')
    .values({
      id,
      teamId,
      datasetId,
      memberId: newId(),
      parentId: null,
      type: 'virtual',
      name: 'c',
      trainingType: 'chunk',
      params: '{}',
      fileId: null,
      rawLink: null,
      externalFileId: null,
      hash: null,
      rawTextLength: null,
      forbid: 0,
      metadata: '{}',
      tags: '[]',
      createTime: 1,
      updateTime: 1,
    })
    .execute();
  return id;
}

interface Item {
  dataId: string;
  vectors: Float32Array[];
}

/** Items with vectors, written as the server writes them. */
async function addItems(
  where: { datasetId: string; collectionId: string },
  vectors: Float32Array[][],
): Promise<Item[]> {
  const items = vectors.map((own) => ({ dataId: newId(), vectors: own }));
  await store.db.transaction().execute(async (trx) => {
    for (const { dataId, vectors: own } of items) {
      await trx
        .insertInto('data')
        .values({
          id: dataId,
          teamId,
          ...where,
          memberId: newId(),
          q: dataId,
          a: '',
          headings: '[]',
          chunkIndex: 0,
          tokens: 1,
          hash: dataId,
          imageId: null,
          createTime: 1,
          updateTime: 1,
          vectorModel: model,
        })
        .execute();
      const rows = own.map((vector) => ({ teamId, ...where, dataId, part: 'q', model, vector }));
      await store.index.writeVectors(trx, rows);
    }
  });
  return items;
}

/** What a search must find: every vector compared in full. */
function exact(items: Item[], query: Float32Array, limit: number): VectorHit[] {
  const dot = (vector: Float32Array) => vector.reduce((sum, v, i) => sum + v * (query[i] ?? 0), 0);
  return items
    .map(({ dataId, vectors }) => ({ dataId, score: Math.max(...vectors.map(dot)) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit);
}

const search = (query: Partial<VectorQuery> & Pick<VectorQuery, 'datasetIds' | 'vector'>) =>
  index.search({ teamId, model, limit: 10, ...query }, { signal: new AbortController().signal });
const ids = (hits: VectorHit[]) => hits.map(({ dataId }) => dataId);

it.each([3, 16, 40, 384])(
  'finds what comparing every vector of %i dimensions in full finds',
  async (dimensions) => {
    const datasetId = await makeDataset();
    const collectionId = await makeCollection(datasetId);
    const vectors = Array.from({ length: 700 }, () => [direction(dimensions)]);
    const items = await addItems({ datasetId, collectionId }, vectors);
    for (let i = 0; i < 20; i += 1) {
      const vector = direction(dimensions);
      const found = await search({ datasetIds: [datasetId], vector });
      const wanted = exact(items, vector, 10);
      expect(ids(found)).toEqual(ids(wanted));
      found.forEach((hit, k) => {
        expect(hit.score).toBeCloseTo(wanted[k]?.score ?? 2, 5);
      });
    }
  },
);

it('names an item once, by the best of its vectors, however many of them are near', async () => {
  const datasetId = await makeDataset();
  const collectionId = await makeCollection(datasetId);
  const near = direction(24);
  const crowd = Array.from({ length: 300 }, () => near);
  const others = Array.from({ length: 30 }, () => [direction(24)]);
  const items = await addItems({ datasetId, collectionId }, [crowd, ...others]);
  const found = await search({ datasetIds: [datasetId], vector: near, limit: 12 });
  expect(ids(found)).toEqual(ids(exact(items, near, 12)));
  expect(found[0]?.score).toBeCloseTo(1, 5);
});

it('follows what is added, deleted and embedded anew', async () => {
  const datasetId = await makeDataset();
  const collectionId = await makeCollection(datasetId);
  const where = { datasetId, collectionId };
  const query = direction(32);
  let items = await addItems(
    where,
    Array.from({ length: 400 }, () => [direction(32)]),
  );
  expect(ids(await search({ datasetIds: [datasetId], vector: query }))).toEqual(ids(exact(items, query, 10)));
  items = [...items, ...(await addItems(where, [[query]]))];
  expect(ids(await search({ datasetIds: [datasetId], vector: query }))).toEqual(ids(exact(items, query, 10)));
  // The best 200 go, all that a search would compare exactly among them.
  const removed = ids(exact(items, query, 200));
  await store.db.deleteFrom('data').where('id', 'in', removed).execute();
  items = items.filter(({ dataId }) => !removed.includes(dataId));
  expect(ids(await search({ datasetIds: [datasetId], vector: query }))).toEqual(ids(exact(items, query, 10)));
  const [changed] = items;
  if (!changed) throw new Error('nothing left');
  await store.db.transaction().execute(async (trx) => {
    await store.index.removeVectors(trx, teamId, [changed.dataId]);
    const { dataId } = changed;
    await store.index.writeVectors(trx, [{ teamId, ...where, dataId, part: 'q', model, vector: query }]);
  });
  changed.vectors = [query];
  expect(ids(await search({ datasetIds: [datasetId], vector: query }))).toEqual(ids(exact(items, query, 10)));
  await store.db.deleteFrom('data').execute();
  expect(await search({ datasetIds: [datasetId], vector: query })).toEqual([]);
});

it('reads a dataset anew when most of what it keeps of it is gone', async () => {
  const datasetId = await makeDataset();
  const where = { datasetId, collectionId: await makeCollection(datasetId) };
  const query = direction(8);
  const items = await addItems(
    where,
    Array.from({ length: 2500 }, () => [direction(8)]),
  );
  await search({ datasetIds: [datasetId], vector: query });
  const removed = ids(exact(items, query, 2000));
  await store.db.deleteFrom('data').where('id', 'in', removed).execute();
  const left = items.filter(({ dataId }) => !removed.includes(dataId));
  for (let i = 0; i < 2; i += 1) {
    const found = await search({ datasetIds: [datasetId], vector: query });
    expect(ids(found)).toEqual(ids(exact(left, query, 10)));
  }
});

it('shows nothing of forbidden collections, of others than were asked for, of other datasets and teams', async () => {
  const datasetId = await makeDataset();
  const [open, closed, third] = [
    await makeCollection(datasetId),
    await makeCollection(datasetId),
    await makeCollection(datasetId),
  ];
  const other = await makeDataset();
  const query = direction(16);
  const many = () => Array.from({ length: 150 }, () => [direction(16)]);
  const [inOpen, inClosed, inThird] = [
    await addItems({ datasetId, collectionId: open }, many()),
    await addItems({ datasetId, collectionId: closed }, many()),
    await addItems({ datasetId, collectionId: third }, many()),
  ];
  await addItems({ datasetId: other, collectionId: await makeCollection(other) }, [[query]]);
  const datasetIds = [datasetId];
  const all = [...inOpen, ...inClosed, ...inThird];
  expect(ids(await search({ datasetIds, vector: query }))).toEqual(ids(exact(all, query, 10)));
  await store.db.updateTable('collections').set({ forbid: 1 }).where('id', '=', closed).execute();
  const allowed = [...inOpen, ...inThird];
  expect(ids(await search({ datasetIds, vector: query }))).toEqual(ids(exact(allowed, query, 10)));
  const only = await search({ datasetIds, vector: query, collectionIds: [closed, third] });
  expect(ids(only)).toEqual(ids(exact(inThird, query, 10)));
  expect(await search({ datasetIds, vector: query, collectionIds: [] })).toEqual([]);
  expect(await search({ datasetIds, vector: query, teamId: newId() })).toEqual([]);
  await store.db.updateTable('datasets').set({ deletedTime: 1 }).where('id', '=', datasetId).execute();
  expect(await search({ datasetIds, vector: query })).toEqual([]);
});

it('looks only at vectors of the model and the dimensions that were asked for', async () => {
  const datasetId = await makeDataset();
  const where = { datasetId, collectionId: await makeCollection(datasetId) };
  const query = direction(16);
  const items = await addItems(
    where,
    Array.from({ length: 20 }, () => [direction(16)]),
  );
  const datasetIds = [datasetId];
  expect(await search({ datasetIds, vector: query, model: 'another' })).toEqual([]);
  expect(await search({ datasetIds, vector: direction(8) })).toEqual([]);
  expect(ids(await search({ datasetIds, vector: query }))).toEqual(ids(exact(items, query, 10)));
});

it('searches several datasets as one, also when memory holds only some of them or none', async () => {
  await index.close();
  index = open(1);
  const datasetIds: string[] = [];
  const items: Item[] = [];
  const query = direction(256);
  for (const size of [1500, 1500, 1500, 5000]) {
    const datasetId = await makeDataset();
    const where = { datasetId, collectionId: await makeCollection(datasetId) };
    datasetIds.push(datasetId);
    items.push(
      ...(await addItems(
        where,
        Array.from({ length: size }, () => [direction(256)]),
      )),
    );
  }
  for (let i = 0; i < 2; i += 1) {
    const found = await search({ datasetIds, vector: query });
    expect(ids(found)).toEqual(ids(exact(items, query, 10)));
  }
  expect(warnings).toEqual([{ dataset: datasetIds[3], limit: '1 MB' }]);
});
