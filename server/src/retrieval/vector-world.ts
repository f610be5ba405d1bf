import { newId } from '../kernel/ids.ts';
import { unitVector } from '../kernel/unit-vector.ts';
import type { Store } from '../store/ports.ts';
import { randomFrom } from './generated-text.ts';
import type { VectorHit, VectorIndex, VectorQuery } from './ports.ts';

const model = 'm';

/** A data item of a test with all its vectors. */
export interface Item {
  dataId: string;
  vectors: Float32Array[];
}

interface Where {
  datasetId: string;
  collectionId: string;
}

/** For tests: a team whose datasets have vectors, written as the server writes them; the same in every run. */
export async function makeVectorWorld(store: Store, index: VectorIndex) {
  const teamId = newId();
  const random = randomFrom(7);
  await store.db.insertInto('teams').values({ id: teamId, name: 't', avatar: '', createTime: 1 }).execute();

  /** A direction, each as likely as any other. */
  function direction(dimensions: number): Float32Array {
    const numbers = Float32Array.from({ length: dimensions }, () => {
      const length = Math.sqrt(-2 * Math.log(random() || 1e-9));
      return length * Math.cos(2 * Math.PI * random());
    });
    return unitVector(numbers) ?? numbers;
  }
  const directions = (count: number, dimensions: number) =>
    Array.from({ length: count }, () => [direction(dimensions)]);

  async function makeDataset(): Promise<string> {
    const id = newId();
    await store.db
      .insertInto('datasets')
      .values({
        id,
        teamId,
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
        createTime: 1,
        updateTime: 1,
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
        createTime: 1,
        updateTime: 1,
      })
      .execute();
    return id;
  }

  const rowOf = (where: Where) => (item: Item) => ({
    id: item.dataId,
    teamId,
    ...where,
    memberId: newId(),
    q: item.dataId,
    a: '',
    headings: '[]',
    chunkIndex: 0,
    tokens: 1,
    hash: item.dataId,
    imageId: null,
    createTime: 1,
    updateTime: 1,
    vectorModel: model,
  });

  /** Items with vectors; the parts of one are `0`, `1` and so on. */
  async function addItems(where: Where, vectors: Float32Array[][]): Promise<Item[]> {
    const items = vectors.map((own) => ({ dataId: newId(), vectors: own }));
    await store.db.transaction().execute(async (trx) => {
      for (let start = 0; start < items.length; start += 200) {
        const page = items.slice(start, start + 200);
        await trx
          .insertInto('data')
          .values(page.map(rowOf(where)))
          .execute();
      }
      const rows = items.flatMap(({ dataId, vectors: own }) =>
        own.map((vector, i) => ({ teamId, ...where, dataId, part: String(i), model, vector })),
      );
      await store.index.writeVectors(trx, rows);
    });
    return items;
  }

  const search = (query: Partial<VectorQuery> & Pick<VectorQuery, 'datasetIds' | 'vector'>) =>
    index.search({ teamId, model, limit: 10, ...query }, { signal: new AbortController().signal });

  return { store, teamId, model, direction, directions, makeDataset, makeCollection, addItems, search };
}

/** What a search must find: every vector compared in full. */
export function exactHits(items: Item[], query: Float32Array, limit: number): VectorHit[] {
  const dot = (vector: Float32Array) => vector.reduce((sum, v, i) => sum + v * (query[i] ?? 0), 0);
  return items
    .map(({ dataId, vectors }) => ({ dataId, score: Math.max(...vectors.map(dot)) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, limit);
}
