import { z } from 'zod';
import { collectionFilter } from './collections.ts';
import { endpoint } from './endpoint.ts';
import { about, bool, id, opt, parentId } from './fields.ts';
import { collectionOrder } from './knowledge-fields.ts';

const exampleDataset = '6743e3f2a1b2c3d4e5f60718';
const exampleId = '6743e3f2a1b2c3d4e5f60742';

/** Collections in one call. */
export const mostCollections = 10_000;

const several = {
  datasetId: id(),
  collectionIds: z
    .array(id())
    .min(1)
    .max(mostCollections)
    .meta(
      about({
        en: 'All of this dataset; one that is not changes nothing.',
        zh: '须全部属于该知识库，否则不做任何修改。',
      }),
    ),
};

export const collectionsManyEndpoints = {
  listCollectionIds: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/listIds',
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'Ids of all collections that match', zh: '所有匹配集合的 id' },
    description: {
      en: 'The ids of everything that `listV2` lists page by page for the same filter, at most 10000, for the calls that take many.',
      zh: '返回 `listV2` 在相同条件下分页列出的全部集合的 id，最多 10000 个，供批量调用使用。',
    },
    body: z.object({ ...collectionFilter, ...collectionOrder }),
    response: {
      kind: 'envelope',
      schema: z.object({
        ids: z.array(z.string()),
        folders: z
          .number()
          .int()
          .meta(about({ en: 'How many of them are folders.', zh: '其中文件夹的数量。' })),
        total: z
          .number()
          .int()
          .meta(about({ en: 'That match, also beyond 10000.', zh: '匹配总数，可能超过 10000。' })),
      }),
    },
    errors: ['datasetNotFound'],
    example: {
      request: { datasetId: exampleDataset, state: 'failed' },
      response: { ids: [exampleId], folders: 0, total: 1 },
    },
  }),

  updateCollections: endpoint({
    method: 'PUT',
    path: '/api/core/dataset/collection/updateMany',
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'Move or switch off many collections', zh: '批量移动或禁用集合' },
    description: {
      en: 'Moves all given collections into `parentId` (`null` = the top of the dataset), or switches them off and on, as `update` does with one: all or none.',
      zh: '将给定的全部集合移动到 `parentId`（`null` 为知识库顶层），或批量禁用、启用，规则与 `update` 相同：要么全部成功，要么都不修改。',
    },
    body: z.object({ ...several, parentId: parentId(), forbid: opt(bool()) }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['datasetNotFound', 'collectionNotFound', 'parentNotFound', 'conflict'],
    example: {
      request: { datasetId: exampleDataset, collectionIds: [exampleId], forbid: false },
      response: null,
    },
  }),

  retryCollections: endpoint({
    method: 'POST',
    path: '/api/core/dataset/collection/retryMany',
    callers: ['global', 'session'],
    tag: 'collection',
    summary: { en: 'Retry what failed in many collections', zh: '批量重试失败的集合' },
    description: {
      en: 'Tries again everything that failed in these collections, as `updateTrainingData` does with one. What did not fail stays as it is.',
      zh: '重试这些集合中所有失败的内容，与 `updateTrainingData` 对单个集合的处理相同。未失败的不受影响。',
    },
    body: z.object(several),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['datasetNotFound', 'collectionNotFound'],
    example: { request: { datasetId: exampleDataset, collectionIds: [exampleId] }, response: null },
  }),
} as const;
