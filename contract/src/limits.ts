import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { id, int, name, opt } from './fields.ts';

const exampleDataset = '6743e3f2a1b2c3d4e5f60718';

/** What FastGPT's own page asks before it does something: limits of a plan. There are no plans here. */
export const limitEndpoints = {
  checkDatasetSize: endpoint({
    method: 'GET',
    path: '/api/support/user/team/limit/datasetSizeLimit',
    callers: ['session'],
    tag: 'dataset',
    summary: { en: 'May the team store so many more items', zh: '团队能否再存储若干条数据' },
    description: {
      en: 'Always yes: teams have no limit. `null` means yes.',
      zh: '始终可以：团队没有数量限制。返回 `null` 表示可以。',
    },
    query: z.object({ size: opt(int(0)) }),
    response: { kind: 'envelope', schema: z.null() },
    example: { request: { size: 100 }, response: null },
  }),

  checkDatasetExport: endpoint({
    method: 'GET',
    path: '/api/support/user/team/limit/exportDatasetLimit',
    callers: ['session'],
    tag: 'dataset',
    summary: { en: 'May this dataset be exported now', zh: '当前能否导出该知识库' },
    description: {
      en: '`null` means yes; otherwise the error that `exportAll` would answer.',
      zh: '返回 `null` 表示可以；否则返回与 `exportAll` 相同的错误。',
    },
    query: z.object({ datasetId: id() }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['datasetNotFound', 'tooManyRequests'],
    example: { request: { datasetId: exampleDataset }, response: null },
  }),

  checkWebSync: endpoint({
    method: 'GET',
    path: '/api/support/user/team/limit/webSyncLimit',
    callers: ['session'],
    tag: 'dataset',
    summary: { en: 'May the team sync web sites', zh: '团队能否同步网站' },
    description: {
      en: 'Always yes. `null` means yes.',
      zh: '始终可以。返回 `null` 表示可以。',
    },
    response: { kind: 'envelope', schema: z.null() },
    example: { request: {}, response: null },
  }),

  createTrainingUsage: endpoint({
    method: 'POST',
    path: '/api/support/wallet/usage/createTrainingUsage',
    callers: ['global', 'session'],
    tag: 'dataset',
    summary: { en: 'Open a training bill', zh: '创建训练账单' },
    description: {
      en: 'Answers an id to send as `billId` with `pushData`: what models cost for that data is added up under it, and the key that calls pays for it.',
      zh: '返回一个 id，可作为 `pushData` 的 `billId`：处理这些数据的模型消耗计入该账单，并由发起调用的密钥支付。',
    },
    body: z.object({ datasetId: id(), name: opt(name()) }),
    response: { kind: 'envelope', schema: z.string() },
    errors: ['datasetNotFound'],
    example: {
      request: { datasetId: exampleDataset, name: 'Import of the handbook' },
      response: '6743e3f2a1b2c3d4e5f607aa',
    },
  }),
} as const;
