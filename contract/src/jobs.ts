import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, id, name, opt, paging } from './fields.ts';

const state = z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']);
const cause = z.enum(['file', 'model', 'limit', 'bug']);
const time = z.string().nullable();

/** A job as people and programs see it. */
export const jobRecord = z.object({
  _id: z.string(),
  kind: z.string().meta(
    about({
      en: 'What is done: `import` (reads a document), `embed` (makes vectors), `reindex` (writes the keyword index anew) and others',
      zh: '任务种类：`import`（读取文档）、`embed`（生成向量）、`reindex`（重写关键词索引）等',
    }),
  ),
  name: z.string().meta(
    about({
      en: 'Of the collection it works on, or else of the dataset',
      zh: '所处理集合的名称；没有集合时为知识库名称',
    }),
  ),
  datasetId: z.string().nullable(),
  collectionId: z.string().nullable(),
  state,
  stage: z.string().meta(
    about({
      en: '`fetch`, `parse`, `chunk`, `write`, `embed` …; empty before it first ran',
      zh: '所处阶段：`fetch`、`parse`、`chunk`、`write`、`embed` 等；首次运行前为空',
    }),
  ),
  percent: z.number().meta(about({ en: '0 to 100', zh: '0 到 100' })),
  counts: z.record(z.string(), z.number()).meta(
    about({
      en: 'What has been counted so far, by name, such as `total` and `written` items',
      zh: '目前的计数，按名称列出，例如条目总数 `total` 和已写入 `written`',
    }),
  ),
  speed: z
    .object({ perSecond: z.number(), unit: z.enum(['items', 'bytes']) })
    .nullable()
    .meta(about({ en: 'Of the last seconds, while it runs', zh: '运行中最近几秒的速度' })),
  attempts: z
    .number()
    .int()
    .meta(
      about({
        en: 'Tries so far; waiting for a limit of a provider is none',
        zh: '已尝试次数；等待模型服务的限流不计入',
      }),
    ),
  maxAttempts: z.number().int(),
  nextTryTime: time.meta(
    about({ en: 'When it runs at the earliest, while it waits', zh: '等待中的任务最早的运行时间' }),
  ),
  error: z.string().meta(
    about({
      en: 'What went wrong last, for a person; empty = nothing',
      zh: '最近一次出错的原因，供人阅读；为空表示没有',
    }),
  ),
  errorName: z
    .string()
    .nullable()
    .meta(about({ en: 'The same for programs', zh: '同上，供程序判断' })),
  cause: cause.nullable().meta(
    about({
      en: 'Whose fault that was: `file` (your file or address), `model` (your model or its key), `limit` (the provider allows no more for now), `bug` (ours)',
      zh: '出错归因：`file`（您的文件或地址）、`model`（您的模型或其密钥）、`limit`（模型服务暂时限流）、`bug`（我们的问题）',
    }),
  ),
  hint: z
    .string()
    .meta(about({ en: 'What to do, or what happens next', zh: '建议的处理方式，或接下来会发生什么' })),
  createTime: z.string(),
  startTime: time.meta(about({ en: 'When it first ran', zh: '首次运行时间' })),
  endTime: time,
  updateTime: z.string(),
});

const exampleJob: z.input<typeof jobRecord> = {
  _id: '6743e3f2a1b2c3d4e5f607aa',
  kind: 'import',
  name: 'handbook.pdf',
  datasetId: '6743e3f2a1b2c3d4e5f60718',
  collectionId: '6743e3f2a1b2c3d4e5f60742',
  state: 'running',
  stage: 'write',
  percent: 72,
  counts: { total: 1480, written: 790 },
  speed: { perSecond: 410.5, unit: 'items' },
  attempts: 1,
  maxAttempts: 3,
  nextTryTime: null,
  error: '',
  errorName: null,
  cause: null,
  hint: '',
  createTime: '2026-11-23T12:40:00.000Z',
  startTime: '2026-11-23T12:40:01.000Z',
  endTime: null,
  updateTime: '2026-11-23T12:40:09.000Z',
};
const params = z.object({ id: id().meta(about({ en: 'The job', zh: '任务' })) });
const example = { request: { id: exampleJob._id }, response: exampleJob };

export const jobEndpoints = {
  listJobs: endpoint({
    method: 'GET',
    path: '/api/core/jobs',
    callers: ['global', 'session'],
    tag: 'job',
    summary: { en: 'List jobs', zh: '列出任务' },
    description: {
      en: 'Everything that takes longer than a second is a job: newest first, with its stage, speed, cause of failure and what to do. Jobs of deleted knowledge are not listed, and those of the server itself (`clean-up`, `webhook`) only when `kind` names them. What is done or cancelled is forgotten after 30 days.',
      zh: '凡耗时超过一秒的操作都是任务。按创建时间倒序返回，包含阶段、速度、失败归因和处理建议。已删除知识的任务不列出；服务器自身的任务（`clean-up`、`webhook`）仅在 `kind` 指定时列出。已完成或已取消的任务 30 天后清除。',
    },
    query: z.object({
      datasetId: opt(id()),
      collectionId: opt(id()),
      kind: opt(name(40)),
      state: opt(state),
      ...paging(),
    }),
    response: { kind: 'envelope', schema: z.object({ list: z.array(jobRecord), total: z.number().int() }) },
    errors: ['datasetNotFound', 'collectionNotFound'],
    example: {
      request: { datasetId: '6743e3f2a1b2c3d4e5f60718', state: 'running', pageSize: 10 },
      response: { list: [exampleJob], total: 1 },
    },
  }),

  getJob: endpoint({
    method: 'GET',
    path: '/api/core/jobs/{id}',
    callers: ['global', 'session'],
    tag: 'job',
    summary: { en: 'Get a job', zh: '查看任务' },
    params,
    response: { kind: 'envelope', schema: jobRecord },
    errors: ['jobNotFound'],
    example,
  }),

  retryJob: endpoint({
    method: 'POST',
    path: '/api/core/jobs/{id}/retry',
    callers: ['global', 'session'],
    tag: 'job',
    summary: { en: 'Run a job again', zh: '重试任务' },
    description: {
      en: 'Lets a failed or cancelled job begin anew with all its tries, and one that waits run now. What it had stored already is kept and not stored twice. One that runs stays as it is; one that is done answers 409.',
      zh: '让失败或已取消的任务以全部重试次数重新开始，让等待中的任务立即运行。已写入的内容会保留，且不会重复写入。运行中的任务不受影响；已完成的任务返回 409。',
    },
    params,
    response: { kind: 'envelope', schema: jobRecord },
    errors: ['jobNotFound', 'jobEnded'],
    example: {
      ...example,
      response: { ...exampleJob, state: 'waiting', stage: '', percent: 0, counts: {}, speed: null },
    },
  }),

  cancelJob: endpoint({
    method: 'POST',
    path: '/api/core/jobs/{id}/cancel',
    aliases: [{ method: 'DELETE', path: '/api/core/jobs/{id}' }],
    callers: ['global', 'session'],
    tag: 'job',
    summary: { en: 'Cancel a job', zh: '取消任务' },
    description: {
      en: 'Ends a job that waits or runs. What it has already stored stays and is found by searches: delete the collection to be rid of it, or retry the job to have the rest. A cancelled `embed` begins again when items are added or a model changes. Cancelling again changes nothing; a job that is done or failed answers 409, as does clearing away what was deleted.',
      zh: '终止等待中或运行中的任务。已写入的内容会保留并可被检索：如不需要请删除集合，如需补全请重试任务。被取消的 `embed` 会在新增数据或模型变更时重新开始。重复取消没有影响；已完成或已失败的任务返回 409，清理已删除内容的任务亦然。',
    },
    params,
    response: { kind: 'envelope', schema: jobRecord },
    errors: ['jobNotFound', 'jobEnded', 'jobLasting'],
    example: {
      ...example,
      response: {
        ...exampleJob,
        state: 'cancelled',
        speed: null,
        hint: 'What was stored before it was cancelled stays and is found by searches. Retry the job to have the rest.',
        endTime: '2026-11-23T12:40:09.000Z',
      },
    },
  }),
} as const;
