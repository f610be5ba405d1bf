import { z } from 'zod';
import { chatCallers, namedChat } from './chats.ts';
import { endpoint } from './endpoint.ts';
import { about, bool, id, int, opt, text, withDefault } from './fields.ts';

const exampleApp = '68ad85a7463006c96379a0b1';
const feedback = (text1: { en: string; zh: string }) => opt(text(5000)).meta(about(text1));

/** What is done with single messages of a chat, and where the caller chatted last. */
export const chatRecordEndpoints = {
  deleteRecord: endpoint({
    method: 'DELETE',
    path: '/api/core/chat/record/delete',
    aliases: [{ method: 'DELETE', path: '/api/core/chat/item/delete' }],
    callers: chatCallers,
    tag: 'history',
    summary: { en: 'Delete a message', zh: '删除消息' },
    description: {
      en: 'Takes a message out of a chat for good, with what its run kept of it; of several with the same dataId the latest. With `withFollowing` everything after it goes too, so that a question can be asked anew in its place. A message that does not exist is no error.',
      zh: '从对话中彻底删除一条消息及其运行数据；dataId 重复时删除最新一条。`withFollowing` 为 true 时一并删除其后的全部消息，便于在原处重新提问。消息不存在时不报错。',
    },
    query: z.object({
      ...namedChat,
      contentId: text(255, 1).meta(about({ en: 'The dataId of the message', zh: '消息的 dataId' })),
      withFollowing: withDefault(bool(), false),
      delFile: opt(bool()).meta(
        about({
          en: 'Accepted; files of a chat go by themselves when they expire',
          zh: '接受但不生效；对话文件到期后自动清理',
        }),
      ),
    }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['missingParams', 'appNotFound', 'keyAppMismatch'],
    example: {
      request: { appId: exampleApp, chatId: 'order-1', contentId: '68ad85a7463006c96379a0b3' },
      response: null,
    },
  }),

  updateUserFeedback: endpoint({
    method: 'POST',
    path: '/api/core/chat/feedback/updateUserFeedback',
    callers: chatCallers,
    tag: 'history',
    summary: { en: 'Thumbs up or down', zh: '点赞或点踩' },
    description: {
      en: 'Sets what the end user thinks of an answer. What is left out is removed. The logs of the app count it and filter by it.',
      zh: '设置最终用户对回答的评价；未提供的一项会被移除。应用日志会统计评价，并可按评价筛选。',
    },
    body: z.object({
      ...namedChat,
      dataId: text(255, 1),
      userGoodFeedback: feedback({ en: 'A text or "yes"', zh: '文字，或 "yes"' }),
      userBadFeedback: feedback({ en: 'What was wrong, or "yes"', zh: '问题描述，或 "yes"' }),
    }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['missingParams', 'appNotFound', 'keyAppMismatch', 'chatNotFound', 'recordNotFound'],
    example: {
      request: { appId: exampleApp, chatId: 'order-1', dataId: 'answer-1', userGoodFeedback: 'yes' },
      response: null,
    },
  }),

  readAnswerPicture: endpoint({
    method: 'GET',
    path: '/api/core/chat/picture',
    callers: ['session'],
    tag: 'history',
    summary: { en: 'A picture that an answer names', zh: '回答中引用的图片' },
    description: {
      en: 'Fetches a picture for whoever reads an answer, from a host that the app allows (`chatConfig.allowedHosts`, of the draft or of what is published), so that the reader’s browser asks no other server. At most 5 MB; redirects are not followed.',
      zh: '代读取回答的用户从应用允许的主机（草稿或已发布配置中的 `chatConfig.allowedHosts`）获取图片，用户的浏览器不会请求其他服务器。最大 5 MB，不跟随跳转。',
    },
    query: z.object({ appId: id(), url: text(4000, 1) }),
    response: { kind: 'raw', schema: z.unknown(), contentType: 'image/png' },
    errors: [
      'appNotFound',
      'hostNotAllowed',
      'addressForbidden',
      'addressFailed',
      'addressTooLarge',
      'addressAnswered',
      'notAPicture',
    ],
    example: { request: { appId: exampleApp, url: 'http://pictures.example/bird.png' } },
  }),

  listRecentlyUsed: endpoint({
    method: 'GET',
    path: '/api/core/chat/recentlyUsed',
    callers: ['session'],
    tag: 'history',
    summary: { en: 'Apps I chatted with last', zh: '最近使用的应用' },
    description: {
      en: 'The apps you chatted with in the console, the latest first.',
      zh: '您在控制台中对话过的应用，最近的在前。',
    },
    query: z.object({ pageSize: withDefault(int(1, 50), 20) }),
    response: {
      kind: 'envelope',
      schema: z.array(
        z.object({
          _id: z.string(),
          appId: z.string(),
          name: z.string(),
          avatar: z.string(),
          intro: z.string(),
          type: z.string(),
          tmbId: z.string(),
          lastUsedTime: z.string(),
        }),
      ),
    },
    example: {
      request: {},
      response: [
        {
          _id: exampleApp,
          appId: exampleApp,
          name: 'Support desk',
          avatar: '',
          intro: '',
          type: 'simple',
          tmbId: '6743e3f2a1b2c3d4e5f60701',
          lastUsedTime: '2026-01-01T00:00:10.000Z',
        },
      ],
    },
  }),
};
