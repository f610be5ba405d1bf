import { z } from 'zod';
import { about, bool, int, name, num, opt, text } from './fields.ts';

/*
 * Pieces that the routes of the model registry share, in FastGPT's words where it has some.
 */

export const modelTypes = ['llm', 'embedding', 'rerank', 'tts', 'stt'] as const;

/** The interfaces that a channel can speak. */
export const channelProviders = ['openai', 'anthropic', 'gemini', 'ollama'] as const;

export const modelName = () => name(200);

const tokens = () => opt(int(1, 100_000_000));
const price = () => opt(num(z.number().min(0).max(1_000_000)));

/** Facts that a model may do without. */
const clearable = [
  'maxContext',
  'maxResponse',
  'quoteMaxToken',
  'maxTemperature',
  'defaultToken',
  'maxToken',
  'weight',
  'dimensions',
  'charsPointsPrice',
  'inputPrice',
  'outputPrice',
] as const;

/** What is known of a model. Nothing of it is asked from the provider: it is what was configured. */
export const modelFacts = {
  maxContext: tokens().meta(
    about({ en: 'Context of a chat model, in tokens', zh: '对话模型的上下文长度（token）' }),
  ),
  maxResponse: tokens().meta(about({ en: 'Longest answer, in tokens', zh: '最长回答（token）' })),
  quoteMaxToken: tokens().meta(
    about({
      en: 'Most tokens of passages; for programs that read it',
      zh: '引用内容的最大 token 数，供调用方读取',
    }),
  ),
  maxTemperature: opt(num(z.number().min(0).max(10))).meta(
    about({
      en: 'Highest temperature; the 0 to 10 of an app is scaled to it',
      zh: '最高温度；应用中的 0–10 按此换算',
    }),
  ),
  vision: opt(bool()).meta(about({ en: 'Looks at pictures', zh: '支持图片' })),
  reasoning: opt(bool()).meta(about({ en: 'Thinks before it answers', zh: '支持思考' })),
  toolChoice: opt(bool()).meta(about({ en: 'Calls tools', zh: '支持工具调用' })),
  functionCall: opt(bool()).meta(
    about({ en: 'Older name of tool calls, kept as sent', zh: '工具调用的旧字段，按原样保存' }),
  ),
  defaultToken: tokens().meta(
    about({ en: 'Usual chunk of an embedding model, in tokens', zh: '向量模型的默认分块长度（token）' }),
  ),
  maxToken: tokens().meta(
    about({
      en: 'Longest text of an embedding or rerank model, in tokens',
      zh: '向量或重排模型的最大文本长度（token）',
    }),
  ),
  weight: opt(int(1, 1_000_000)).meta(
    about({ en: 'Kept for programs that read it', zh: '保留字段，供调用方读取' }),
  ),
  dimensions: opt(int(1, 65_536)).meta(
    about({
      en: 'Length of the vectors, sent with each call, for models with a choice',
      zh: '向量维度，随请求发送，用于可选维度的模型',
    }),
  ),
  charsPointsPrice: price().meta(
    about({ en: 'Points per 1,000 tokens, both ways', zh: '每 1000 token 的积分（输入与输出）' }),
  ),
  inputPrice: price().meta(about({ en: 'Points per 1,000 input tokens', zh: '每 1000 输入 token 的积分' })),
  outputPrice: price().meta(about({ en: 'Points per 1,000 output tokens', zh: '每 1000 输出 token 的积分' })),
};

const ids = () =>
  z
    .array(text(64, 1))
    .max(1000)
    .nullish()
    .transform((given) => given ?? []);

/** Who may use a model. */
export const modelAccess = z.object({
  roles: z
    .array(z.enum(['owner', 'admin', 'editor', 'viewer']))
    .max(10)
    .nullish()
    .transform((given) => given ?? [])
    .meta(about({ en: 'Members with one of these roles', zh: '具有这些角色的成员' })),
  members: ids().meta(about({ en: 'These members, by id', zh: '指定成员的 id' })),
  teams: ids().meta(about({ en: 'Everyone in these teams, by id', zh: '指定团队的全部成员（团队 id）' })),
});

/** What can be said of a model when it is added or changed; absent fields stay as they are. */
export const modelSettings = {
  name: opt(name(200)).meta(
    about({ en: 'What people see; `model` when absent', zh: '显示名称，默认同 `model`' }),
  ),
  type: opt(z.enum(modelTypes)).meta(
    about({ en: 'Needed for a new model without preset', zh: '新增没有预设的模型时必填' }),
  ),
  provider: opt(name(100)).meta(about({ en: 'Whose model it is, for people', zh: '模型厂商，仅供显示' })),
  isActive: opt(bool()).meta(about({ en: 'An inactive model cannot be called', zh: '停用的模型不可调用' })),
  access: modelAccess
    .nullable()
    .optional()
    .meta(about({ en: 'Who may use it; null = everyone', zh: '谁可以使用；null 表示所有人' })),
  requestUrl: opt(text(2000)).meta(
    about({
      en: "The model's own address (OpenAI's interface) instead of channels; empty takes it away",
      zh: '模型自己的地址（OpenAI 接口），代替渠道；留空则删除',
    }),
  ),
  requestAuth: opt(text(10_000)).meta(
    about({
      en: 'Credential for `requestUrl`; never answered. Absent or masked = the one there is stays',
      zh: '`requestUrl` 的凭证，不会返回；缺省或打码值表示保留原凭证',
    }),
  ),
  ...modelFacts,
};

const noFacts = opt(z.array(z.enum(clearable)).max(clearable.length)).meta(
  about({
    en: 'Numbers that are to be unknown again; what is then assumed is as for a model that never had them',
    zh: '需要清除的数值字段；清除后按从未设置处理',
  }),
);

/** What can be said of a model that may be there already. */
export const modelChanges = { ...modelSettings, clear: noFacts };

/** A model as lists show it. */
export const modelItem = z.object({
  model: z.string(),
  name: z.string(),
  type: z.enum(modelTypes),
  provider: z.string(),
  isActive: z.boolean(),
  isCustom: z.boolean().meta(about({ en: 'No preset has this name', zh: '没有同名预设' })),
  isDefault: z.boolean().meta(about({ en: 'The default for a purpose', zh: '是某个用途的默认模型' })),
  source: z.enum(['environment', 'store', 'builtin']).meta(
    about({
      en: 'Who configured it: `environment` models cannot be changed here; adding one of the same name replaces it',
      zh: '配置来源：`environment` 来自环境变量，不可在此修改；添加同名模型即可覆盖',
    }),
  ),
  channels: z
    .array(z.string())
    .meta(about({ en: 'Names of the channels that serve it', zh: '提供该模型的渠道名称' })),
  contextToken: z.number().optional(),
  vision: z.boolean().optional(),
  toolChoice: z.boolean().optional(),
  reasoning: z.boolean().optional(),
  charsPointsPrice: z.number(),
  inputPrice: z.number(),
  outputPrice: z.number(),
});

const known = z.number().optional();

/** A model in full. */
export const modelDetail = modelItem.extend({
  defaultFor: z.array(z.string()).meta(about({ en: 'Purposes it is the default for', zh: '默认用途' })),
  access: z.union([modelAccess, z.null()]),
  requestUrl: z.string(),
  requestAuth: z
    .string()
    .meta(about({ en: 'Masked: six stars and the last four characters', zh: '已打码：六个星号加末四位' })),
  maxContext: known,
  maxResponse: known,
  quoteMaxToken: known,
  maxTemperature: known,
  functionCall: z.boolean().optional(),
  defaultToken: known,
  maxToken: known,
  weight: known,
  dimensions: known,
});

/** A well-known model with what its maker says of it; prices are left 0. */
export const modelPreset = z.object({
  model: z.string(),
  name: z.string(),
  type: z.enum(modelTypes),
  provider: z.string(),
  maxContext: known,
  maxResponse: known,
  maxTemperature: known,
  vision: z.boolean().optional(),
  reasoning: z.boolean().optional(),
  toolChoice: z.boolean().optional(),
  maxToken: known,
  defaultToken: known,
  dimensions: known,
  charsPointsPrice: z.number(),
  inputPrice: z.number(),
  outputPrice: z.number(),
});
