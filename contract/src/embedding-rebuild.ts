import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, id, int, name, opt } from './fields.ts';

const exampleDataset = '6743e3f2a1b2c3d4e5f60718';

const switchWhen = z.enum(['always', 'notWorse', 'asked']);

const rebuild = z.object({
  _id: z.string(),
  datasetId: z.string(),
  state: z.enum(['building', 'comparing', 'ready', 'switched', 'done', 'cancelled', 'rolledBack']).meta(
    about({
      en: '`building` → `comparing` → `ready` (waits for `switch`) → `switched` (can be rolled back) → `done` (the old index is gone); or `cancelled`, `rolledBack`.',
      zh: '`building`（建立中）→ `comparing`（比较中）→ `ready`（等待 `switch`）→ `switched`（可回滚）→ `done`（旧索引已清除）；或 `cancelled`、`rolledBack`。',
    }),
  ),
  vectorModel: z.string().meta(about({ en: 'Of the second index.', zh: '第二个索引的向量模型。' })),
  previousModel: z.string(),
  switchWhen,
  percent: z.number(),
  embedded: z.number().int(),
  pending: z
    .number()
    .int()
    .meta(about({ en: 'Items that it still lacks.', zh: '尚未建立的数据数。' })),
  refused: z
    .number()
    .int()
    .meta(about({ en: 'Items that the model refused.', zh: '被模型拒绝的数据数。' })),
  error: z.string(),
  jobState: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  comparison: z
    .object({
      evaluationId: z.string(),
      results: z.array(
        z.object({
          index: z.enum(['current', 'next']),
          searchMode: z.enum(['embedding', 'fullTextRecall', 'mixedRecall']),
          vectorModel: z.string(),
          questions: z.number().int(),
          hitAt: z.record(z.string(), z.number()),
          mrr: z.number(),
          ndcg: z.number(),
        }),
      ),
    })
    .nullable()
    .meta(
      about({
        en: 'Both indexes, asked the saved questions; null when the dataset has none.',
        zh: '两个索引在评测问题上的对比；知识库没有评测问题时为 null。',
      }),
    ),
  keepUntil: z
    .string()
    .nullable()
    .meta(about({ en: 'Until then a switch can be rolled back.', zh: '在此之前可以回滚。' })),
  createTime: z.string(),
  switchTime: z.string().nullable(),
  endTime: z.string().nullable(),
});

const answer = z.object({ rebuild: rebuild.nullable() });

const exampleRebuild = {
  _id: '6743e3f2a1b2c3d4e5f608f1',
  datasetId: exampleDataset,
  state: 'building' as const,
  vectorModel: 'text-embedding-3-large',
  previousModel: 'text-embedding-3-small',
  switchWhen: 'notWorse' as const,
  percent: 0,
  embedded: 0,
  pending: 0,
  refused: 0,
  error: '',
  jobState: 'waiting' as const,
  comparison: null,
  keepUntil: null,
  createTime: '2026-11-24T08:00:00.000Z',
  switchTime: null,
  endTime: null,
};

const path = '/api/core/dataset/training/rebuildEmbedding';

export const embeddingRebuildEndpoints = {
  rebuildEmbedding: endpoint({
    method: 'POST',
    path,
    callers: ['global', 'session'],
    tag: 'dataset',
    summary: { en: 'Change the embedding model of a dataset', zh: '更换知识库的向量模型' },
    description: {
      en: 'Builds a second index with the model in the background while the first one answers; what is written meanwhile lands in both. Then both are asked the saved questions of the dataset, if it has any, and searches change over at once: always, unless the second is worse (`notWorse`, the default), or when somebody says so (`asked`). The old index is kept for `keepDays` (7), and until then it can be rolled back. Needs the rights of the owner of the dataset, or of an admin or owner of the team. `rebuild` is null when there was nothing to build.',
      zh: '在后台用新模型建立第二个索引，期间由第一个索引继续提供检索，新写入的数据会进入两个索引。完成后用评测问题（如有）比较两者，然后一次性切换：总是切换（`always`）、不更差时切换（`notWorse`，默认），或由人决定（`asked`）。旧索引保留 `keepDays` 天（默认 7），其间可以回滚。需要知识库所有者、团队管理员或团队所有者权限。无需建立时 `rebuild` 为 null。',
    },
    body: z.object({
      datasetId: id(),
      vectorModel: name(200),
      switchWhen: opt(switchWhen),
      keepDays: opt(int(0, 365)),
    }),
    response: { kind: 'envelope', schema: answer },
    errors: ['datasetNotFound', 'modelNotFound', 'rebuildRunning', 'teamForbidden'],
    example: {
      request: { datasetId: exampleDataset, vectorModel: 'text-embedding-3-large' },
      response: { rebuild: exampleRebuild },
    },
  }),

  getEmbeddingRebuild: endpoint({
    method: 'GET',
    path,
    callers: ['global', 'session'],
    tag: 'dataset',
    summary: { en: 'See how far a change of model is', zh: '查看更换向量模型的进度' },
    description: {
      en: 'The latest second index of a dataset: its state, how much of it is built, and how both indexes answered the saved questions. null = there was none.',
      zh: '返回知识库最近一次重建：状态、进度以及两个索引在评测问题上的表现；没有时为 null。',
    },
    query: z.object({ datasetId: id() }),
    response: { kind: 'envelope', schema: answer },
    errors: ['datasetNotFound'],
    example: { request: { datasetId: exampleDataset }, response: { rebuild: exampleRebuild } },
  }),

  updateEmbeddingRebuild: endpoint({
    method: 'PUT',
    path,
    callers: ['global', 'session'],
    tag: 'dataset',
    summary: { en: 'Switch, roll back or cancel a change of model', zh: '切换、回滚或取消更换向量模型' },
    description: {
      en: '`switch` lets the second index answer, `rollback` the first one again, `cancel` gives the second up before a switch, `removeOld` clears the first away after one. Each takes effect at once; vectors are cleared away in the background.',
      zh: '`switch` 切换到第二个索引，`rollback` 恢复第一个索引，`cancel` 在切换前放弃第二个索引，`removeOld` 在切换后清除第一个索引。均立即生效，向量在后台清除。',
    },
    body: z.object({ datasetId: id(), action: z.enum(['switch', 'rollback', 'cancel', 'removeOld']) }),
    response: { kind: 'envelope', schema: answer },
    errors: ['datasetNotFound', 'rebuildWrongState', 'teamForbidden'],
    example: {
      request: { datasetId: exampleDataset, action: 'cancel' },
      response: { rebuild: { ...exampleRebuild, state: 'cancelled', endTime: '2026-11-24T08:01:00.000Z' } },
    },
  }),
} as const;
