import type { Text } from '@lectern/contract/lang.ts';
import type { App } from '../context.ts';
import type { CheckedDataset, CheckedItem } from './pages.ts';

/** Bytes of one number of a vector. */
const numberBytes = 4;

/** What is wrong with the vectors of a page of items, by item. */
export async function wrongVectors(
  { store }: Pick<App, 'store'>,
  dataset: CheckedDataset,
  items: CheckedItem[],
): Promise<Map<string, Text>> {
  if (items.length === 0) return new Map();
  const rows = await store.db
    .selectFrom('vectors')
    .select(['teamId', 'datasetId', 'collectionId', 'dataId', 'part', 'model', 'dimensions'])
    .select((eb) => eb.fn<number>('length', ['vector']).as('bytes'))
    .where(
      'dataId',
      'in',
      items.map(({ id }) => id),
    )
    .execute();
  const vectorsOf = Map.groupBy(rows, ({ dataId }) => dataId);
  const wrong = new Map<string, Text>();
  for (const item of items) {
    const problem = problemOf(dataset, item, vectorsOf.get(item.id) ?? []);
    if (problem) wrong.set(item.id, problem);
  }
  return wrong;
}

interface VectorFacts {
  teamId: string;
  datasetId: string;
  collectionId: string;
  part: string;
  model: string;
  dimensions: number;
  bytes: number;
}

function problemOf(dataset: CheckedDataset, item: CheckedItem, vectors: VectorFacts[]): Text | undefined {
  const waits = item.vectorModel === null;
  if (waits && vectors.length === 0) return undefined;
  if (!waits && item.vectorModel !== dataset.vectorModel) {
    return {
      en: `it is marked as embedded by ${item.vectorModel}, the dataset by ${dataset.vectorModel ?? '-'}`,
      zh: `数据标记的向量模型为 ${item.vectorModel}，知识库为 ${dataset.vectorModel ?? '-'}`,
    };
  }
  // One that waits keeps the vectors of what did not change.
  if (!waits && item.parts.some((part) => !vectors.some((vector) => vector.part === part))) {
    return { en: 'a text of it has no vector', zh: '有文本缺少向量' };
  }
  if (vectors.some(({ part }) => !item.knownParts.includes(part))) {
    return { en: 'a vector stands for a text that is not there', zh: '有向量对应的文本不存在' };
  }
  const fits = (vector: VectorFacts) =>
    vector.model === dataset.vectorModel &&
    vector.dimensions === dataset.dimensions &&
    Number(vector.bytes) === vector.dimensions * numberBytes &&
    vector.teamId === dataset.teamId &&
    vector.datasetId === dataset.id &&
    vector.collectionId === item.document.collectionId;
  return vectors.every(fits)
    ? undefined
    : { en: 'a vector is of another model, length or place', zh: '有向量的模型、维度或归属不一致' };
}
