import { z } from 'zod';
import { documentFields, simpleApp } from './app-fields.ts';
import { chatCompletion, completionErrors, completionFields, eventsV2 } from './completion-parts.ts';
import { completionExample } from './completions.ts';
import { endpoint } from './endpoint.ts';
import { about, bool, id, int, opt, text, withDefault } from './fields.ts';

const exampleApp = '68ad85a7463006c96379a0b1';
const target = {
  appId: opt(id()).meta(about({ en: 'The app; an app key may leave it out', zh: '应用；应用密钥可省略' })),
  chatId: text(1024, 1),
  customUid: opt(text(255)).meta(about({ en: 'Only the chat of this end user', zh: '只限此最终用户的对话' })),
  shareId: opt(text(100)),
  outLinkUid: opt(text(255)).meta(about({ en: 'Same as customUid', zh: '与 customUid 相同' })),
};
const { messages, chatId, variables, responseChatItemId, keepRunning, replaceFrom } = completionFields;
const simple = { prompt: 'Be brief.', datasets: [], welcomeText: 'Hello!' };

/** Answers on their way: trying an app before it is saved, reading on after a reload, stopping. */
export const runEndpoints = {
  testChat: endpoint({
    method: 'POST',
    path: '/api/core/chat/chatTest',
    callers: ['session'],
    bodyLimit: 'text',
    tag: 'chat',
    summary: { en: 'Try an app before it is saved', zh: '试用未保存的应用' },
    description: {
      en: 'Runs the workflow that is sent (`nodes`, `edges` and `chatConfig`, or `simple`) for an app of yours, and answers as the second version of completions does with `detail`. With `chatId` the conversation is kept, with the source `test`: it is not among the chats of the app, but in its logs. Needs the right to change the app.',
      zh: '为您的应用运行所提交的工作流（`nodes`、`edges`、`chatConfig`，或 `simple`），返回形式与第二版对话接口的 `detail` 相同。传入 `chatId` 时对话以来源 `test` 保存：不出现在应用的对话列表中，但可在日志中查看。需要应用的编辑权限。',
    },
    body: z.object({
      appId: id(),
      appName: opt(text(200)).meta(about({ en: 'Accepted; not used', zh: '接受但不使用' })),
      ...{ messages, chatId, variables, responseChatItemId, keepRunning, replaceFrom },
      ...documentFields,
      simple: opt(simpleApp),
      stream: withDefault(bool(), true),
      retainDatasetCite: withDefault(bool(), true).meta(
        about({ en: 'Keep citation marks [id](CITE) in the text', zh: '保留文本中的引用标记 [id](CITE)' }),
      ),
    }),
    response: { kind: 'stream', schema: chatCompletion, events: eventsV2 },
    errors: [...completionErrors, 'nodeDatasetNotFound', 'teamForbidden'],
    example: {
      request: {
        appId: exampleApp,
        messages: [{ role: 'user', content: 'How long is the warranty?' }],
        simple,
        stream: false,
      },
      response: completionExample.response,
    },
  }),

  resumeChat: endpoint({
    method: 'GET',
    path: '/api/core/chat/resume',
    callers: ['global', 'app', 'session', 'share'],
    tag: 'chat',
    summary: { en: 'Go on reading an answer', zh: '继续读取正在生成的回答' },
    description: {
      en: 'The answer that is being written in a chat, from its beginning (or from `offset`), as the events of the second version with `detail`. Send `Accept: text/event-stream`; anything else is answered with the messages of the chat as JSON once the answer is complete, and with 406 before. When the answer is complete, `completed` names it; its last words stand in the record.',
      zh: '读取对话中正在生成的回答：从头（或从 `offset`）开始，事件与第二版 `detail` 相同。请发送 `Accept: text/event-stream`；否则在回答完成后以 JSON 返回对话消息，完成前返回 406。回答完成时发送 `completed`，末尾文字以消息记录为准。',
    },
    query: z.object({
      ...target,
      offset: opt(int()).meta(
        about({
          en: 'How many pieces were read before: the last `id:` line plus 1. `Last-Event-ID` says it too.',
          zh: '此前已读取的片段数：最后一个 `id:` 行加 1；也可用 `Last-Event-ID` 指定。',
        }),
      ),
      retainDatasetCite: withDefault(bool(), false).meta(
        about({ en: 'Keep citation marks [id](CITE) in the text', zh: '保留文本中的引用标记 [id](CITE)' }),
      ),
    }),
    response: {
      kind: 'stream',
      schema: z.looseObject({
        code: z.literal(200),
        data: z.object({ list: z.array(z.looseObject({ dataId: z.string() })), total: z.number().int() }),
      }),
      events: [
        {
          event: 'phase',
          description: {
            en: 'catchup: what was written before follows; live: from here on it is new.',
            zh: 'catchup：随后是此前已生成的内容；live：此后为新内容。',
          },
          example: { phase: 'catchup' },
        },
        ...eventsV2.filter(({ event }) => event !== null),
        {
          event: 'completed',
          description: {
            en: 'The answer is complete and stored under this dataId. Its status is done, failed, stopped or interrupted.',
            zh: '回答已完成并以此 dataId 保存；status 为 done、failed、stopped 或 interrupted。',
          },
          example: { dataId: '68ad85a7463006c96379a0b3', status: 'done' },
        },
        {
          event: 'unavailable',
          description: {
            en: 'No answer is being written in this chat.',
            zh: '该对话没有正在生成的回答。',
          },
          example: {},
        },
        { event: 'done', description: { en: 'The end.', zh: '结束。' }, example: {} },
      ],
    },
    errors: ['appNotFound', 'keyAppMismatch', 'eventStreamNeeded'],
    example: {
      request: { appId: exampleApp, chatId: 'order-1' },
      response: { code: 200, data: { list: [{ dataId: '68ad85a7463006c96379a0b3' }], total: 1 } },
    },
  }),

  stopChat: endpoint({
    method: 'POST',
    path: '/api/v2/chat/stop',
    aliases: [{ method: 'POST', path: '/api/v1/chat/stop' }],
    callers: ['global', 'app', 'session', 'share'],
    tag: 'chat',
    summary: { en: 'Stop an answer', zh: '停止回答' },
    description: {
      en: 'Ends the answer that is being written in a chat, of either version; its text so far is kept. Answers when it has ended, or after 5 seconds. Where nothing is being written, nothing happens.',
      zh: '停止对话中正在生成的回答（任一版本），已有文字会保留。回答结束后（最多 5 秒）返回；没有正在生成的回答时不做任何事。',
    },
    body: z.object(target),
    response: { kind: 'envelope', schema: z.object({ success: z.boolean() }) },
    errors: ['missingParams', 'appNotFound', 'keyAppMismatch'],
    example: { request: { appId: exampleApp, chatId: 'order-1' }, response: { success: true } },
  }),
};
