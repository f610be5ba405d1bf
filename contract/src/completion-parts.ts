import { z } from 'zod';
import type { EventDoc } from './endpoint.ts';
import type { ErrorName } from './errors.ts';
import { about, bool, id, opt, text, withDefault } from './fields.ts';
import { nodeResponse } from './workflow.ts';

/** A part of a message; parts of other types are dropped. */
const messagePart = z.object({
  type: text(50),
  text: opt(z.string()),
  image_url: opt(z.union([z.string(), z.object({ url: z.string() })])),
  name: opt(text(500)),
  url: opt(z.string()),
});

/** One message in OpenAI's form. The last one of a request is the question. */
export const chatMessage = z.object({
  role: text(20, 1).meta(
    about({
      en: 'system, developer, user, assistant or tool',
      zh: 'system、developer、user、assistant 或 tool',
    }),
  ),
  content: z
    .union([text(), z.array(messagePart).max(1000)])
    .nullish()
    .meta(
      about({
        en: 'Text, or parts {type:"text",text}, {type:"image_url",image_url:{url}}, {type:"file_url",name,url}',
        zh: '文本，或由 {type:"text",text}、{type:"image_url",image_url:{url}}、{type:"file_url",name,url} 组成的列表',
      }),
    ),
});
export type WireMessage = z.output<typeof chatMessage>;

const chunkChoice = z.object({
  delta: z.object({
    role: z.string().optional(),
    content: z.string().nullish(),
    reasoning_content: z.string().optional(),
  }),
  index: z.number().int(),
  finish_reason: z.string().nullable(),
});
const usage = z.object({
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int(),
  total_tokens: z.number().int(),
  estimated: z
    .boolean()
    .optional()
    .meta(
      about({
        en: 'The provider reported nothing; counted by Lectern',
        zh: '模型服务未返回用量，由 Lectern 计算',
      }),
    ),
});
const chunk = z.object({
  id: z.string().meta(about({ en: 'The chatId, a generated one included', zh: 'chatId，包括自动生成的' })),
  object: z.literal('chat.completion.chunk'),
  created: z.number().int(),
  model: z.string().meta(
    about({
      en: 'The model that speaks; empty while none was asked',
      zh: '作答的模型；尚未调用模型时为空',
    }),
  ),
  choices: z.array(chunkChoice),
  usage: usage.optional(),
});
const openAiError = z.object({
  message: z.string(),
  type: z.string(),
  param: z.string().nullable(),
  code: z.string().nullable(),
});

const valueItem = z.looseObject({ type: z.string() });

/** The answer without `stream`. */
export const chatCompletion = z.object({
  id: z.string().meta(about({ en: 'The chatId, a generated one included', zh: 'chatId，包括自动生成的' })),
  object: z.literal('chat.completion'),
  created: z
    .number()
    .int()
    .meta(about({ en: 'Seconds since 1970', zh: '自 1970 年起的秒数' })),
  model: z
    .string()
    .meta(
      about({ en: 'The model that answered; empty when none was asked', zh: '作答的模型；未调用模型时为空' }),
    ),
  usage: usage.meta(
    about({
      en: 'Sum of all model calls of the run, embeddings included',
      zh: '本次运行所有模型调用之和，包括向量',
    }),
  ),
  choices: z.array(
    z.object({
      index: z.number().int(),
      message: z.object({
        role: z.literal('assistant'),
        content: z.union([z.string(), z.array(valueItem)]),
        reasoning_content: z.string().optional(),
      }),
      finish_reason: z.string(),
    }),
  ),
  error: z
    .unknown()
    .optional()
    .meta(about({ en: 'Error of the last node, if it had one', zh: '最后一个节点的错误（如有）' })),
  responseData: z
    .array(nodeResponse)
    .optional()
    .meta(about({ en: 'With detail: what every node did', zh: 'detail 为 true 时：各节点的运行情况' })),
  newVariables: z
    .record(z.string(), z.unknown())
    .optional()
    .meta(
      about({ en: 'With detail: global variables after the run', zh: 'detail 为 true 时：运行后的全局变量' }),
    ),
});

const head = { id: 'order-1', object: 'chat.completion.chunk', created: 1767225600, model: 'gpt-4o-mini' };
const answerChunk = (delta: object, finish: string | null) => ({
  ...head,
  choices: [{ delta, index: 0, finish_reason: finish }],
});
const searchResponse = {
  id: '68ad85a7463006c96379a0b1',
  nodeId: 'search',
  moduleName: 'Dataset search',
  moduleType: 'datasetSearchNode',
  runningTime: 0.03,
  query: 'How long is the warranty?',
  quoteList: [
    {
      id: '68ad85a7463006c96379a0c2',
      q: 'The warranty lasts two years.',
      a: '',
      chunkIndex: 0,
      datasetId: '68ad85a7463006c96379a0d3',
      collectionId: '68ad85a7463006c96379a0e4',
      sourceName: 'warranty.md',
      sourceId: '68ad85a7463006c96379a0f5',
      score: [{ type: 'fullText', value: 7.1, index: 0 }],
      tokens: 7,
    },
  ],
};
const errorBody = {
  code: 502,
  statusText: 'error',
  message: 'The model gpt-4o-mini failed: connection reset',
  data: null,
  error: {
    message: 'The model gpt-4o-mini failed: connection reset',
    type: 'api_error',
    param: null,
    code: 'error',
  },
};

/** What a caller may send with a question, in both versions of the interface. */
export const completionFields = {
  messages: z
    .array(chatMessage)
    .max(2000)
    .meta(about({ en: 'The last one is the question', zh: '最后一条为问题' })),
  appId: opt(id()).meta(
    about({
      en: 'With a global key or a session: the app to chat with',
      zh: '使用全局密钥或登录会话时：要对话的应用',
    }),
  ),
  chatId: opt(text(1024)).meta(
    about({
      en: 'Absent = stateless; empty or new = a new stored chat; known = goes on',
      zh: '省略则不保存；空值或新值为新建对话；已有值则继续该对话',
    }),
  ),
  stream: withDefault(bool(), false),
  detail: withDefault(bool(), false).meta(
    about({
      en: 'Adds node data: named events, or responseData and newVariables',
      zh: '增加节点数据：具名事件，或 responseData 与 newVariables',
    }),
  ),
  variables: opt(z.record(z.string(), z.unknown())).meta(
    about({ en: 'Global variables of the app, by label or key', zh: '应用的全局变量，按名称或键' }),
  ),
  responseChatItemId: opt(text(255)).meta(
    about({ en: 'Becomes the dataId of the answer', zh: '作为回答的 dataId' }),
  ),
  retainDatasetCite: withDefault(bool(), false).meta(
    about({ en: 'Keep citation marks [id](CITE) in the text', zh: '保留文本中的引用标记 [id](CITE)' }),
  ),
  keepRunning: withDefault(bool(), false).meta(
    about({
      en: 'The answer goes on when you leave. Read it again with core/chat/resume, end it with v2/chat/stop. Needs a chatId.',
      zh: '您断开后回答继续生成。可用 core/chat/resume 重新读取，用 v2/chat/stop 停止。需要 chatId。',
    }),
  ),
  replaceFrom: opt(text(255)).meta(
    about({
      en: 'The dataId of a question in the chat: this one takes its place, and all after it goes, in the moment in which this one is accepted. Refused while an answer is being written, it leaves the chat as it is.',
      zh: '对话中某个问题的 dataId：新问题被接受的同时取代该问题，并移除其后的全部消息。正在生成回答时会被拒绝，原有对话保持不变。',
    }),
  ),
  customUid: opt(text(255)).meta(about({ en: 'Your own id of the end user', zh: '您自己的最终用户 id' })),
  user: opt(text(255)).meta(about({ en: 'Same as customUid', zh: '与 customUid 相同' })),
  metadata: opt(z.record(z.string(), z.unknown())).meta(
    about({ en: 'Merged into what is stored with the chat', zh: '合并到随对话保存的内容中' }),
  ),
  model: opt(text(300)).meta(
    about({
      en: 'With a global key: id or unique name of an app; else ignored',
      zh: '使用全局密钥时：应用的 id 或唯一名称；其他情况忽略',
    }),
  ),
  stream_options: opt(z.object({ include_usage: opt(bool()) })),
  temperature: z
    .unknown()
    .optional()
    .meta(about({ en: 'Accepted; the app decides', zh: '接受但不生效，由应用决定' })),
  max_tokens: z
    .unknown()
    .optional()
    .meta(about({ en: 'Accepted; the app decides', zh: '接受但不生效，由应用决定' })),
  tools: z
    .unknown()
    .optional()
    .meta(about({ en: 'Accepted; the app decides', zh: '接受但不生效，由应用决定' })),
  shareId: opt(text(100)),
  outLinkUid: opt(text(255)).meta(about({ en: 'Same as customUid', zh: '与 customUid 相同' })),
};

const beginning: EventDoc[] = [
  {
    event: null,
    description: {
      en: 'detail=false: a piece of the answer. `delta.reasoning_content` instead of `content` while the model reasons.',
      zh: 'detail=false：回答的一个片段；模型思考时用 `delta.reasoning_content` 代替 `content`。',
    },
    schema: chunk,
    example: answerChunk({ role: 'assistant', content: 'Two years' }, null),
  },
  {
    event: 'answer',
    description: {
      en: 'detail=true: the same piece with a name. The stop chunk (`finish_reason: "stop"`) and `[DONE]` come under this name too.',
      zh: 'detail=true：同样的片段，带事件名。停止片段（`finish_reason: "stop"`）与 `[DONE]` 也使用此事件名。',
    },
    schema: chunk,
    example: answerChunk({ role: 'assistant', content: 'Two years' }, null),
  },
  {
    event: 'fastAnswer',
    description: {
      en: 'detail=true: a complete text, for example of a specified reply.',
      zh: 'detail=true：一段完整文本，例如指定回复。',
    },
    schema: chunk,
    example: answerChunk({ role: 'assistant', content: '\nPlease call us.' }, null),
  },
  {
    event: 'flowNodeStatus',
    description: { en: 'detail=true: a node starts.', zh: 'detail=true：节点开始运行。' },
    schema: z.object({ status: z.literal('running'), name: z.string() }),
    example: { status: 'running', name: 'Dataset search' },
  },
  {
    event: 'updateVariables',
    description: {
      en: 'detail=true: all global variables after a node changed them.',
      zh: 'detail=true：节点修改变量后的全部全局变量。',
    },
    schema: z.record(z.string(), z.unknown()),
    example: { city: 'Berlin' },
  },
];
const duration: EventDoc = {
  event: 'workflowDuration',
  description: { en: 'detail=true: seconds of the whole run.', zh: 'detail=true：整个运行的秒数。' },
  schema: z.object({ durationSeconds: z.number() }),
  example: { durationSeconds: 1.23 },
};
const responses: EventDoc = {
  event: 'flowResponses',
  description: {
    en: 'detail=true: what every node did, once, before the stop chunk. Cited passages are in `quoteList`.',
    zh: 'detail=true：每个节点的运行结果，在停止片段之前发送一次，引用内容在 `quoteList` 中。',
  },
  schema: z.array(nodeResponse),
  example: [searchResponse],
};
const oneResponse: EventDoc = {
  event: 'flowNodeResponse',
  description: {
    en: 'detail=true: what a node did, as it finishes. Cited passages are in `quoteList`.',
    zh: 'detail=true：节点完成时发送其运行结果，引用内容在 `quoteList` 中。',
  },
  schema: nodeResponse,
  example: searchResponse,
};
const failure: EventDoc = {
  event: 'error',
  description: {
    en: 'The run failed after it had begun; the stream ends without `[DONE]`. Sent with and without detail.',
    zh: '运行开始后失败；流随即结束，不再发送 `[DONE]`。与 detail 无关。',
  },
  schema: z.object({
    code: z.number().int(),
    statusText: z.string(),
    message: z.string(),
    data: z.null(),
    error: openAiError,
  }),
  example: errorBody,
};

/** The events of the first version: all node responses in one, at the end. */
export const eventsV1: EventDoc[] = [...beginning, duration, responses, failure];
/** The events of the second version: a node's response as soon as it finished. */
export const eventsV2: EventDoc[] = [...beginning, oneResponse, duration, failure];

export const completionErrors = [
  'missingParams',
  'messagesEmpty',
  'questionEmpty',
  'appRequiredForKey',
  'appNotFound',
  'chatNotFound',
  'recordNotFound',
  'chatGenerating',
  'workflowInvalid',
  'modelFailed',
  'modelTimeout',
  'shuttingDown',
] as const satisfies readonly ErrorName[];
