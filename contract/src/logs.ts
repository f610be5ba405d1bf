import { z } from 'zod';
import { timeField } from './chats.ts';
import { endpoint } from './endpoint.ts';
import { about, bool, id, opt, paging, text } from './fields.ts';

const logItem = z.object({
  _id: z.string(),
  id: z.string().meta(about({ en: 'The chatId, as older versions named it', zh: 'chatId 在旧版本中的名称' })),
  chatId: z.string(),
  title: z.string(),
  customTitle: z.string(),
  source: z.string(),
  sourceName: z.string(),
  createTime: z.string(),
  updateTime: z.string(),
  messageCount: z.number().int(),
  userGoodFeedbackCount: z.number().int(),
  userBadFeedbackCount: z.number().int(),
  customFeedbacksCount: z.number().int(),
  markCount: z
    .number()
    .int()
    .meta(
      about({
        en: 'Answers corrected by hand; 0 until that is possible',
        zh: '人工修正的回答数；在该功能可用之前为 0',
      }),
    ),
  averageResponseTime: z.number().meta(about({ en: 'seconds', zh: '单位为秒' })),
  errorCount: z.number().int(),
  totalPoints: z.number(),
  customUid: z.string(),
  outLinkUid: z.string(),
  tmbId: z.string(),
  sourceMember: z.object({ name: z.string(), avatar: z.string(), status: z.string() }),
  versionName: z.string(),
  originIp: z.string(),
  region: z.string(),
});

const texts = (max: number) => opt(z.array(text(max)).max(1000));

export const logEndpoints = {
  listLogs: endpoint({
    method: 'POST',
    path: '/api/core/app/logs/list',
    aliases: [{ method: 'POST', path: '/api/core/app/getChatLogs' }],
    callers: ['global', 'app', 'session'],
    tag: 'logs',
    summary: { en: 'Chat logs of an app', zh: '获取应用的对话日志' },
    description: {
      en: 'Every chat of the app, whoever had it, the latest updated first. Times filter by last update; without them the last seven days are listed.',
      zh: '该应用的全部对话，不论由谁发起，按更新时间倒序。时间按最后更新过滤；不传则为最近七天。',
    },
    body: z.object({
      appId: opt(id()).meta(
        about({ en: 'The app; an app key may leave it out', zh: '应用；应用密钥可省略' }),
      ),
      dateStart: opt(timeField()),
      dateEnd: opt(timeField()),
      sources: texts(50),
      tmbIds: texts(24),
      outLinkUids: texts(255),
      customUid: opt(text(255)),
      chatSearch: opt(text(300)).meta(
        about({
          en: 'Part of a chatId, title or custom title; taken literally',
          zh: 'chatId、标题或自定义标题的一部分，按字面匹配',
        }),
      ),
      feedbackType: opt(z.enum(['all', 'has_feedback', 'good', 'bad'])),
      unreadOnly: opt(bool()).meta(
        about({
          en: 'Feedback cannot be marked as read yet: all of it counts as unread',
          zh: '尚不能标记已读：所有反馈都视为未读',
        }),
      ),
      errorFilter: opt(z.enum(['all', 'has_error'])),
      ...paging(),
    }),
    response: { kind: 'envelope', schema: z.object({ total: z.number().int(), list: z.array(logItem) }) },
    errors: ['missingParams', 'appNotFound', 'keyAppMismatch'],
    example: {
      request: {
        appId: '68ad85a7463006c96379a0b1',
        dateStart: '2026-01-01T00:00:00.000Z',
        dateEnd: '2026-01-08T00:00:00.000Z',
        offset: 0,
        pageSize: 20,
      },
      response: { total: 0, list: [] },
    },
  }),
};
