import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, id, int, name, opt, paging, text, withDefault } from './fields.ts';

const state = z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']);
const cause = z.enum(['file', 'model', 'limit', 'bug']);
const time = z.string().nullable();

/** A job as people and programs see it. */
export const jobRecord = z.object({
  _id: z.string(),
  kind: z.string().meta(
    about({
      en: 'What is done: `import` (reads a document), `embed` (makes vectors), `reindex` (writes the keyword index anew), `rebuild-embedding` (makes a second index), `evaluate` (measures search) and others',
      zh: '任务种类：`import`（读取文档）、`embed`（生成向量）、`reindex`（重写关键词索引）、`rebuild-embedding`（建立第二个索引）、`evaluate`（检索评测）等',
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
      en: '`fetch`, `parse`, `headings`, `chunk`, `write`, `embed`, `measure` …; empty before it first ran',
      zh: '所处阶段：`fetch`、`parse`、`headings`、`chunk`、`write`、`embed`、`measure` 等；首次运行前为空',
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

/** A job with what went wrong inside it, though it went on. */
const jobDetail = jobRecord.extend({
  problems: z
    .array(z.object({ url: z.string(), error: z.string(), errorName: z.string() }))
    .optional()
    .meta(
      about({
        en: 'Of the synchronisation with a website: the pages that could not be read and why, at most 100',
        zh: '网站同步中无法读取的页面及原因，最多 100 个',
      }),
    ),
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
      state: opt(z.enum([...state.options, 'unfinished', 'ended'])).meta(
        about({
          en: '`unfinished` is waiting or running, `ended` everything else.',
          zh: '`unfinished` 为等待中或运行中，`ended` 为其余全部。',
        }),
      ),
      ...paging(),
    }),
    response: { kind: 'envelope', schema: z.object({ list: z.array(jobRecord), total: z.number().int() }) },
    errors: ['datasetNotFound', 'collectionNotFound'],
    example: {
      request: { datasetId: '6743e3f2a1b2c3d4e5f60718', state: 'running', pageSize: 10 },
      response: { list: [exampleJob], total: 1 },
    },
  }),

  streamJobs: endpoint({
    method: 'GET',
    path: '/api/core/jobs/events',
    callers: ['global', 'session'],
    tag: 'job',
    summary: { en: 'Follow jobs', zh: '订阅任务变化' },
    description: {
      en: "The jobs of the team as server-sent events: first all that are unfinished, then each job whenever it changes (progress up to twice a second), whichever server process works on it. A comment comes after 10 s of silence. The stream ends after `seconds`; whoever comes back with the header `Last-Event-ID` (browsers' `EventSource` does so by itself) gets what changed meanwhile, or a new `snapshot` after more than an hour. The same change may come twice: each event holds the whole job. At most 50 listeners of a team at the same time.",
      zh: '以服务器推送事件返回团队的任务：先返回所有未完成的任务，之后每当任务变化（进度每秒至多两次）便推送该任务，无论由哪个服务进程处理。静默 10 秒后发送一条注释。流在 `seconds` 秒后结束；携带 `Last-Event-ID` 请求头重连（浏览器的 `EventSource` 会自动携带）可获得期间的变化，离开超过一小时则重新收到 `snapshot`。同一变化可能重复推送：每个事件都包含完整任务。每个团队最多同时 50 个订阅者。',
    },
    query: z.object({
      datasetId: opt(id()).meta(about({ en: 'Only the jobs of this dataset', zh: '仅此知识库的任务' })),
      lastEventId: opt(text(40)).meta(
        about({
          en: 'The same as the header `Last-Event-ID`, for who cannot set it',
          zh: '与请求头 `Last-Event-ID` 相同，供无法设置请求头的程序使用',
        }),
      ),
      seconds: withDefault(int(1, 900), 900).meta(
        about({ en: 'The stream ends after this long', zh: '流持续的秒数' }),
      ),
    }),
    response: {
      kind: 'stream',
      schema: z.never(),
      events: [
        {
          event: 'snapshot',
          description: {
            en: 'The unfinished jobs, newest first, at most 500.',
            zh: '未完成的任务，按创建时间倒序，最多 500 个。',
          },
          schema: z.array(jobRecord),
          example: [exampleJob],
        },
        {
          event: 'job',
          description: { en: 'A job that changed.', zh: '发生变化的任务。' },
          schema: jobRecord,
          example: exampleJob,
        },
        {
          event: 'gone',
          description: {
            en: 'A job whose dataset or collection was deleted.',
            zh: '所属知识库或集合已被删除的任务。',
          },
          schema: z.object({ _id: z.string() }),
          example: { _id: exampleJob._id },
        },
      ],
    },
    errors: ['datasetNotFound', 'tooManyListeners'],
    example: { request: { datasetId: '6743e3f2a1b2c3d4e5f60718', seconds: 1 } },
  }),

  getJob: endpoint({
    method: 'GET',
    path: '/api/core/jobs/{id}',
    callers: ['global', 'session'],
    tag: 'job',
    summary: { en: 'Get a job', zh: '查看任务' },
    params,
    response: { kind: 'envelope', schema: jobDetail },
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
      en: 'Ends a job that waits or runs. What it has already stored stays and is found by searches: delete the collection to be rid of it, or retry the job to have the rest. The import of an archive leaves nothing. A cancelled `embed` begins again when items are added or a model changes. Cancelling again changes nothing; a job that is done or failed answers 409, as does clearing away what was deleted.',
      zh: '终止等待中或运行中的任务。已写入的内容会保留并可被检索：如不需要请删除集合，如需补全请重试任务。归档导入被取消后不留下任何内容。被取消的 `embed` 会在新增数据或模型变更时重新开始。重复取消没有影响；已完成或已失败的任务返回 409，清理已删除内容的任务亦然。',
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
