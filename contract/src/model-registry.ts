import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, bool, id, int, opt, text } from './fields.ts';
import { modelChanges, modelDetail, modelItem, modelName, modelPreset, modelTypes } from './model-fields.ts';

const managers = {
  en: "Only owners and admins of root's team may call this.",
  zh: '仅 root 所在团队的所有者和管理员可以调用。',
};
const described = (en: string, zh: string) => ({ en: `${en} ${managers.en}`, zh: `${zh}${managers.zh}` });

const which = { model: modelName().meta(about({ en: 'Name of the model', zh: '模型名称' })) };

const exampleItem = {
  model: 'gpt-4o-mini',
  name: 'GPT-4o mini',
  type: 'llm',
  provider: 'OpenAI',
  isActive: true,
  isCustom: false,
  isDefault: true,
  source: 'store',
  channels: ['openai-main'],
  contextToken: 128_000,
  vision: true,
  toolChoice: true,
  reasoning: false,
  charsPointsPrice: 0,
  inputPrice: 0.15,
  outputPrice: 0.6,
} as const;

const examplePreset = {
  model: 'gpt-4o-mini',
  name: 'GPT-4o mini',
  type: 'llm',
  provider: 'OpenAI',
  maxContext: 128_000,
  maxResponse: 16_384,
  vision: true,
  toolChoice: true,
  charsPointsPrice: 0,
  inputPrice: 0,
  outputPrice: 0,
};

const check = z.object({
  capability: z.enum(['chat', 'toolCall', 'vision', 'embedding', 'rerank', 'speech', 'transcription']),
  ok: z.boolean(),
  failure: z
    .string()
    .optional()
    .meta(about({ en: 'Kind of the fault', zh: '故障类型' })),
  message: z.string().meta(about({ en: 'What was found, for people', zh: '结果说明' })),
  durationMs: z.number(),
});

const defaultName = () => opt(text(200));

const hour = z.object({
  time: z.string().meta(about({ en: 'Beginning of the hour', zh: '小时的开始时间' })),
  calls: z.number().int(),
  failures: z.record(z.string(), z.number().int()).meta(about({ en: 'By kind', zh: '按类型' })),
  inputTokens: z.number(),
  outputTokens: z.number(),
  latencyMs: z
    .object({ mean: z.number(), p50: z.number(), p95: z.number() })
    .nullable()
    .meta(
      about({
        en: 'To the first part of an answer; of calls that succeeded. Percentiles are upper bounds of their class',
        zh: '到回答首段的耗时，仅统计成功的调用；分位数为所在区间的上限',
      }),
    ),
});

export const modelRegistryEndpoints = {
  listAllModels: endpoint({
    method: 'GET',
    path: '/api/core/ai/model/list',
    callers: ['session'],
    tag: 'model',
    summary: { en: 'List models', zh: '模型列表' },
    description: described(
      'Every model of this installation: those added here, those that the environment names, those found, and the built-in one.',
      '本系统的全部模型：在此添加的、环境变量指定的、自动发现的以及内置的。',
    ),
    query: z.object({ type: opt(z.enum(modelTypes)) }),
    response: { kind: 'envelope', schema: z.array(modelItem) },
    errors: ['teamForbidden', 'installationForbidden'],
    example: { request: { type: 'llm' }, response: [exampleItem] },
  }),

  getModelDetail: endpoint({
    method: 'GET',
    path: '/api/core/ai/model/detail',
    callers: ['session'],
    tag: 'model',
    summary: { en: 'One model in full', zh: '模型详情' },
    description: described('Credentials are masked.', '凭证已打码。'),
    query: z.object(which),
    response: { kind: 'envelope', schema: modelDetail },
    errors: ['teamForbidden', 'installationForbidden', 'modelUnknown'],
    example: {
      request: { model: 'gpt-4o-mini' },
      response: {
        ...exampleItem,
        defaultFor: ['chat'],
        access: null,
        requestUrl: '',
        requestAuth: '',
        maxContext: 128_000,
        maxResponse: 16_384,
      },
    },
  }),

  saveModel: endpoint({
    method: 'PUT',
    path: '/api/core/ai/model/update',
    aliases: [{ method: 'POST', path: '/api/core/ai/model/create' }],
    callers: ['session'],
    tag: 'model',
    summary: { en: 'Add or change a model', zh: '添加或修改模型' },
    description: described(
      'A name that is not known yet adds a model, beginning with its preset where there is one. Absent fields stay as they are; `clear` makes numbers unknown again. Settings may stand in `metadata`, as FastGPT sends them, or beside `model`. Counts from the next call on, without a restart.',
      '名称未知时添加模型，有预设则以预设为基础。缺省字段保持不变，`clear` 用于清除数值字段。设置可放在 `metadata` 中（FastGPT 的形式），也可与 `model` 并列。自下一次调用起生效，无需重启。',
    ),
    body: z.object({ ...which, ...modelChanges, metadata: opt(z.object(modelChanges)) }),
    response: { kind: 'envelope', schema: z.object({}) },
    errors: [
      'teamForbidden',
      'installationForbidden',
      'modelAddressForbidden',
      'modelReserved',
      'secretsUnreadable',
    ],
    example: {
      request: {
        model: 'gpt-4o-mini',
        metadata: {
          type: 'llm',
          name: 'GPT-4o mini',
          provider: 'OpenAI',
          inputPrice: 0.15,
          outputPrice: 0.6,
        },
      },
      response: {},
    },
  }),

  deleteModel: endpoint({
    method: 'DELETE',
    path: '/api/core/ai/model/delete',
    callers: ['session'],
    tag: 'model',
    summary: { en: 'Delete a model', zh: '删除模型' },
    description: described(
      'Apps that name it answer with the default model from then on and say so. A model that the environment names comes back as it is there.',
      '使用该模型的应用此后改用默认模型回答并给出提示。环境变量指定的同名模型恢复其原有设置。',
    ),
    query: z.object(which),
    response: { kind: 'envelope', schema: z.object({}) },
    errors: ['teamForbidden', 'installationForbidden', 'modelUnknown', 'modelOfEnvironment'],
    example: { request: { model: 'gpt-4o-mini' }, response: {} },
  }),

  testModel: endpoint({
    method: 'GET',
    path: '/api/core/ai/model/test',
    changes: true,
    callers: ['session'],
    tag: 'model',
    summary: { en: 'Test the connection of a model', zh: '测试模型连接' },
    description: described(
      'Calls the model for real on each of its channels, or on one, with everything it is said to be able to: a short answer, a tool call, a picture, a vector, the order of two texts. What failed is explained; the answer is 200 all the same.',
      '在每个渠道（或指定渠道）上真实调用模型声明的各项能力：简短回答、工具调用、图片、向量、两段文本的排序。失败原因会得到说明，响应状态仍为 200。',
    ),
    query: z.object({
      ...which,
      channelId: opt(id()).meta(about({ en: 'Only this channel', zh: '仅测试此渠道' })),
    }),
    response: {
      kind: 'envelope',
      schema: z.object({
        ok: z.boolean().meta(about({ en: 'Every channel does everything', zh: '所有渠道的所有能力均正常' })),
        model: z.string(),
        type: z.enum(modelTypes),
        message: z.string(),
        channels: z.array(
          z.object({
            channelId: z.string(),
            channelName: z.string(),
            ok: z.boolean(),
            checks: z.array(check),
          }),
        ),
      }),
    },
    errors: ['teamForbidden', 'installationForbidden', 'modelUnknown', 'channelNotFound'],
    example: {
      request: { model: 'gpt-4o-mini' },
      response: {
        ok: true,
        model: 'gpt-4o-mini',
        type: 'llm',
        message: 'The model works on 1 of 1 channels.',
        channels: [
          {
            channelId: '68ad85a7463006c963799c01',
            channelName: 'openai-main',
            ok: true,
            checks: [{ capability: 'chat', ok: true, message: 'It answered: "OK"', durationMs: 412 }],
          },
        ],
      },
    },
  }),

  updateDefaultModels: endpoint({
    method: 'PUT',
    path: '/api/core/ai/model/updateDefault',
    callers: ['session'],
    tag: 'model',
    summary: { en: 'Choose the default models', zh: '设置默认模型' },
    description: described(
      'One per purpose; an empty text takes the choice back, absent stays. A new default embedding model is used by new datasets.',
      '每个用途一个；空文本取消选择，缺省保持不变。新的默认向量模型用于之后创建的知识库。',
    ),
    body: z.object({
      llm: defaultName().meta(about({ en: 'Chat', zh: '对话' })),
      embedding: defaultName().meta(about({ en: 'Embedding', zh: '向量' })),
      rerank: defaultName().meta(about({ en: 'Rerank', zh: '重排' })),
      datasetImageLLM: defaultName().meta(
        about({
          en: 'Vision: a chat model that looks at pictures; describes those of datasets that name none',
          zh: '图片理解：支持图片的对话模型，用于描述未指定模型的知识库中的图片',
        }),
      ),
      tts: defaultName().meta(
        about({ en: 'Speech. Kept; nothing calls it yet', zh: '语音合成。仅保存，尚无功能调用' }),
      ),
      stt: defaultName().meta(
        about({ en: 'Transcription. Kept; nothing calls it yet', zh: '语音识别。仅保存，尚无功能调用' }),
      ),
    }),
    response: { kind: 'envelope', schema: z.object({}) },
    errors: ['teamForbidden', 'installationForbidden', 'modelUnknown', 'modelWrongType'],
    example: { request: { tts: '' }, response: {} },
  }),

  getModelConfig: endpoint({
    method: 'GET',
    path: '/api/core/ai/model/getConfigJson',
    callers: ['session'],
    tag: 'model',
    summary: { en: 'The configuration as JSON', zh: '以 JSON 导出配置' },
    description: described(
      'Models, channels and defaults as one JSON text, without any credential. `updateWithJson` takes it back.',
      '以一段 JSON 文本返回模型、渠道和默认值，不含任何凭证。可由 `updateWithJson` 导入。',
    ),
    query: z.object({}),
    response: { kind: 'envelope', schema: z.string() },
    errors: ['teamForbidden', 'installationForbidden'],
    example: { response: '{"models":[…],"channels":[…],"defaults":{"chat":"gpt-4o-mini"}}' },
  }),

  setModelConfig: endpoint({
    method: 'PUT',
    path: '/api/core/ai/model/updateWithJson',
    callers: ['session'],
    tag: 'model',
    bodyLimit: 'text',
    summary: { en: 'Set the configuration from JSON', zh: '以 JSON 导入配置' },
    description: described(
      "Makes the installation's models what the JSON says: models, channels and defaults that it leaves out are removed, a part that is absent as a whole stays. A channel without `credential` keeps the one it has when its name and address are the same. FastGPT's own list of models is taken as well. With `dryRun` nothing is changed and the answer says what would be.",
      '使系统的模型与 JSON 一致：其中没有的模型、渠道和默认值会被删除，整个缺省的部分保持不变。渠道未提供 `credential` 且名称和地址不变时保留原凭证。也接受 FastGPT 导出的模型列表。设置 `dryRun` 时不做更改，仅返回将发生的变化。',
    ),
    body: z.object({
      config: z
        .union([z.string().max(10_000_000), z.record(z.string(), z.unknown()), z.array(z.unknown())])
        .meta(about({ en: 'JSON text, or the JSON itself', zh: 'JSON 文本或 JSON 本身' })),
      dryRun: opt(bool()),
    }),
    response: {
      kind: 'envelope',
      schema: z.object({
        models: z.object({
          added: z.array(z.string()),
          changed: z.array(z.string()),
          removed: z.array(z.string()),
        }),
        channels: z.object({
          added: z.array(z.string()),
          changed: z.array(z.string()),
          removed: z.array(z.string()),
        }),
        defaults: z.record(z.string(), z.string()),
        withoutCredential: z
          .array(z.string())
          .meta(about({ en: 'Channels that have no credential afterwards', zh: '导入后没有凭证的渠道' })),
      }),
    },
    errors: [
      'teamForbidden',
      'installationForbidden',
      'modelAddressForbidden',
      'modelReserved',
      'secretsUnreadable',
    ],
    example: {
      request: {
        config: {
          channels: [
            {
              name: 'openai-spare',
              provider: 'openai',
              baseUrl: 'https://api.openai.com/v1',
              models: ['gpt-4o-mini'],
            },
          ],
        },
        dryRun: true,
      },
      response: {
        models: { added: [], changed: [], removed: [] },
        channels: { added: ['openai-spare'], changed: [], removed: [] },
        defaults: {},
        withoutCredential: ['openai-spare'],
      },
    },
  }),

  getModelPresets: endpoint({
    method: 'GET',
    path: '/api/core/ai/model/getDefaultConfig',
    callers: ['session'],
    tag: 'model',
    summary: { en: 'Presets of well-known models', zh: '常见模型的预设' },
    description: described(
      'With `model` that preset, without it all. Prices are left 0: they change, and differ by contract.',
      '提供 `model` 时返回该模型的预设，否则返回全部。价格均为 0：价格常有变动，且因合同而异。',
    ),
    query: z.object({ model: opt(modelName()) }),
    response: { kind: 'envelope', schema: z.union([modelPreset, z.array(modelPreset)]) },
    errors: ['teamForbidden', 'installationForbidden', 'modelUnknown'],
    example: { request: {}, response: [examplePreset] },
  }),

  getMyModels: endpoint({
    method: 'GET',
    path: '/api/core/ai/model/getMyModels',
    callers: ['session'],
    tag: 'model',
    summary: { en: 'Models I may use', zh: '我可用的模型' },
    description: {
      en: 'What the member of this session may name in apps, datasets and searches; the default of each type first.',
      zh: '当前成员可在应用、知识库和检索中使用的模型；每种类型的默认模型在前。',
    },
    query: z.object({ type: opt(z.enum(modelTypes)) }),
    response: {
      kind: 'envelope',
      schema: z.array(
        z.object({
          model: z.string(),
          name: z.string(),
          type: z.enum(modelTypes),
          provider: z.string(),
          isDefault: z.boolean(),
          maxContext: z.number().optional(),
          maxResponse: z.number().optional(),
          maxToken: z.number().optional(),
          vision: z.boolean().optional(),
          toolChoice: z.boolean().optional(),
          reasoning: z.boolean().optional(),
          inputPrice: z.number(),
          outputPrice: z.number(),
        }),
      ),
    },
    example: {
      request: { type: 'llm' },
      response: [
        {
          model: 'gpt-4o-mini',
          name: 'GPT-4o mini',
          type: 'llm',
          provider: 'OpenAI',
          isDefault: true,
          maxContext: 128_000,
          maxResponse: 16_384,
          vision: true,
          toolChoice: true,
          inputPrice: 0.15,
          outputPrice: 0.6,
        },
      ],
    },
  }),

  getModelHealth: endpoint({
    method: 'GET',
    path: '/api/core/ai/model/health',
    callers: ['session'],
    tag: 'model',
    summary: { en: 'Health of models over time', zh: '模型健康状况' },
    description: described(
      'How the real calls of each model went on each channel, hour by hour, for up to 30 days. The last few seconds may be missing.',
      '每个模型在每个渠道上的真实调用情况，按小时统计，最多 30 天。最近几秒的数据可能尚未计入。',
    ),
    query: z.object({
      model: opt(modelName()),
      channelId: opt(id()),
      hours: opt(int(1, 720)).meta(about({ en: 'How far back; 24 by default', zh: '回溯的小时数，默认 24' })),
    }),
    response: {
      kind: 'envelope',
      schema: z.array(
        z.object({
          model: z.string(),
          channelId: z.string().meta(
            about({
              en: '`environment` or `direct` where no channel was used',
              zh: '未经渠道时为 `environment` 或 `direct`',
            }),
          ),
          channelName: z.string(),
          total: hour.omit({ time: true }),
          hours: z.array(hour),
        }),
      ),
    },
    errors: ['teamForbidden', 'installationForbidden'],
    example: {
      request: { model: 'gpt-4o-mini', hours: 24 },
      response: [
        {
          model: 'gpt-4o-mini',
          channelId: '68ad85a7463006c963799c01',
          channelName: 'openai-main',
          total: {
            calls: 12,
            failures: { limit: 1 },
            inputTokens: 5400,
            outputTokens: 1200,
            latencyMs: { mean: 640, p50: 800, p95: 1500 },
          },
          hours: [
            {
              time: '2026-11-23T12:00:00.000Z',
              calls: 12,
              failures: { limit: 1 },
              inputTokens: 5400,
              outputTokens: 1200,
              latencyMs: { mean: 640, p50: 800, p95: 1500 },
            },
          ],
        },
      ],
    },
  }),
};
