import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, bool, id, int, name, num, opt, text, timeText, withDefault } from './fields.ts';

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

const labelIds = opt(z.array(id()).max(50)).meta(
  about({
    en: 'Ids of labels of keys (see tag); all that the key is to have',
    zh: '密钥标签的 id（见 tag 接口），即密钥应有的全部标签',
  }),
);

const member = z.object({ name: z.string(), avatar: z.string(), status: z.string() });

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
  appName: z.string().optional(),
  sourceMember: member.meta(about({ en: 'The member who made it', zh: '创建它的成员' })),
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
  tags: z
    .array(z.object({ _id: z.string(), name: z.string() }))
    .meta(about({ en: 'Labels of the key', zh: '密钥的标签' })),
  rotatedTime: z
    .string()
    .optional()
    .meta(about({ en: 'When it was last replaced by rotation', zh: '最近一次轮换的时间' })),
  previous: z
    .object({
      apiKey: z.string().meta(about({ en: 'Masked', zh: '已打码' })),
      expiredTime: z.string().meta(about({ en: 'Until then it works', zh: '有效期至' })),
      lastUsedTime: z
        .string()
        .optional()
        .meta(about({ en: 'Last use since the rotation', zh: '轮换之后的最近使用时间' })),
    })
    .optional()
    .meta(
      about({
        en: 'The key string before the last rotation, as long as it works',
        zh: '轮换前的密钥，仅在其仍有效时返回',
      }),
    ),
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
      tags: labelIds,
    }),
    response: { kind: 'envelope', schema: z.string() },
    errors: ['teamForbidden', 'appNotFound', 'keyLimitReached', 'keyLabelNotFound'],
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
      en: 'The keys of an app, or the global keys when no app is named, or with `all` both kinds; masked, newest first unless `sortBy` says otherwise. Owners and admins see those of the whole team, others their own.',
      zh: '返回指定应用的密钥；未指定应用时返回全局密钥，`all` 返回两类。密钥已打码，默认按创建时间倒序，可用 `sortBy` 更改。所有者和管理员可见全团队的密钥，其他成员只能看到自己的。',
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
      all: opt(bool()).meta(about({ en: 'Keys of both kinds, of all apps', zh: '返回两类密钥，含所有应用' })),
      keyword: opt(text(100)).meta(
        about({ en: 'Only keys with this in their name', zh: '仅名称包含此文本的密钥' }),
      ),
      tags: z
        .preprocess((v) => (v === null || v === '' ? undefined : v), text(2000).optional())
        .meta(
          about({
            en: 'Ids of labels, separated by commas: only keys that have one of them',
            zh: '标签 id，以逗号分隔：仅返回带有其中任一标签的密钥',
          }),
        ),
      sortBy: opt(z.enum(['createTime', 'lastUsedTime', 'remainingPoints'])).meta(
        about({
          en: 'Newest first, used last first, or least points left first',
          zh: '按创建时间倒序、按最近使用倒序，或按剩余积分升序',
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
          appName: 'Handbook helper',
          sourceMember: { name: 'root', avatar: '', status: 'active' },
          tags: [],
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
      en: "Changes the name, limits and scopes of a key from its next request on. What is absent stays as it is; inside `limit`, `null` (or an empty value) takes a limit away. Of another member's key, managers may narrow limits and scopes, not widen them: it acts as that member.",
      zh: '修改密钥的名称、限制和权限范围，自下一次请求起生效。未提供的字段保持不变；在 `limit` 中，`null`（或空值）表示取消该限制。对于其他成员的密钥，管理员只能收紧限制与权限范围，不能放宽，因为密钥以该成员的身份操作。',
    },
    body: z.object({
      _id: opt(id()).meta(about({ en: 'The key', zh: '密钥' })),
      id: opt(id()).meta(about({ en: 'The same as `_id`', zh: '与 `_id` 相同' })),
      name: opt(name(100)),
      limit: opt(limit),
      scopes,
      tags: labelIds,
    }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['keyNotFound', 'keyForbidden', 'keyWideningForbidden', 'keyLabelNotFound'],
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

  rotateKey: endpoint({
    method: 'POST',
    path: '/api/support/openapi/rotate',
    callers: ['session'],
    tag: 'key',
    summary: { en: 'Rotate an API key', zh: '轮换 API 密钥' },
    description: {
      en: 'Gives a key a new key string and answers it, this one time. The old one goes on working for `overlapHours`, so that programs can be changed one after the other; the list says whether it is still used. Limits, use and labels stay and count for both. Rotating again within that time ends the older of the two at once. Only for the member who made the key, as whom it acts.',
      zh: '为密钥生成新的密钥文本并返回，仅此一次。旧密钥在 `overlapHours` 小时内继续有效，便于逐个更换程序；列表会显示它是否仍在使用。限制、用量与标签保持不变，由两者共用。在此期间再次轮换会立即停用更旧的密钥。密钥以创建者的身份操作，因此只有创建者可以轮换。',
    },
    body: z.object({
      id: id().meta(about({ en: 'The key', zh: '密钥' })),
      overlapHours: withDefault(num(z.number().min(0).max(8760)), 24).meta(
        about({
          en: 'Hours for which the old key string still works; 0 = it ends now',
          zh: '旧密钥继续有效的小时数；0 表示立即停用',
        }),
      ),
    }),
    response: {
      kind: 'envelope',
      schema: z.object({
        apiKey: z.string().meta(about({ en: 'The new key, shown once', zh: '新密钥，仅显示一次' })),
        previousExpiredTime: z
          .string()
          .meta(about({ en: 'Until then the old one works', zh: '旧密钥有效期至' })),
      }),
    },
    errors: ['keyNotFound', 'keyForbidden', 'keyRotationForbidden'],
    example: {
      request: { id: exampleId, overlapHours: 48 },
      response: {
        apiKey: 'fastgpt-aB3…(56 letters and digits, shown once)',
        previousExpiredTime: '2026-11-25T12:40:00.000Z',
      },
    },
  }),

  copyKey: endpoint({
    method: 'POST',
    path: '/api/support/openapi/copy',
    callers: ['session'],
    tag: 'key',
    summary: { en: 'Show an API key again (refused)', zh: '再次显示 API 密钥（拒绝）' },
    description: {
      en: 'Answers 409 for every key: a key is shown once, when it is made, and the server keeps only its hash. Rotate it instead.',
      zh: '对任何密钥均返回 409：密钥只在创建时显示一次，服务器仅保存其哈希值。请改用轮换。',
    },
    body: z.object({ id: id().meta(about({ en: 'The key', zh: '密钥' })) }),
    response: { kind: 'envelope', schema: z.never() },
    errors: ['keyShownOnce', 'keyNotFound', 'keyForbidden'],
    example: { request: { id: exampleId } },
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
