import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, bool, id, int, name, opt, text } from './fields.ts';
import { channelProviders, modelName, modelTypes } from './model-fields.ts';

const managers = {
  en: "Only owners and admins of root's team may call this.",
  zh: '仅 root 所在团队的所有者和管理员可以调用。',
};
const described = (en: string, zh: string) => ({ en: `${en} ${managers.en}`, zh: `${zh}${managers.zh}` });

const servedModel = z.union([
  modelName(),
  z.object({
    model: modelName(),
    wireName: opt(text(200)).meta(
      about({ en: "The provider's own name, where it differs", zh: '模型服务使用的名称，不同时填写' }),
    ),
  }),
]);

/** What a trusted origin is trusted for. */
const originReach = () =>
  z.enum(['models', 'all']).meta(
    about({
      en: '`models`: model calls only (as when absent); `all`: links, websites, files and webhooks as well',
      zh: '`models`：仅用于模型调用（默认）；`all`：还用于链接、网站、文件与 Webhook',
    }),
  );

const settings = {
  credential: opt(text(10_000)).meta(
    about({
      en: 'API key of the provider; kept encrypted and never answered. Absent or masked = the one there is stays; empty takes it away',
      zh: '模型服务的 API 密钥，加密保存，不会返回；缺省或打码值表示保留，留空表示删除',
    }),
  ),
  priority: opt(int(0, 1000)).meta(
    about({
      en: 'Higher ones are asked first; others only when those fail (0 when absent)',
      zh: '数值高的优先，其余仅在其失败时使用（默认 0）',
    }),
  ),
  weight: opt(int(0, 1000)).meta(
    about({
      en: 'Share of the calls within one priority (1 when absent); 0 = only when the others fail',
      zh: '同一优先级内的调用比例（默认 1）；0 表示仅在其他渠道失败时使用',
    }),
  ),
  enabled: opt(bool()),
  models: z
    .array(servedModel)
    .max(1000)
    .nullish()
    .meta(about({ en: 'Names of the models it serves', zh: '提供的模型名称' })),
};
const baseUrl = () =>
  text(2000, 1).meta(
    about({
      en: 'Where the provider is, with the version in its path (`/v1`). Private addresses only when root trusts their origin',
      zh: '模型服务的基础地址，含版本路径（`/v1`）。内网地址须由 root 设为可信来源',
    }),
  );
const provider = () =>
  z.enum(channelProviders).meta(about({ en: 'The interface that is spoken there', zh: '所用的接口协议' }));

const channel = z.object({
  id: z.string(),
  name: z.string(),
  provider: z.string(),
  baseUrl: z.string(),
  credential: z
    .string()
    .meta(about({ en: 'Masked: six stars and the last four characters', zh: '已打码：六个星号加末四位' })),
  priority: z.number(),
  weight: z.number(),
  enabled: z.boolean(),
  models: z.array(z.object({ model: z.string(), wireName: z.string().optional() })),
  status: z.enum(['ok', 'failing', 'resting', 'unreadable']).meta(
    about({
      en: 'In this process: `resting` channels are asked last; the credential of an `unreadable` one cannot be decrypted',
      zh: '在当前进程中的状态：`resting` 表示暂停，最后才会使用；`unreadable` 表示凭证无法解密',
    }),
  ),
  restsUntil: z.string().optional(),
  createTime: z.string(),
  updateTime: z.string(),
});

const exampleId = '68ad85a7463006c963799c01';
const exampleChannel = {
  id: exampleId,
  name: 'openai-main',
  provider: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  credential: '******k9Qz',
  priority: 10,
  weight: 1,
  enabled: true,
  models: [{ model: 'gpt-4o-mini' }],
  status: 'ok',
  createTime: '2026-11-23T12:40:00.000Z',
  updateTime: '2026-11-23T12:40:00.000Z',
} as const;

const origin = () =>
  text(300, 1).meta(
    about({
      en: 'Scheme, host and port, such as `http://10.0.0.5:11434`',
      zh: '协议、主机和端口，例如 `http://10.0.0.5:11434`',
    }),
  );

export const channelEndpoints = {
  listChannels: endpoint({
    method: 'GET',
    path: '/api/core/ai/channel',
    callers: ['session'],
    tag: 'model',
    summary: { en: 'List channels', zh: '渠道列表' },
    description: described(
      'The ways in which models are reached, in the order in which they are asked.',
      '模型的访问渠道，按使用顺序排列。',
    ),
    query: z.object({
      model: opt(modelName()).meta(
        about({ en: 'Only those that serve this model', zh: '仅列出提供此模型的渠道' }),
      ),
    }),
    response: { kind: 'envelope', schema: z.array(channel) },
    errors: ['teamForbidden', 'installationForbidden'],
    example: { request: {}, response: [exampleChannel] },
  }),

  createChannel: endpoint({
    method: 'POST',
    path: '/api/core/ai/channel',
    callers: ['session'],
    tag: 'model',
    summary: { en: 'Add a channel', zh: '添加渠道' },
    description: described(
      'A provider that can be called: several channels may serve one model, and one channel several models. The first that answers counts: another one is asked at 429, 5xx, time-outs and faults of the network or the credential, never after text was sent.',
      '可调用的模型服务：多个渠道可提供同一模型，一个渠道也可提供多个模型。以最先应答的为准：遇到 429、5xx、超时、网络或凭证故障时改用下一渠道，已输出文本后不再切换。',
    ),
    body: z.object({
      name: name(100),
      provider: opt(provider()).meta(about({ en: '`openai` when absent', zh: '默认 `openai`' })),
      baseUrl: baseUrl(),
      ...settings,
    }),
    response: { kind: 'envelope', schema: z.string().meta(about({ en: 'Its id', zh: '渠道 id' })) },
    errors: [
      'teamForbidden',
      'installationForbidden',
      'channelExists',
      'modelAddressForbidden',
      'secretsUnreadable',
    ],
    example: {
      request: {
        name: 'openai-second',
        provider: 'openai',
        baseUrl: 'https://api.openai.com/v1',
        credential: 'sk-...',
        priority: 10,
        weight: 1,
        models: ['gpt-4o-mini'],
      },
      response: exampleId,
    },
  }),

  findProviderModels: endpoint({
    method: 'POST',
    path: '/api/core/ai/channel/models',
    callers: ['session'],
    tag: 'model',
    summary: { en: 'Ask a provider for its models', zh: '查询模型服务提供的模型' },
    description: described(
      'Before or after it is a channel: what its list of models says, and what is known of each. A provider that does not answer is explained, and the answer is 200 all the same. With `id` the stored credential of that channel is used, at its stored address only.',
      '在添加渠道之前或之后均可：返回其模型列表及已知信息。无应答时给出原因，响应状态仍为 200。提供 `id` 时使用该渠道保存的凭证，且仅用于其保存的地址。',
    ),
    body: z.object({
      id: opt(id()),
      provider: opt(provider()),
      baseUrl: opt(baseUrl()),
      credential: opt(text(10_000)),
    }),
    response: {
      kind: 'envelope',
      schema: z.object({
        ok: z.boolean(),
        message: z.string(),
        asked: z.string().meta(about({ en: 'What was asked', zh: '请求内容' })),
        failure: z.string().optional(),
        models: z.array(
          z.object({
            model: z.string(),
            type: z.enum(modelTypes),
            known: z.boolean().meta(about({ en: 'There is a preset of it', zh: '有预设' })),
          }),
        ),
      }),
    },
    errors: ['teamForbidden', 'installationForbidden', 'modelAddressForbidden', 'channelNotFound'],
    example: {
      request: { id: exampleId },
      response: {
        ok: true,
        message: 'The provider named 2 models.',
        asked: 'GET https://api.openai.com/v1/models',
        models: [
          { model: 'gpt-4o-mini', type: 'llm', known: true },
          { model: 'text-embedding-3-small', type: 'embedding', known: true },
        ],
      },
    },
  }),

  updateChannel: endpoint({
    method: 'PUT',
    path: '/api/core/ai/channel',
    callers: ['session'],
    tag: 'model',
    summary: { en: 'Change a channel', zh: '修改渠道' },
    description: described(
      'Absent fields stay as they are, the credential too. When the channel moves to another origin the credential has to be sent again: nobody can have it delivered elsewhere.',
      '缺省字段（包括凭证）保持不变。地址的来源改变时必须重新提供凭证，以免凭证被发往他处。',
    ),
    body: z.object({
      id: id(),
      name: opt(name(100)),
      provider: opt(provider()),
      baseUrl: opt(baseUrl()),
      ...settings,
    }),
    response: { kind: 'envelope', schema: z.object({}) },
    errors: [
      'teamForbidden',
      'installationForbidden',
      'channelNotFound',
      'channelExists',
      'modelAddressForbidden',
      'secretsUnreadable',
    ],
    example: { request: { id: exampleId, priority: 5 }, response: {} },
  }),

  deleteChannel: endpoint({
    method: 'DELETE',
    path: '/api/core/ai/channel',
    callers: ['session'],
    tag: 'model',
    summary: { en: 'Delete a channel', zh: '删除渠道' },
    description: described(
      'Answers that are running on it come to their end.',
      '正在该渠道上进行的回答会继续完成。',
    ),
    query: z.object({ id: id() }),
    response: { kind: 'envelope', schema: z.object({}) },
    errors: ['teamForbidden', 'installationForbidden', 'channelNotFound'],
    example: { request: { id: exampleId }, response: {} },
  }),

  listTrustedOrigins: endpoint({
    method: 'GET',
    path: '/api/core/ai/trustedOrigin',
    callers: ['session'],
    tag: 'model',
    summary: { en: 'List trusted origins', zh: '可信来源列表' },
    description: described(
      'Private addresses that may be reached, and what for (`reach`).',
      '允许访问的内网地址及其用途（`reach`）。',
    ),
    query: z.object({}),
    response: {
      kind: 'envelope',
      schema: z.array(
        z.object({ origin: z.string(), note: z.string(), reach: originReach(), createTime: z.string() }),
      ),
    },
    errors: ['teamForbidden', 'installationForbidden'],
    example: {
      response: [
        {
          origin: 'http://10.0.0.5:11434',
          note: 'GPU server',
          reach: 'models',
          createTime: '2026-11-23T12:40:00.000Z',
        },
      ],
    },
  }),

  addTrustedOrigin: endpoint({
    method: 'POST',
    path: '/api/core/ai/trustedOrigin',
    callers: ['session'],
    tag: 'model',
    summary: { en: 'Trust an origin', zh: '添加可信来源' },
    description: {
      en: 'Lets models be called at this scheme, host and port although the address is private, local, or has another port than 80 and 443. With `reach` "all", also whatever else an editor names an address for: links, websites, files, interfaces of documents, webhooks; then every editor can read what answers there. Only the user root may; it is written into the audit log.',
      zh: '允许在此协议、主机和端口调用模型，即使是内网、本机地址或非 80、443 端口。`reach` 为 "all" 时还包括编辑者可填写的其他地址：链接、网站、文件、文档接口与 Webhook，届时每位编辑者都能读取该处的内容。仅 root 用户可以操作，并记入审计日志。',
    },
    body: z.object({ origin: origin(), note: opt(text(500)), reach: opt(originReach()) }),
    response: { kind: 'envelope', schema: z.object({ origin: z.string() }) },
    errors: ['rootOnly'],
    example: {
      request: { origin: 'http://10.0.0.5:11434', note: 'GPU server' },
      response: { origin: 'http://10.0.0.5:11434' },
    },
  }),

  deleteTrustedOrigin: endpoint({
    method: 'DELETE',
    path: '/api/core/ai/trustedOrigin',
    callers: ['session'],
    tag: 'model',
    summary: { en: 'Trust an origin no longer', zh: '删除可信来源' },
    description: {
      en: 'Counts from the next call on. Only the user root may; it is written into the audit log.',
      zh: '自下一次调用起生效。仅 root 用户可以操作，并记入审计日志。',
    },
    query: z.object({ origin: origin() }),
    response: { kind: 'envelope', schema: z.object({}) },
    errors: ['rootOnly', 'originNotFound'],
    example: { request: { origin: 'http://10.0.0.5:11434' }, response: {} },
  }),
};
