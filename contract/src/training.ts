import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, id, paging } from './fields.ts';

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

export const trainingEndpoints = {
  getTrainingError: endpoint({
    method: 'POST',
    path: '/api/core/dataset/training/getTrainingError',
    callers: ['global', 'session'],
    tag: 'training',
    summary: { en: 'List what failed in a collection', zh: '集合的导入错误列表' },
    description: {
      en: 'Every import step of the collection that failed for good, with its cause in plain words: an unreadable file, a scan without text, a model that did not answer.',
      zh: '列出集合中最终失败的导入步骤及其原因，例如文件无法读取、扫描件没有文字、模型无响应。',
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
} as const;
