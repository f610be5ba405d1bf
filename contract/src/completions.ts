import { z } from 'zod';
import {
  chatCompletion,
  completionErrors,
  completionFields,
  eventsV1,
  eventsV2,
} from './completion-parts.ts';
import { endpoint } from './endpoint.ts';

export type { WireMessage } from './completion-parts.ts';

/** A question and its answer, for the documentation. */
export const completionExample = {
  request: {
    chatId: 'order-1',
    stream: false,
    detail: false,
    messages: [{ role: 'user', content: 'How long is the warranty?' }],
  },
  response: {
    id: 'order-1',
    object: 'chat.completion' as const,
    created: 1767225600,
    model: 'gpt-4o-mini',
    usage: { prompt_tokens: 210, completion_tokens: 9, total_tokens: 219 },
    choices: [
      {
        index: 0,
        message: { role: 'assistant' as const, content: 'The warranty lasts two years.' },
        finish_reason: 'stop',
      },
    ],
  },
};

export const completionEndpoints = {
  createChatCompletion: endpoint({
    method: 'POST',
    path: '/api/v1/chat/completions',
    aliases: [{ method: 'POST', path: '/v1/chat/completions' }],
    callers: ['global', 'app', 'session', 'share'],
    bodyLimit: 'chat',
    openai: true,
    tag: 'chat',
    summary: { en: 'Chat with an app', zh: '与应用对话' },
    description: {
      en: 'OpenAI-compatible. The app is that of the key; a global key names one by `appId`, by the suffix `<key>-<appId>`, or by `model` (id or unique name of an app). Without `chatId` the history comes from `messages`; with `chatId` the chat is stored and only the last message is read, beside system messages. `temperature`, `max_tokens` and other OpenAI parameters are accepted; the app decides about them.',
      zh: '兼容 OpenAI。应用由密钥决定；全局密钥需通过 `appId`、后缀 `<密钥>-<appId>` 或 `model`（应用 id 或唯一名称）指定应用。不传 `chatId` 时历史取自 `messages`；传入时对话会被保存，除系统消息外只读取最后一条消息。`temperature`、`max_tokens` 等 OpenAI 参数可以传入，但以应用的设置为准。',
    },
    body: z.object(completionFields),
    response: {
      kind: 'stream',
      schema: chatCompletion,
      events: eventsV1,
    },
    errors: completionErrors,
    example: completionExample,
  }),
  createChatCompletionV2: endpoint({
    method: 'POST',
    path: '/api/v2/chat/completions',
    aliases: [{ method: 'POST', path: '/v2/chat/completions' }],
    callers: ['global', 'app', 'session', 'share'],
    bodyLimit: 'chat',
    openai: true,
    tag: 'chat',
    summary: { en: 'Chat with an app, second version', zh: '与应用对话（第二版）' },
    description: {
      en: 'As the first version. With `detail` the response of each node comes as soon as it finished (`flowNodeResponse`), so that citations are known before the answer ends. While an answer of the chat is still being written, the next question is refused with 409.',
      zh: '与第一版相同。`detail` 为 true 时每个节点完成后立即发送其结果（`flowNodeResponse`），因此回答结束前即可得知引用。对话仍在生成回答时，新问题会以 409 拒绝。',
    },
    body: z.object(completionFields),
    response: { kind: 'stream', schema: chatCompletion, events: eventsV2 },
    errors: completionErrors,
    example: completionExample,
  }),
};
