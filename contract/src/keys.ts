import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { id, int, name, num, opt, text, timeText } from './fields.ts';

/** A time as ISO 8601 text or milliseconds since 1970; `null` or an empty text takes it away. */
const expiry = () => z.preprocess(timeText, z.union([z.string().max(64), z.null()]).optional());

const limit = z.object({
  expiredTime: expiry().describe(
    'When the key stops working, as ISO 8601 text or milliseconds; empty or null = never',
  ),
  maxUsagePoints: opt(num(z.number().min(-1))).describe('Points the key may use; -1 = unlimited'),
  maxPerMinute: int(0, 1_000_000)
    .nullable()
    .optional()
    .describe('Requests per minute; 0 or null = unlimited'),
  allowedAddresses: z
    .array(z.string().max(64))
    .max(100)
    .nullable()
    .optional()
    .describe('Addresses or CIDR ranges the key may be used from; empty or null = any'),
  allowedRoutes: z
    .array(z.string().min(1).max(200))
    .max(200)
    .nullable()
    .optional()
    .describe('Operation ids or path prefixes the key may be used on; empty or null = any'),
});

const scopes = opt(z.array(z.enum(['apps:write'])).max(20)).describe(
  'Rights beyond the usual ones of a key, such as `apps:write`; none by default',
);

const keyRecord = z.object({
  _id: z.string(),
  teamId: z.string(),
  tmbId: z.string().describe('The member the key acts as'),
  appId: z.string().optional().describe('The app of an app key; absent = a global key'),
  apiKey: z.string().describe('Masked: six stars and the last four characters'),
  name: z.string(),
  createTime: z.string(),
  lastUsedTime: z.string().optional(),
  usagePoints: z.number(),
  limit: z.object({
    expiredTime: z.string().optional(),
    maxUsagePoints: z.number(),
    maxPerMinute: z.number().optional(),
    allowedAddresses: z.array(z.string()).optional(),
    allowedRoutes: z.array(z.string()).optional(),
  }),
  scopes: z.array(z.string()),
  canCopy: z.boolean().describe('Always false: a key is shown once, when it is made'),
});

const exampleId = '68ad85a7463006c963799a05';
const exampleApp = '68ad85a7463006c96379a0b1';

export const keyEndpoints = {
  createKey: endpoint({
    method: 'POST',
    path: '/api/support/openapi/create',
    aliases: [{ method: 'POST', path: '/api/support/openapi/postKey' }],
    callers: ['session'],
    tag: 'key',
    summary: { en: 'Create an API key', zh: '创建 API 密钥' },
    description: {
      en: 'Answers the key in plain text. It is shown this one time only; the server keeps nothing but its hash. With `appId` it is an app key, bound to that app; without, a global key. It acts as the member who makes it.',
      zh: '返回密钥明文。密钥仅显示这一次，服务器只保存其哈希值。提供 `appId` 时为绑定该应用的应用密钥，否则为全局密钥。密钥以创建它的成员身份工作。',
    },
    body: z.object({
      name: opt(name(100)).describe('For people; "Api Key" when absent'),
      appId: z
        .preprocess((v) => (v === null || v === '' ? undefined : v), id().optional())
        .describe('Binds the key to this app'),
      limit: opt(limit),
      scopes,
    }),
    response: { kind: 'envelope', schema: z.string() },
    errors: ['teamForbidden', 'appNotFound', 'keyLimitReached'],
    example: {
      request: { name: 'Website', limit: { expiredTime: '2030-01-01T00:00:00.000Z', maxUsagePoints: -1 } },
      response: 'fastgpt-aB3…(56 letters and digits, shown once)',
    },
  }),

  listKeys: endpoint({
    method: 'GET',
    path: '/api/support/openapi/list',
    aliases: [{ method: 'GET', path: '/api/support/openapi/getKeys' }],
    callers: ['session'],
    tag: 'key',
    summary: { en: 'List API keys', zh: '列出 API 密钥' },
    description: {
      en: 'The keys of an app, or the global keys when no app is named; newest first, masked. Owners and admins see those of the whole team, others their own.',
      zh: '返回指定应用的密钥；未指定应用时返回全局密钥。按创建时间倒序，密钥已打码。所有者和管理员可见全团队的密钥，其他成员只能看到自己的。',
    },
    query: z.object({
      appId: z
        .preprocess((v) => (v === null || v === '' ? undefined : v), id().optional())
        .describe('Keys of this app instead of the global ones'),
    }),
    response: { kind: 'envelope', schema: z.array(keyRecord) },
    errors: ['appNotFound'],
    example: {
      request: { appId: exampleApp },
      response: [
        {
          _id: exampleId,
          teamId: '68ad85a7463006c963790001',
          tmbId: '68ad85a7463006c963790003',
          appId: exampleApp,
          apiKey: '******k9Qz',
          name: 'Website',
          createTime: '2026-11-23T12:40:00.000Z',
          usagePoints: 0,
          limit: { maxUsagePoints: -1 },
          scopes: [],
          canCopy: false,
        },
      ],
    },
  }),

  updateKey: endpoint({
    method: 'PUT',
    path: '/api/support/openapi/update',
    aliases: [{ method: 'PUT', path: '/api/support/openapi/putKey' }],
    callers: ['session'],
    tag: 'key',
    summary: { en: 'Change an API key', zh: '修改 API 密钥' },
    description: {
      en: 'Changes the name, limits and scopes of a key from its next request on. What is absent stays as it is; inside `limit`, `null` (or an empty value) takes a limit away.',
      zh: '修改密钥的名称、限制和权限范围，自下一次请求起生效。未提供的字段保持不变；在 `limit` 中，`null`（或空值）表示取消该限制。',
    },
    body: z.object({
      _id: opt(id()).describe('The key'),
      id: opt(id()).describe('The same as `_id`'),
      name: opt(name(100)),
      limit: opt(limit),
      scopes,
    }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['keyNotFound', 'keyForbidden'],
    example: { request: { _id: exampleId, name: 'Website', limit: { maxPerMinute: 60 } }, response: null },
  }),

  deleteKey: endpoint({
    method: 'DELETE',
    path: '/api/support/openapi/delete',
    aliases: [{ method: 'DELETE', path: '/api/support/openapi/delKey' }],
    callers: ['session'],
    tag: 'key',
    summary: { en: 'Delete an API key', zh: '删除 API 密钥' },
    description: {
      en: 'The next request with this key answers 401. Other keys are not touched.',
      zh: '之后使用该密钥的请求返回 401，其他密钥不受影响。',
    },
    query: z.object({ id: id().describe('The key') }),
    response: { kind: 'envelope', schema: z.object({}) },
    errors: ['keyNotFound', 'keyForbidden'],
    example: { request: { id: exampleId }, response: {} },
  }),

  keyHealth: endpoint({
    method: 'GET',
    path: '/api/support/openapi/health',
    callers: ['public'],
    tag: 'key',
    summary: { en: 'Check an API key', zh: '检查 API 密钥' },
    description: {
      en: 'Whether the key can be used now and what it has used. An unknown or expired key answers 401, a used-up one 403. Checking is not counted as use.',
      zh: '返回密钥当前是否可用及其用量。未知或已过期的密钥返回 401，积分用完的返回 403。检查不计入使用。',
    },
    query: z.object({ apiKey: text(600, 1).describe('The key in plain text') }),
    response: {
      kind: 'envelope',
      schema: z.object({
        valid: z.literal(true),
        usagePoints: z.number(),
        maxUsagePoints: z.number(),
        appId: z.string().optional(),
      }),
    },
    errors: ['keyUnknown', 'keyExpired', 'keyOverBudget'],
    example: {
      request: { apiKey: 'fastgpt-…' },
      response: { valid: true, usagePoints: 12.5, maxUsagePoints: -1, appId: exampleApp },
    },
  }),
};
