import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, text } from './fields.ts';

const modelEntry = z.object({
  id: z.string().meta(
    about({
      en: 'What to send as `model`: the id of an app or of a model',
      zh: '作为 `model` 提交的值：应用或模型的 id',
    }),
  ),
  object: z.literal('model'),
  created: z
    .number()
    .int()
    .meta(about({ en: 'Seconds since 1970', zh: '自 1970 年起的秒数' })),
  owned_by: z
    .string()
    .meta(about({ en: '`lectern` for an app, else the provider', zh: '应用为 `lectern`，其他为模型服务' })),
  name: z.string(),
  kind: z.enum(['app', 'model']),
});

const example = {
  id: '68ad85a7463006c96379a0b1',
  object: 'model',
  created: 1767225600,
  owned_by: 'lectern',
  name: 'Support desk',
  kind: 'app',
};

export const modelEndpoints = {
  listModels: endpoint({
    method: 'GET',
    path: '/api/v1/models',
    aliases: [{ method: 'GET', path: '/v1/models' }],
    callers: ['global', 'app', 'session'],
    openai: true,
    tag: 'chat',
    summary: { en: 'List what this key can call', zh: '列出该密钥可调用的内容' },
    description: {
      en: 'An app key sees its app; a global key or a session sees the apps of the team, then the chat models they can use.',
      zh: '应用密钥看到自己的应用；全局密钥或会话看到团队的应用，以及应用可用的对话模型。',
    },
    response: { kind: 'json', schema: z.object({ object: z.literal('list'), data: z.array(modelEntry) }) },
    example: { response: { object: 'list', data: [example] } },
  }),
  getModel: endpoint({
    method: 'GET',
    path: '/api/v1/models/{model}',
    aliases: [{ method: 'GET', path: '/v1/models/{model}' }],
    callers: ['global', 'app', 'session'],
    openai: true,
    tag: 'chat',
    summary: { en: 'One app or model', zh: '单个应用或模型' },
    params: z.object({
      model: text(300, 1).meta(
        about({
          en: 'Id or unique name of an app, or id of a model',
          zh: '应用的 id 或唯一名称，或模型的 id',
        }),
      ),
    }),
    response: { kind: 'json', schema: modelEntry },
    errors: ['modelNotFound'],
    example: { request: { model: '68ad85a7463006c96379a0b1' }, response: example },
  }),
};
