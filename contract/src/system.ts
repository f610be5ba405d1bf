import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, opt, text } from './fields.ts';
import { modelTypes } from './model-fields.ts';

const language = z.object({
  lang: opt(z.enum(['en', 'zh'])).meta(
    about({
      en: 'Language of the texts; absent = by Accept-Language.',
      zh: '文本语言；省略则按 Accept-Language。',
    }),
  ),
});

const rights = [
  'chat:use',
  'app:read',
  'app:write',
  'dataset:read',
  'dataset:write',
  'log:read',
  'key:create',
  'key:manageAll',
  'member:manage',
  'team:manage',
  'model:manage',
  'webhook:manage',
  'audit:read',
  'installation:manage',
  'installation:own',
] as const;

const flag = (en: string, zh: string) => z.boolean().meta(about({ en, zh }));
const choice = z.string().nullable();

const initData = z.object({
  bufferId: z.string(),
  systemVersion: z.string(),
  feConfigs: z.object({
    systemTitle: z.literal('Lectern'),
    isPlus: z.literal(false),
    docUrl: z.string(),
    uploadFileMaxSize: z.number().meta(about({ en: 'In MB', zh: '单位 MB' })),
    uploadFileMaxAmount: z.number().int(),
    openApiPrefix: z.string(),
    trashDays: z
      .number()
      .int()
      .meta(
        about({
          en: 'Days in which a deleted dataset or app can be restored; 0 = it cannot.',
          zh: '已删除的知识库和应用可恢复的天数；0 表示不可恢复。',
        }),
      ),
  }),
  lang: z.enum(['en', 'zh']).meta(about({ en: 'That the browser asks for', zh: '浏览器请求的语言' })),
  session: z
    .object({
      mustChangePassword: z.boolean(),
      passwordIsFirst: flag(
        'The password is still the one that the account was made with',
        '密码仍是创建账户时的密码',
      ),
      rights: z.array(z.enum(rights)).meta(
        about({
          en: 'What this member may do. `installation:manage`: models, health. `installation:own`: root',
          zh: '当前成员的权限。`installation:manage`：模型与运行状况；`installation:own`：root',
        }),
      ),
      setup: z
        .object({
          chatModel: flag('A language model is connected', '已连接语言模型'),
          embeddingModel: flag('An embedding model is connected', '已连接向量模型'),
          datasets: z.number().int(),
          apps: z.number().int(),
        })
        .nullable()
        .meta(about({ en: 'null until the password is changed', zh: '修改密码前为 null' })),
    })
    .nullable()
    .meta(about({ en: 'null = nobody is logged in', zh: 'null 表示未登录' })),
  activeModelList: z
    .array(z.object({ model: z.string(), name: z.string(), type: z.enum(modelTypes), provider: z.string() }))
    .optional(),
  defaultModels: z
    .object({ llm: choice, embedding: choice, rerank: choice, datasetImageLLM: choice })
    .optional(),
  subPlans: z.null().optional(),
});

/** The documentation of itself, the entrance, and what watches over the server. */
export const systemEndpoints = {
  apiRoot: endpoint({
    method: 'GET',
    path: '/api',
    callers: ['public'],
    tag: 'system',
    summary: { en: 'What this server is', zh: '服务器信息' },
    description: {
      en: 'The base URL for programs written for FastGPT. Answers what is here and where the documentation is.',
      zh: '为 FastGPT 编写的程序所用的基础地址，返回服务器信息与文档位置。',
    },
    response: {
      kind: 'envelope',
      schema: z.object({
        name: z.literal('Lectern'),
        version: z.string(),
        baseUrl: z.string(),
        docs: z.string(),
        openapi: z.string(),
        message: z.string(),
      }),
    },
    example: {
      response: {
        name: 'Lectern',
        version: '0.1.0',
        baseUrl: 'http://localhost:3000/api',
        docs: 'http://localhost:3000/openapi',
        openapi: 'http://localhost:3000/openapi.json',
        message: 'Use this address as base URL, with "Authorization: Bearer fastgpt-…".',
      },
    },
  }),
  health: endpoint({
    method: 'GET',
    path: '/api/health',
    callers: ['public'],
    tag: 'system',
    summary: { en: 'Is the process alive', zh: '进程是否存活' },
    description: {
      en: 'Answers as long as the process does, and looks at nothing else: restart it when this does not answer. Whether it can do its work says /api/health/ready.',
      zh: '只要进程存活就会应答，不检查其他任何内容：无应答时请重启进程。能否正常工作请查看 /api/health/ready。',
    },
    response: {
      kind: 'envelope',
      schema: z.object({ status: z.literal('live'), version: z.string() }),
    },
    example: { response: { status: 'live', version: '0.1.0' } },
  }),
  healthReady: endpoint({
    method: 'GET',
    path: '/api/health/ready',
    callers: ['public'],
    tag: 'system',
    summary: { en: 'Can the server do its work', zh: '服务器能否正常工作' },
    description: {
      en: 'Answers 200 when everything works that answers need, else 503 with the `reasons`, each with a name and a text: `stopping`, `store`, `storeWrite`, `damage`, `schema`, `disk`, `dataDirectory`, `searchWorker`, `jobs`. For load balancers and supervisors; what it found stands for two seconds.',
      zh: '一切正常时返回 200；否则返回 503，并在 `reasons` 中逐条列出原因（名称与说明）：`stopping`、`store`、`storeWrite`、`damage`、`schema`、`disk`、`dataDirectory`、`searchWorker`、`jobs`。供负载均衡与进程管理使用；检查结果保留两秒。',
    },
    response: {
      kind: 'envelope',
      schema: z.object({
        ready: z.literal(true),
        checks: z.array(z.string()).meta(about({ en: 'What was looked at.', zh: '已检查的项目。' })),
      }),
    },
    errors: ['notReady'],
    example: { response: { ready: true, checks: ['store', 'disk', 'searchWorker', 'jobs'] } },
  }),
  metrics: endpoint({
    method: 'GET',
    path: '/metrics',
    callers: ['public'],
    tag: 'system',
    summary: { en: 'Metrics', zh: '指标' },
    description: {
      en: "Requests, model calls, tokens, searches, jobs, answers, the store and the process, in Prometheus' text format. Without METRICS_TOKEN only programs on the machine of the server may read them, with it whoever sends the token.",
      zh: '以 Prometheus 文本格式提供请求、模型调用、词元、检索、任务、回答、存储与进程的指标。未设置 METRICS_TOKEN 时仅限服务器本机的程序读取，设置后凭令牌读取。',
    },
    response: { kind: 'raw', schema: z.string(), contentType: 'text/plain' },
    errors: ['metricsForbidden', 'metricsTokenWrong'],
  }),
  openapiDocument: endpoint({
    method: 'GET',
    path: '/openapi.json',
    aliases: [
      { method: 'GET', path: '/api/apidoc/systemopenapi.json' },
      { method: 'GET', path: '/api/apidoc/devapi.json' },
    ],
    callers: ['public'],
    tag: 'system',
    summary: { en: 'OpenAPI document', zh: 'OpenAPI 文档' },
    description: {
      en: 'Every endpoint of the running version, OpenAPI 3.1, made from the declarations that serve them.',
      zh: '运行版本的全部接口（OpenAPI 3.1），由接口声明直接生成。',
    },
    query: language,
    response: { kind: 'raw', schema: z.unknown(), contentType: 'application/json' },
    example: { request: { lang: 'en' } },
  }),
  openapiPage: endpoint({
    method: 'GET',
    path: '/openapi',
    aliases: [
      { method: 'GET', path: '/apidoc' },
      { method: 'GET', path: '/apidoc/systemopenapi' },
      { method: 'GET', path: '/apidoc/devapi' },
    ],
    callers: ['public'],
    tag: 'system',
    summary: { en: 'Documentation page', zh: '文档页面' },
    description: {
      en: 'The documentation as a page to read and try. It loads nothing from any other host.',
      zh: '可阅读与试用的文档页面，不从任何其他主机加载内容。',
    },
    query: language,
    response: { kind: 'raw', schema: z.string(), contentType: 'text/html' },
    example: { request: { lang: 'en' } },
  }),

  getInitData: endpoint({
    method: 'GET',
    path: '/api/common/system/getInitData',
    callers: ['public', 'session'],
    tag: 'system',
    summary: { en: 'What a page needs to begin', zh: '页面初始数据' },
    description: {
      en: 'Before log-in the version and limits; with a session also what the member may do, which models there are, and how far the installation is set up. Never a secret.',
      zh: '登录前返回版本与限制；带会话时还返回成员权限、可用模型与系统设置进度。绝不含任何机密。',
    },
    query: z.object({ bufferId: opt(text(200)) }),
    response: { kind: 'envelope', schema: initData },
    example: {
      request: {},
      response: {
        bufferId: '0.1.0',
        systemVersion: '0.1.0',
        feConfigs: {
          systemTitle: 'Lectern',
          isPlus: false,
          docUrl: 'http://localhost:3000/openapi',
          uploadFileMaxSize: 500,
          uploadFileMaxAmount: 1000,
          openApiPrefix: 'fastgpt',
          trashDays: 7,
        },
        lang: 'en',
        session: null,
      },
    },
  }),

  getSystemStatus: endpoint({
    method: 'GET',
    path: '/api/core/system/status',
    callers: ['session'],
    tag: 'system',
    summary: { en: 'How the server is', zh: '服务器运行状况' },
    description: {
      en: "Whether it is ready, with every check; its jobs, disk, store, processes and versions. Only owners and admins of root's team may call this.",
      zh: '是否就绪及各项检查，任务、磁盘、存储、进程与版本。仅 root 所在团队的所有者和管理员可以调用。',
    },
    response: {
      kind: 'envelope',
      schema: z.object({
        version: z.string(),
        node: z.string(),
        startTime: z.string(),
        ready: z.boolean(),
        checks: z.array(z.object({ name: z.string(), ok: z.boolean(), text: z.string() })),
        store: z.object({ engine: z.enum(['sqlite', 'postgres']), place: z.string(), vectors: z.boolean() }),
        disk: z
          .object({ freeBytes: z.number(), totalBytes: z.number() })
          .nullable()
          .meta(about({ en: 'Of the data directory', zh: '数据目录所在磁盘' })),
        memoryBytes: z.number(),
        jobs: z.object({ waiting: z.number(), running: z.number(), failed: z.number() }),
        runs: z.number().meta(about({ en: 'Answers in progress here', zh: '当前进程正在生成的回答数' })),
        processes: z.array(
          z.object({
            host: z.string(),
            pid: z.number(),
            address: z.string(),
            version: z.string(),
            startTime: z.string(),
          }),
        ),
        models: z.array(z.string()),
      }),
    },
    errors: ['teamForbidden', 'installationForbidden'],
    example: {
      response: {
        version: '0.1.0',
        node: 'v24.11.1',
        startTime: '2026-11-23T12:40:00.000Z',
        ready: true,
        checks: [{ name: 'store', ok: true, text: 'The store answers.' }],
        store: { engine: 'sqlite', place: '/srv/lectern/data', vectors: true },
        disk: { freeBytes: 42_949_672_960, totalBytes: 107_374_182_400 },
        memoryBytes: 209_715_200,
        jobs: { waiting: 0, running: 1, failed: 0 },
        runs: 0,
        processes: [],
        models: ['gpt-4o-mini from api.openai.com'],
      },
    },
  }),
};
