import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, id, int, name, num, opt, text, timeText } from './fields.ts';

/** A time as ISO 8601 text or milliseconds since 1970; `null` or an empty text takes it away. */
const expiry = () => z.preprocess(timeText, z.union([z.string().max(64), z.null()]).optional());

const limit = z.object({
  expiredTime: expiry().meta(
    about({
      en: 'When the key stops working, as ISO 8601 text or milliseconds; empty or null = never',
      zh: '密钥失效时间，ISO 8601 文本或毫秒数；留空或 null 表示永不失效',
    }),
  ),
  maxUsagePoints: opt(num(z.number().min(-1))).meta(
    about({ en: 'Points the key may use; -1 = unlimited', zh: '密钥可用积分；-1 表示不限' }),
  ),
  maxPerMinute: int(0, 1_000_000)
    .nullable()
    .optional()
    .meta(
      about({ en: 'Requests per minute; 0 or null = unlimited', zh: '每分钟请求数；0 或 null 表示不限' }),
    ),
  allowedAddresses: z
    .array(z.string().max(64))
    .max(100)
    .nullable()
    .optional()
    .meta(
      about({
        en: 'Addresses or CIDR ranges the key may be used from; empty or null = any',
        zh: '允许使用密钥的地址或 CIDR 网段；留空或 null 表示不限',
      }),
    ),
  allowedRoutes: z
    .array(z.string().min(1).max(200))
    .max(200)
    .nullable()
    .optional()
    .meta(
      about({
        en: 'Operation ids or path prefixes the key may be used on; empty or null = any',
        zh: '允许使用密钥的操作 id 或路径前缀；留空或 null 表示不限',
      }),
    ),
});

const scopes = opt(z.array(z.enum(['apps:write'])).max(20)).meta(
  about({
    en: 'Rights beyond the usual ones of a key, such as `apps:write`; none by default',
    zh: '密钥通常权限之外的权限，例如 `apps:write`；默认没有',
  }),
);

const keyRecord = z.object({
  _id: z.string(),
  teamId: z.string(),
  tmbId: z.string().meta(about({ en: 'The member the key acts as', zh: '密钥所代表的成员' })),
  appId: z
    .string()
    .optional()
    .meta(
      about({
        en: 'The app of an app key; absent = a global key',
        zh: '应用密钥所属的应用；没有则为全局密钥',
      }),
    ),
  apiKey: z
    .string()
    .meta(about({ en: 'Masked: six stars and the last four characters', zh: '已打码：六个星号加末四位' })),
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
  canCopy: z.boolean().meta(
    about({
      en: 'Always false: a key is shown once, when it is made',
      zh: '始终为 false：密钥只在创建时显示一次',
    }),
  ),
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
      name: opt(name(100)).meta(
        about({
          en: 'For people; "Api Key" when absent',
          zh: '供人识别的名称；省略则为 "Api Key"，即默认名称',
        }),
      ),
      appId: z
        .preprocess((v) => (v === null || v === '' ? undefined : v), id().optional())
        .meta(about({ en: 'Binds the key to this app', zh: '将密钥绑定到此应用' })),
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
        .meta(
          about({
            en: 'Keys of this app instead of the global ones',
            zh: '列出此应用的密钥，而不是全局密钥',
          }),
        ),
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
      _id: opt(id()).meta(about({ en: 'The key', zh: '密钥' })),
      id: opt(id()).meta(about({ en: 'The same as `_id`', zh: '与 `_id` 相同' })),
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
    query: z.object({ id: id().meta(about({ en: 'The key', zh: '密钥' })) }),
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
    query: z.object({ apiKey: text(600, 1).meta(about({ en: 'The key in plain text', zh: '密钥原文' })) }),
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
