import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, id, int, opt, paging, text } from './fields.ts';

const trainingError = z.object({
  _id: z.string(),
  teamId: z.string(),
  datasetId: z.string(),
  collectionId: z.string(),
  mode: z.string(),
  q: z.string(),
  a: z.string(),
  chunkIndex: z.number().int(),
  errorMsg: z.string().meta(about({ en: 'What went wrong, for a person.', zh: '出错原因，供人阅读。' })),
  cause: z.string().meta(about({ en: 'file, model, limit or bug.', zh: 'file、model、limit 或 bug 之一。' })),
  retryCount: z
    .number()
    .int()
    .meta(about({ en: 'Tries that are left.', zh: '剩余重试次数。' })),
});

const dataset = '6743e3f2a1b2c3d4e5f60718';
const collection = '6743e3f2a1b2c3d4e5f60742';
const itemId = '6743e3f2a1b2c3d4e5f607bb';
const item = { datasetId: id(), collectionId: id(), dataId: id() };
const exampleItem = { datasetId: dataset, collectionId: collection, dataId: itemId };
const itemErrors = ['collectionNotFound', 'datasetNotFound', 'trainingItemNotFound'] as const;

export const trainingEndpoints = {
  getTrainingError: endpoint({
    method: 'POST',
    path: '/api/core/dataset/training/getTrainingError',
    callers: ['global', 'session'],
    tag: 'training',
    summary: { en: 'List what failed in a collection', zh: '集合的导入错误列表' },
    description: {
      en: 'Everything of the collection that failed for good, with its cause in plain words: an unreadable file, a scan without text, a text of which a model could make nothing, an item that the embedding model refused. Correct and retry it with updateTrainingData, or drop it with deleteTrainingData, under its `_id`.',
      zh: '列出集合中最终失败的内容及其原因，例如文件无法读取、扫描件没有文字、模型未能处理的文本、被向量模型拒绝的数据。可凭 `_id` 通过 updateTrainingData 修正并重试，或通过 deleteTrainingData 删除。',
    },
    body: z.object({ collectionId: id(), ...paging(30) }),
    response: {
      kind: 'envelope',
      schema: z.object({ list: z.array(trainingError), total: z.number().int() }),
    },
    errors: ['collectionNotFound'],
    example: {
      request: { collectionId: '6743e3f2a1b2c3d4e5f60742', offset: 0, pageSize: 10 },
      response: {
        list: [
          {
            _id: '6743e3f2a1b2c3d4e5f607aa',
            teamId: '6743e3f2a1b2c3d4e5f60700',
            datasetId: '6743e3f2a1b2c3d4e5f60718',
            collectionId: '6743e3f2a1b2c3d4e5f60742',
            mode: 'parse',
            q: '',
            a: '',
            chunkIndex: 0,
            errorMsg: 'No text was found in scan.pdf. It may be a scan or an empty file.',
            cause: 'file',
            retryCount: 0,
          },
        ],
        total: 1,
      },
    },
  }),

  getTrainingDataDetail: endpoint({
    method: 'POST',
    path: '/api/core/dataset/training/getTrainingDataDetail',
    aliases: [{ method: 'GET', path: '/api/core/dataset/training/getTrainingDataDetail' }],
    callers: ['global', 'session'],
    tag: 'training',
    summary: { en: 'Get an item of the queue', zh: '队列中数据的详情' },
    description: {
      en: 'What a model is to be asked about, as it can be corrected. `dataId` is the `_id` of getTrainingError, or the id of a `queued` item of pushData.',
      zh: '待模型处理的内容，可供修正。`dataId` 为 getTrainingError 返回的 `_id`，或 pushData 返回的 `queued` 数据的 id。',
    },
    body: z.object(item),
    response: {
      kind: 'envelope',
      schema: z.object({
        _id: z.string(),
        datasetId: z.string(),
        mode: z.string(),
        q: z.string(),
        a: z.string(),
        chunkIndex: z.number().int(),
        imageId: z.string().optional(),
        imagePreviewUrl: z.string().optional(),
      }),
    },
    errors: itemErrors,
    example: {
      request: exampleItem,
      response: { _id: itemId, datasetId: dataset, mode: 'qa', q: 'A text.', a: '', chunkIndex: 0 },
    },
  }),

  updateTrainingData: endpoint({
    method: 'PUT',
    path: '/api/core/dataset/training/updateTrainingData',
    callers: ['global', 'session'],
    bodyLimit: 'text',
    tag: 'training',
    summary: { en: 'Correct and retry what failed', zh: '修正并重试失败的数据' },
    description: {
      en: 'Changes what is given of one item and tries it again, up to 3 times. Without `dataId` everything of the collection that failed is tried again.',
      zh: '修改一条数据中提供的字段并重新处理，最多重试 3 次。省略 `dataId` 时重试该集合中所有失败的内容。',
    },
    body: z.object({
      datasetId: id(),
      collectionId: id(),
      dataId: opt(id()),
      q: opt(text(10_000_000, 1)),
      a: opt(text()),
      chunkIndex: opt(int(0, 2_000_000_000)),
    }),
    response: { kind: 'envelope', schema: z.object({}) },
    errors: itemErrors,
    example: { request: { ...exampleItem, q: 'A text that can be read.' }, response: {} },
  }),

  deleteTrainingData: endpoint({
    method: 'POST',
    path: '/api/core/dataset/training/deleteTrainingData',
    aliases: [{ method: 'DELETE', path: '/api/core/dataset/training/deleteTrainingData' }],
    callers: ['global', 'session'],
    tag: 'training',
    summary: { en: 'Drop an item of the queue', zh: '删除队列中的数据' },
    description: {
      en: 'Drops what waits for a model or failed. Data that is stored already stays: an item that the embedding model refused is found by its words.',
      zh: '删除等待模型处理或处理失败的内容，已存储的数据不受影响：被向量模型拒绝的数据仍可通过关键词检索。',
    },
    body: z.object(item),
    response: { kind: 'envelope', schema: z.object({}) },
    errors: itemErrors,
    example: { request: exampleItem, response: {} },
  }),

  getDatasetTrainingQueue: endpoint({
    method: 'GET',
    path: '/api/core/dataset/training/getDatasetTrainingQueue',
    callers: ['global', 'session'],
    tag: 'training',
    summary: { en: 'What of a dataset is still to come', zh: '知识库的处理队列' },
    description: {
      en: '`trainingCount` is what imports, models and vectors still have to do; `rebuildingCount` is what a change of the embedding model still has to do.',
      zh: '`trainingCount` 为导入、模型与向量尚需处理的数量；`rebuildingCount` 为更换向量模型尚需处理的数量。',
    },
    query: z.object({ datasetId: id() }),
    response: {
      kind: 'envelope',
      schema: z.object({ rebuildingCount: z.number().int(), trainingCount: z.number().int() }),
    },
    errors: ['datasetNotFound'],
    example: { request: { datasetId: dataset }, response: { rebuildingCount: 0, trainingCount: 12 } },
  }),

  getQueueLen: endpoint({
    method: 'GET',
    path: '/api/core/dataset/training/getQueueLen',
    callers: ['session'],
    tag: 'training',
    summary: { en: 'Length of the queues', zh: '队列长度' },
    description: {
      en: 'How many items of your team wait for an embedding model, for questions and answers, for more indexes, and for a model that looks at pictures.',
      zh: '团队中等待向量模型、问答生成、索引增强与图片识别的数据数量。',
    },
    response: {
      kind: 'envelope',
      schema: z.object({
        vectorTrainingCount: z.number().int(),
        qaTrainingCount: z.number().int(),
        autoTrainingCount: z.number().int(),
        imageTrainingCount: z.number().int(),
      }),
    },
    errors: [],
    example: {
      request: {},
      response: {
        vectorTrainingCount: 0,
        qaTrainingCount: 3,
        autoTrainingCount: 0,
        imageTrainingCount: 0,
      },
    },
  }),

  unlockTask: endpoint({
    method: 'POST',
    path: '/api/common/system/unlockTask',
    callers: ['session'],
    tag: 'training',
    summary: { en: 'Wake the queue', zh: '唤醒队列' },
    description: {
      en: 'Looks for waiting work now. The queue does so by itself every second; this is for clients that call it.',
      zh: '立即查找等待中的任务。队列每秒会自动查找，此接口供已有客户端调用。',
    },
    response: { kind: 'envelope', schema: z.null() },
    errors: [],
    example: { request: {}, response: null },
  }),
} as const;
