import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../kernel/ids.ts';
import type { Store } from '../store/ports.ts';
import type { VectorHit, VectorIndex } from './ports.ts';
import { exactHits, type Item, makeVectorWorld } from './vector-world.ts';

/** An empty store and the search of its vectors. */
export interface VectorStore {
  store: Store;
  index: VectorIndex;
  close(): Promise<void>;
}

/** What the search of vectors must do on every engine. `precision` is how exact the scores are. */
export function vectorConformance(name: string, open: () => Promise<VectorStore>, precision: number): void {
  describe(`${name} vectors`, () => {
    let under: VectorStore;
    let world: Awaited<ReturnType<typeof makeVectorWorld>>;
    beforeAll(async () => {
      under = await open();
      world = await makeVectorWorld(under.store, under.index);
    });
    afterAll(() => under.close());

    const expectBest = bestWithin(precision);

    it.each([3, 16, 40, 384])(
      'finds what comparing every vector of %i dimensions in full finds',
      async (size) => {
        const datasetId = await world.makeDataset();
        const collectionId = await world.makeCollection(datasetId);
        const items = await world.addItems({ datasetId, collectionId }, world.directions(700, size));
        for (let i = 0; i < 20; i += 1) {
          const vector = world.direction(size);
          expectBest(await world.search({ datasetIds: [datasetId], vector }), items, vector);
        }
      },
    );

    it('names an item once, by the best of its vectors, however many of them are near', async () => {
      const datasetId = await world.makeDataset();
      const collectionId = await world.makeCollection(datasetId);
      const near = world.direction(24);
      const crowd = Array.from({ length: 300 }, () => near);
      const items = await world.addItems({ datasetId, collectionId }, [crowd, ...world.directions(30, 24)]);
      const found = await world.search({ datasetIds: [datasetId], vector: near, limit: 12 });
      expectBest(found, items, near, 12);
      expect(found[0]?.dataId).toBe(items[0]?.dataId);
    });

    it('follows what is added, deleted and embedded anew', async () => {
      const { store, teamId, model } = world;
      const datasetId = await world.makeDataset();
      const where = { datasetId, collectionId: await world.makeCollection(datasetId) };
      const query = world.direction(32);
      const find = () => world.search({ datasetIds: [datasetId], vector: query });
      let items = await world.addItems(where, world.directions(400, 32));
      expectBest(await find(), items, query);
      items = [...items, ...(await world.addItems(where, [[query]]))];
      expectBest(await find(), items, query);
      // The best 200 go, all that a search would compare exactly among them.
      const removed = exactHits(items, query, 200).map(({ dataId }) => dataId);
      await store.db.deleteFrom('data').where('id', 'in', removed).execute();
      items = items.filter(({ dataId }) => !removed.includes(dataId));
      expectBest(await find(), items, query);
      const [changed] = items;
      if (!changed) throw new Error('nothing left');
      await store.db.transaction().execute(async (trx) => {
        await store.index.removeVectors(trx, teamId, [changed.dataId]);
        const { dataId } = changed;
        await store.index.writeVectors(trx, [{ teamId, ...where, dataId, part: 'q', model, vector: query }]);
      });
      changed.vectors = [query];
      expectBest(await find(), items, query);
      await store.db.deleteFrom('data').where('datasetId', '=', datasetId).execute();
      expect(await find()).toEqual([]);
    });

    it('shows nothing of forbidden collections, of others than were asked for, of other datasets and teams', async () => {
      const { store } = world;
      const datasetId = await world.makeDataset();
      const [open = '', closed = '', third = ''] = await Promise.all(
        [1, 2, 3].map(() => world.makeCollection(datasetId)),
      );
      const query = world.direction(16);
      const fill = (collectionId: string) =>
        world.addItems({ datasetId, collectionId }, world.directions(150, 16));
      const [inOpen, inClosed, inThird] = [await fill(open), await fill(closed), await fill(third)];
      const other = await world.makeDataset();
      await world.addItems({ datasetId: other, collectionId: await world.makeCollection(other) }, [[query]]);
      const datasetIds = [datasetId];
      expectBest(
        await world.search({ datasetIds, vector: query }),
        [...inOpen, ...inClosed, ...inThird],
        query,
      );
      await store.db.updateTable('collections').set({ forbid: 1 }).where('id', '=', closed).execute();
      expectBest(await world.search({ datasetIds, vector: query }), [...inOpen, ...inThird], query);
      const only = await world.search({ datasetIds, vector: query, collectionIds: [closed, third] });
      expectBest(only, inThird, query);
      expect(await world.search({ datasetIds, vector: query, collectionIds: [] })).toEqual([]);
      expect(await world.search({ datasetIds, vector: query, teamId: newId() })).toEqual([]);
      await store.db.updateTable('datasets').set({ deletedTime: 1 }).where('id', '=', datasetId).execute();
      expect(await world.search({ datasetIds, vector: query })).toEqual([]);
    });

    it('looks only at vectors of the model and the dimensions that were asked for', async () => {
      const datasetId = await world.makeDataset();
      const where = { datasetId, collectionId: await world.makeCollection(datasetId) };
      const query = world.direction(16);
      const items = await world.addItems(where, world.directions(20, 16));
      const datasetIds = [datasetId];
      expect(await world.search({ datasetIds, vector: query, model: 'another' })).toEqual([]);
      expect(await world.search({ datasetIds, vector: world.direction(8) })).toEqual([]);
      expectBest(await world.search({ datasetIds, vector: query }), items, query);
    });
  });
}

/** As good as comparing all in full; where scores are rounded, neighbours may change places. */
function bestWithin(precision: number) {
  return (found: VectorHit[], items: Item[], query: Float32Array, limit = 10): void => {
    const scores = new Map(exactHits(items, query, items.length).map((hit) => [hit.dataId, hit.score]));
    const wanted = exactHits(items, query, limit);
    expect(new Set(found.map(({ dataId }) => dataId)).size).toBe(wanted.length);
    found.forEach(({ dataId, score }, place) => {
      const truth = scores.get(dataId) ?? Number.NaN;
      expect(Math.abs(score - truth)).toBeLessThan(precision);
      expect(truth).toBeGreaterThan((wanted[place]?.score ?? 2) - 2 * precision);
    });
  };
}
