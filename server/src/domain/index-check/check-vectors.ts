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

function problemOf(dataset: CheckedDataset, item: CheckedItem, all: VectorFacts[]): Text | undefined {
  const { other } = dataset;
  const waits = item.vectorModel === null;
  // Those of a second index come and go with it; what is missing there is made when it is needed.
  const vectors = all.filter(({ model }) => model !== other?.model);
  // After a switch marks are settled one by one.
  const known = [dataset.vectorModel, ...(other ? [other.model] : [])];
  if (!waits && !known.includes(item.vectorModel)) {
    return {
      en: `it is marked as embedded by ${item.vectorModel}, the dataset by ${dataset.vectorModel ?? '-'}`,
      zh: `数据标记的向量模型为 ${item.vectorModel}，知识库为 ${dataset.vectorModel ?? '-'}`,
    };
  }
  // One that waits keeps the vectors of what did not change.
  const settled = !waits && item.vectorModel === dataset.vectorModel;
  if (settled && item.parts.some((part) => !vectors.some((vector) => vector.part === part))) {
    return { en: 'a text of it has no vector', zh: '有文本缺少向量' };
  }
  if (all.some(({ part }) => !item.knownParts.includes(part))) {
    return { en: 'a vector stands for a text that is not there', zh: '有向量对应的文本不存在' };
  }
  const fits = (vector: VectorFacts) => {
    const isOther = vector.model === other?.model;
    const dimensions = isOther ? other?.dimensions : dataset.dimensions;
    return (
      (isOther || vector.model === dataset.vectorModel) &&
      vector.dimensions === dimensions &&
      Number(vector.bytes) === vector.dimensions * numberBytes &&
      vector.teamId === dataset.teamId &&
      vector.datasetId === dataset.id &&
      vector.collectionId === item.document.collectionId
    );
  };
  return all.every(fits)
    ? undefined
    : { en: 'a vector is of another model, length or place', zh: '有向量的模型、维度或归属不一致' };
}
