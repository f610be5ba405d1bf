import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, id, opt, text } from './fields.ts';

const states = z.enum(['done', 'failed', 'cancelled']);

const webhookRecord = z.object({
  _id: z.string(),
  url: z.string(),
  datasetId: z.string().nullable(),
  states: z.array(states),
  createTime: z.string(),
  lastDelivery: z
    .object({ time: z.string(), ok: z.boolean(), message: z.string() })
    .nullable()
    .meta(
      about({
        en: 'How the last one went; `message` says why it failed',
        zh: '最近一次投递的结果；`message` 说明失败原因',
      }),
    ),
});

/** How a program finds out that a call is ours and of now. */
const verification = [
  '```js',
  "import { createHmac, timingSafeEqual } from 'node:crypto';",
  '',
  'export function isFromLectern(secret, header, body) {',
  "  const { t, v1 } = Object.fromEntries(header.split(',').map((part) => part.split('=')));",
  '  if (!(Math.abs(Date.now() / 1000 - Number(t)) <= 300)) return false;',
  "  const mac = createHmac('sha256', secret).update(t + '.' + body).digest();",
  "  const given = Buffer.from(v1 ?? '', 'hex');",
  '  return given.length === mac.length && timingSafeEqual(given, mac);',
  '}',
  '```',
].join('\n');

const exampleId = '6743e3f2a1b2c3d4e5f607cc';
const params = z.object({ id: id().meta(about({ en: 'The webhook', zh: '要操作的 Webhook' })) });

export const webhookEndpoints = {
  listWebhooks: endpoint({
    method: 'GET',
    path: '/api/core/webhooks',
    callers: ['global', 'session'],
    tag: 'webhook',
    summary: { en: 'List webhooks', zh: '列出 Webhook' },
    description: {
      en: 'The addresses that are told when a job of the team ends, each with how its last delivery went. Deliveries that wait are jobs: `GET /api/core/jobs?kind=webhook`.',
      zh: '任务结束时会收到通知的地址及其最近一次投递结果。等待中的投递也是任务：`GET /api/core/jobs?kind=webhook`。',
    },
    response: { kind: 'envelope', schema: z.array(webhookRecord) },
    errors: ['teamForbidden'],
    example: {
      response: [
        {
          _id: exampleId,
          url: 'https://program.example/lectern',
          datasetId: null,
          states: ['done', 'failed'],
          createTime: '2026-11-23T12:40:00.000Z',
          lastDelivery: { time: '2026-11-23T12:50:00.000Z', ok: true, message: '' },
        },
      ],
    },
  }),

  createWebhook: endpoint({
    method: 'POST',
    path: '/api/core/webhooks',
    callers: ['global', 'session'],
    tag: 'webhook',
    summary: { en: 'Add a webhook', zh: '添加 Webhook' },
    description: {
      en: [
        'Has the address called with POST whenever a job of the team (or of `datasetId`) ends: `{id, event: "job.done" | "job.failed" | "job.cancelled" | "ping", time, job}`, where `job` is what `GET /api/core/jobs/{id}` answers, in the language of this call. An answer of 2xx within 10 seconds is success; anything else, redirects included, is tried again up to 12 times over about an hour. The same event may come twice, with the same `id`. Only public addresses are called, or origins that root trusts.',
        'The answer holds the secret, this one time. Each call carries `Lectern-Signature: t=<seconds>,v1=<hex>`, the HMAC-SHA256 of `<t>.<body>` with the secret. Compare it before parsing the body, and refuse a `t` that is more than five minutes away from your clock:',
        verification,
      ].join('\n\n'),
      zh: [
        '团队（或 `datasetId`）的任务结束时以 POST 调用该地址：`{id, event: "job.done" | "job.failed" | "job.cancelled" | "ping", time, job}`，其中 `job` 与 `GET /api/core/jobs/{id}` 的返回一致，语言与本次调用相同。10 秒内返回 2xx 视为成功；其他情况（包括重定向）会在约一小时内最多重试 12 次。同一事件可能重复送达，但 `id` 相同。仅调用公网地址或 root 信任的来源。',
        '返回值包含密钥，仅此一次。每次调用都带有 `Lectern-Signature: t=<秒>,v1=<十六进制>`，即用密钥对 `<t>.<请求体>` 计算的 HMAC-SHA256。请在解析请求体之前比对签名，并拒绝 `t` 与本地时钟相差超过五分钟的请求：',
        verification,
      ].join('\n\n'),
    },
    body: z.object({
      url: text(2000, 1).meta(
        about({ en: 'Without user name, password and query', zh: '不含用户名、密码和查询参数' }),
      ),
      datasetId: opt(id()).meta(
        about({
          en: 'Only the jobs of this dataset; absent = all of the team',
          zh: '仅此知识库的任务；省略则为全团队',
        }),
      ),
      states: opt(z.array(states).min(1).max(3)).meta(
        about({
          en: 'Which ends are told; `done` and `failed` when absent',
          zh: '通知哪些结果；省略时为 `done` 和 `failed`',
        }),
      ),
    }),
    response: { kind: 'envelope', schema: z.object({ id: z.string(), secret: z.string() }) },
    errors: [
      'teamForbidden',
      'datasetNotFound',
      'modelAddressForbidden',
      'tooManyWebhooks',
      'secretsUnreadable',
    ],
    example: {
      request: { url: 'https://program.example/lectern', states: ['done', 'failed'] },
      response: { id: exampleId, secret: 'whsec_… (shown once)' },
    },
  }),

  testWebhook: endpoint({
    method: 'POST',
    path: '/api/core/webhooks/{id}/test',
    callers: ['global', 'session'],
    tag: 'webhook',
    summary: { en: 'Test a webhook', zh: '测试 Webhook' },
    description: {
      en: 'Sends a signed event `ping` now, once, and says whether it was taken.',
      zh: '立即发送一次带签名的 `ping` 事件，并返回是否成功。',
    },
    params,
    response: { kind: 'envelope', schema: z.object({ ok: z.boolean(), message: z.string() }) },
    errors: ['teamForbidden', 'webhookNotFound'],
    example: { request: { id: exampleId }, response: { ok: true, message: '' } },
  }),

  deleteWebhook: endpoint({
    method: 'DELETE',
    path: '/api/core/webhooks/{id}',
    callers: ['global', 'session'],
    tag: 'webhook',
    summary: { en: 'Delete a webhook', zh: '删除 Webhook' },
    description: {
      en: 'Nothing is sent any more, what waits included.',
      zh: '不再发送任何通知，包括等待中的投递。',
    },
    params,
    response: { kind: 'envelope', schema: z.null() },
    errors: ['teamForbidden', 'webhookNotFound'],
    example: { request: { id: exampleId }, response: null },
  }),
} as const;
