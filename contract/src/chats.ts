import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, bool, id, opt, paging, text } from './fields.ts';
import { chatConfig, nodeResponse } from './workflow.ts';

/** Who chats. */
export const chatCallers = ['global', 'app', 'session', 'share'] as const;

/** A point in time: ISO 8601 text or milliseconds; parsed to milliseconds. */
export const timeField = () =>
  z
    .preprocess((v) => {
      if (typeof v !== 'string') return v;
      const ms = /^\d+$/.test(v) ? Number(v) : Date.parse(v);
      return Number.isNaN(ms) ? v : ms;
    }, z.number('must be a time as ISO 8601 text or milliseconds').int().min(0))
    // Documented as what may be sent, not only as what it becomes.
    .meta({
      type: ['integer', 'string'],
      ...about({ en: 'ISO 8601 text or milliseconds', zh: 'ISO 8601 文本或毫秒数' }),
    });

const appId = opt(id()).meta(
  about({ en: 'The app; an app key may leave it out', zh: '应用；应用密钥可省略' }),
);
const customUid = opt(text(255)).meta(
  about({ en: 'Only the chat of this end user', zh: '只限此最终用户的对话' }),
);
const share = {
  shareId: opt(text(100)),
  outLinkUid: opt(text(255)).meta(about({ en: 'Same as customUid', zh: '与 customUid 相同' })),
};
const target = { appId, chatId: opt(text(1024)), customUid, ...share };
/** The same where a chat must be named. */
export const namedChat = { ...target, chatId: text(1024, 1) };

const generateStatus = z.enum(['generating', 'done']).meta(
  about({
    en: 'generating = an answer is being written (core/chat/resume reads it)',
    zh: 'generating 表示正在生成回答（可用 core/chat/resume 读取）',
  }),
);

const firstQuestion = z.string().meta(
  about({
    en: 'The beginning of the first question, at most 120 characters; empty where there is none',
    zh: '第一个问题的开头，最多 120 个字符；没有时为空',
  }),
);

const chatListItem = z.object({
  chatId: z.string(),
  appId: z.string(),
  title: z
    .string()
    .meta(about({ en: 'The first 20 characters of the last question', zh: '最近一个问题的前 20 个字符' })),
  firstQuestion,
  customTitle: z.string(),
  top: z.boolean(),
  source: z.string(),
  createTime: z.string(),
  updateTime: z.string(),
  customUid: z.string(),
  outLinkUid: z.string(),
  chatGenerateStatus: generateStatus,
});

const record = z.looseObject({
  _id: z.string(),
  dataId: z.string(),
  obj: z.enum(['Human', 'AI', 'System']),
  value: z.array(z.looseObject({ type: z.string() })),
  time: z.string(),
  customUid: z.string(),
  outLinkUid: z.string(),
  durationSeconds: z.number().optional(),
  errorMsg: z.string().optional(),
  userGoodFeedback: z.string().optional(),
  userBadFeedback: z.string().optional(),
  customFeedbacks: z.array(z.string()).optional(),
  run: z
    .object({
      status: z.enum(['running', 'done', 'failed', 'interrupted', 'stopped']),
      error: z.string().nullable(),
      model: z.string(),
      inputTokens: z.number().int(),
      outputTokens: z.number().int(),
      estimated: z.boolean(),
      totalPoints: z.number(),
    })
    .optional()
    .meta(
      about({
        en: 'How the answer came about: its end, the model, tokens and points',
        zh: '回答的产生情况：结束状态、模型、token 与积分',
      }),
    ),
});

const chatInit = z.object({
  chatId: z.string(),
  appId: z.string(),
  title: z.string().optional(),
  firstQuestion: firstQuestion.optional(),
  customTitle: z.string().optional(),
  customUid: z.string().optional(),
  outLinkUid: z.string().optional(),
  userAvatar: z.string(),
  chatGenerateStatus: generateStatus,
  variables: z.record(z.string(), z.unknown()),
  app: z.object({
    chatConfig,
    chatModels: z
      .array(z.string())
      .meta(about({ en: 'Display names of the models of the app', zh: '应用所用模型的显示名称' })),
    name: z.string(),
    avatar: z.string(),
    intro: z.string(),
    type: z.string(),
    canUse: z.boolean(),
    pluginInputs: z.array(z.unknown()),
  }),
});

const exampleApp = '68ad85a7463006c96379a0b1';

export const chatEndpoints = {
  initChat: endpoint({
    method: 'GET',
    path: '/api/core/chat/init',
    callers: ['global', 'app', 'session'],
    tag: 'history',
    summary: { en: 'Open a chat', zh: '打开对话' },
    description: {
      en: 'The app as a chat page needs it, with the variables stored on the chat. An unknown chatId is not an error.',
      zh: '对话页面所需的应用信息及该对话已保存的变量；未知的 chatId 不会报错。',
    },
    query: z.object(target),
    response: { kind: 'envelope', schema: chatInit },
    errors: ['missingParams', 'appNotFound', 'keyAppMismatch'],
    example: {
      request: { appId: exampleApp, chatId: 'order-1' },
      response: {
        chatId: 'order-1',
        appId: exampleApp,
        title: 'How long is the warr',
        firstQuestion: 'How long is the warranty of a pump?',
        userAvatar: '',
        chatGenerateStatus: 'done',
        variables: {},
        app: {
          chatConfig: { welcomeText: 'Hello', variables: [] },
          chatModels: ['gpt-4o-mini'],
          name: 'Support desk',
          avatar: '',
          intro: '',
          type: 'simple',
          canUse: true,
          pluginInputs: [],
        },
      },
    },
  }),
  listChats: endpoint({
    method: 'POST',
    path: '/api/core/chat/history/getHistories',
    aliases: [{ method: 'POST', path: '/api/core/chat/getHistories' }],
    callers: chatCallers,
    tag: 'history',
    summary: { en: 'List chats of an app', zh: '获取应用的对话列表' },
    description: {
      en: 'Pinned first, then the latest updated. Without customUid: the chats of the key\'s member, console ones too; `source: "api"` leaves only those made with keys. With customUid: the chats of that end user. Conversations that tried an app before it was saved come with `source: "test"` only.',
      zh: '置顶优先，其次按更新时间倒序。不传 customUid：密钥所属成员的对话（含控制台），`source: "api"` 时只含通过密钥产生的对话；传 customUid：该终端用户的对话。试用未保存应用的对话仅在 `source: "test"` 时返回。',
    },
    body: z.object({
      appId,
      customUid,
      source: opt(text(50)),
      searchKey: opt(text(200)).meta(
        about({
          en: 'Only chats whose title or messages contain this',
          zh: '仅返回标题或消息包含该文本的对话',
        }),
      ),
      startCreateTime: opt(timeField()),
      endCreateTime: opt(timeField()),
      startUpdateTime: opt(timeField()),
      endUpdateTime: opt(timeField()),
      ...paging(),
      ...share,
    }),
    response: {
      kind: 'envelope',
      schema: z.object({ list: z.array(chatListItem), total: z.number().int() }),
    },
    errors: ['appNotFound', 'keyAppMismatch'],
    example: {
      request: { appId: exampleApp, offset: 0, pageSize: 10, source: 'api' },
      response: {
        list: [
          {
            chatId: 'order-1',
            appId: exampleApp,
            title: 'How long is the warr',
            firstQuestion: 'How long is the warranty of a pump?',
            customTitle: '',
            top: false,
            source: 'api',
            createTime: '2026-01-01T00:00:00.000Z',
            updateTime: '2026-01-01T00:00:10.000Z',
            customUid: '',
            outLinkUid: '',
            chatGenerateStatus: 'done',
          },
        ],
        total: 1,
      },
    },
  }),
  updateChat: endpoint({
    method: 'PUT',
    path: '/api/core/chat/history/updateHistory',
    aliases: [{ method: 'PUT', path: '/api/core/chat/updateHistory' }],
    callers: chatCallers,
    tag: 'history',
    summary: { en: 'Rename or pin a chat', zh: '重命名或置顶对话' },
    body: z.object({
      appId,
      chatId: text(1024, 1),
      customUid,
      title: opt(text(500)),
      customTitle: opt(text(500)).meta(about({ en: 'Empty = remove', zh: '留空则移除' })),
      top: opt(bool()),
      ...share,
    }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['missingParams', 'appNotFound', 'keyAppMismatch', 'chatNotFound'],
    example: {
      request: { appId: exampleApp, chatId: 'order-1', customTitle: 'Warranty', top: true },
      response: null,
    },
  }),
  deleteChat: endpoint({
    method: 'DELETE',
    path: '/api/core/chat/history/delHistory',
    aliases: [{ method: 'DELETE', path: '/api/core/chat/delHistory' }],
    callers: chatCallers,
    tag: 'history',
    summary: { en: 'Delete a chat', zh: '删除对话' },
    description: {
      en: 'Gone for good. An unknown chatId is not an error.',
      zh: '彻底删除；未知的 chatId 不会报错。',
    },
    query: z.object({ appId, chatId: text(1024, 1), customUid, ...share }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['missingParams', 'appNotFound', 'keyAppMismatch'],
    example: { request: { appId: exampleApp, chatId: 'order-1' }, response: null },
  }),
  clearChats: endpoint({
    method: 'DELETE',
    path: '/api/core/chat/history/clearHistories',
    aliases: [{ method: 'DELETE', path: '/api/core/chat/clearHistories' }],
    callers: chatCallers,
    tag: 'history',
    summary: { en: 'Delete all chats of an app', zh: '清空应用的对话' },
    description: {
      en: 'With a key: every chat of the app that was made with keys (with customUid: only of that end user). In a session: your own chats of the console.',
      zh: '使用密钥：该应用所有通过密钥产生的对话（传 customUid 时仅该终端用户）；登录会话：本人在控制台的对话。',
    },
    query: z.object({ appId, customUid, ...share }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['missingParams', 'appNotFound', 'keyAppMismatch'],
    example: { request: { appId: exampleApp }, response: null },
  }),
  listRecords: endpoint({
    method: 'POST',
    path: '/api/core/chat/record/getPaginationRecords',
    aliases: [{ method: 'POST', path: '/api/core/chat/getPaginationRecords' }],
    callers: chatCallers,
    tag: 'history',
    summary: { en: 'Messages of a chat', zh: '获取对话消息' },
    description: {
      en: '`offset` counts back from the newest message; inside a page the oldest comes first. An unknown chat answers an empty list.',
      zh: '`offset` 从最新一条往回数，页内按时间正序；未知对话返回空列表。',
    },
    body: z.object({
      ...target,
      ...paging(),
      loadCustomFeedbacks: opt(bool()),
      type: opt(text(50)),
      includeDeleted: opt(bool()),
    }),
    response: { kind: 'envelope', schema: z.object({ list: z.array(record), total: z.number().int() }) },
    errors: ['appNotFound', 'keyAppMismatch'],
    example: {
      request: { appId: exampleApp, chatId: 'order-1', offset: 0, pageSize: 10 },
      response: {
        list: [
          {
            _id: '68ad85a7463006c96379a0b2',
            dataId: '68ad85a7463006c96379a0b3',
            obj: 'Human',
            value: [{ type: 'text', text: { content: 'How long is the warranty?' } }],
            time: '2026-01-01T00:00:00.000Z',
            customUid: '',
            outLinkUid: '',
          },
        ],
        total: 2,
      },
    },
  }),
  getResponseData: endpoint({
    method: 'GET',
    path: '/api/core/chat/record/getResData',
    aliases: [{ method: 'GET', path: '/api/core/chat/getResData' }],
    callers: chatCallers,
    tag: 'history',
    summary: { en: 'What every node did for one answer', zh: '获取单条回答的节点运行数据' },
    description: {
      en: 'Cited passages are listed without their text. Anything unknown answers an empty list.',
      zh: '引用列表不含正文；未知的 id 返回空列表。',
    },
    query: z.object({ ...target, dataId: opt(text(255)) }),
    response: { kind: 'envelope', schema: z.array(nodeResponse) },
    errors: ['appNotFound', 'keyAppMismatch'],
    example: {
      request: { appId: exampleApp, chatId: 'order-1', dataId: '68ad85a7463006c96379a0b3' },
      response: [
        {
          id: '68ad85a7463006c96379a0b4',
          nodeId: 'chat',
          moduleName: 'AI chat',
          moduleType: 'chatNode',
          runningTime: 1.2,
        },
      ],
    },
  }),
};
