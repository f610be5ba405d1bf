import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, opt } from './fields.ts';

const language = z.object({
  lang: opt(z.enum(['en', 'zh'])).meta(
    about({
      en: 'Language of the texts; absent = by Accept-Language.',
      zh: '文本语言；省略则按 Accept-Language。',
    }),
  ),
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
};
