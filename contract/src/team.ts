import { z } from 'zod';
import { avatar } from './account.ts';
import { endpoint } from './endpoint.ts';
import { about, id, messages, name, opt, paging, text, timeText } from './fields.ts';
import { exampleMember, older } from './members.ts';

const team = '/api/support/user/team';
const user = '/api/support/user';

const moment = () => z.preprocess(timeText, z.iso.datetime({ offset: true, error: messages.time.en }));

const unlimited = z.number().meta(about({ en: '-1 = no limit', zh: '-1 表示无限制' }));

const thing = () =>
  z.object({
    type: z.string().meta(
      about({
        en: 'key, member, team, model, models, channel, origin, webhook, backup, app or dataset',
        zh: 'key、member、team、model、models、channel、origin、webhook、backup、app 或 dataset',
      }),
    ),
    id: z.string(),
    name: z.string().meta(
      about({
        en: 'What it is called now, else what it was called then',
        zh: '现在的名称；已不存在时为当时的名称',
      }),
    ),
    exists: z.boolean().meta(about({ en: 'Whether it is still there', zh: '是否仍然存在' })),
  });

export const teamEndpoints = {
  updateTeam: endpoint({
    method: 'PUT',
    path: `${team}/update`,
    callers: ['session'],
    tag: 'team',
    summary: { en: 'Change the team', zh: '修改团队' },
    description: {
      en: 'Name and avatar. Absent fields stay as they are. For owners and admins.',
      zh: '修改名称与头像，缺省字段保持不变。仅所有者与管理员可用。',
    },
    body: z.object({ name: opt(name()), avatar: opt(avatar()) }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['teamForbidden', 'avatarUnknown'],
    example: { request: { name: 'Documentation team' }, response: null },
  }),

  getTeamPlanStatus: endpoint({
    method: 'GET',
    path: `${team}/plan/getTeamPlanStatus`,
    callers: ['session'],
    tag: 'team',
    summary: { en: 'Limits and use of the team', zh: '团队的限制与用量' },
    description: {
      en: 'There are no plans: limits are those that the operator set, -1 where there is none. What is used is counted now.',
      zh: '没有套餐：限制由系统管理员设置，-1 表示无限制；用量为当前统计值。',
    },
    response: {
      kind: 'envelope',
      schema: z.object({
        standard: z.null(),
        totalPoints: unlimited,
        usedPoints: z.number(),
        datasetMaxSize: unlimited,
        usedDatasetSize: z
          .number()
          .int()
          .meta(about({ en: 'Data items', zh: '数据条数' })),
        usedMember: z.number().int(),
        usedAppAmount: z.number().int(),
        usedDatasetAmount: z.number().int(),
        usedCollections: z.number().int(),
        usedFileBytes: z.number(),
        usedKeys: z.number().int(),
        maxKeysOfMemberPerApp: z.number().int(),
        maxUploadFileBytes: z.number(),
        chats: z.number().int(),
      }),
    },
    example: {
      response: {
        standard: null,
        totalPoints: -1,
        usedPoints: 12.5,
        datasetMaxSize: -1,
        usedDatasetSize: 1200,
        usedMember: 3,
        usedAppAmount: 2,
        usedDatasetAmount: 4,
        usedCollections: 37,
        usedFileBytes: 10_485_760,
        usedKeys: 5,
        maxKeysOfMemberPerApp: 100,
        maxUploadFileBytes: 524_288_000,
        chats: 42,
      },
    },
  }),

  listAudit: endpoint({
    method: 'POST',
    path: `${user}/audit/list`,
    aliases: [older('POST', `${user}/audit/list`)],
    callers: ['session'],
    tag: 'team',
    summary: { en: 'Audit log', zh: '审计日志' },
    description: {
      en: 'Who logged in and out, whose log-ins failed or were blocked, and who changed keys, members, passwords, models, webhooks, backups and sharing, the latest first. Log-ins that fail alike within a quarter of an hour are one entry with their number (`metadata.count`); those with names that nobody has are listed in the team of `root`, without the name. For owners and admins.',
      zh: '按时间倒序列出登录、退出、登录失败与锁定，以及密钥、成员、密码、模型、Webhook、备份与分享的变更。一刻钟内相同的登录失败合并为一条并记录次数（`metadata.count`）；用户名不存在的登录记录在 `root` 所在团队中，不保存该用户名。仅所有者与管理员可用。',
    },
    body: z.object({
      ...paging(),
      tmbIds: opt(z.array(id()).max(100)).meta(about({ en: 'Only what these did', zh: '仅这些成员的操作' })),
      events: opt(z.array(text(100)).max(50)).meta(
        about({ en: 'Only these events, such as `key.create`', zh: '仅这些事件，例如 `key.create`' }),
      ),
      startTime: opt(moment()),
      endTime: opt(moment()),
    }),
    response: {
      kind: 'envelope',
      schema: z.object({
        list: z.array(
          z.object({
            _id: z.string(),
            event: z.string(),
            timestamp: z.string(),
            sourceMember: z.object({
              tmbId: z
                .string()
                .nullable()
                .meta(
                  about({
                    en: 'null = the command line, or nobody that is known. Of a failed log-in: in whose name',
                    zh: 'null 表示命令行或未知人员；登录失败时为所使用的成员身份',
                  }),
                ),
              name: z.string(),
              avatar: z.string(),
              status: z.enum(['active', 'leave']),
            }),
            objectType: z.string(),
            objectId: z.string(),
            object: thing().meta(about({ en: 'What it is about', zh: '涉及的对象' })),
            app: thing()
              .nullable()
              .meta(about({ en: 'The app of an app key', zh: '应用密钥所属的应用' })),
            metadata: z.record(z.string(), z.unknown()),
            address: z.string(),
          }),
        ),
        total: z.number().int(),
      }),
    },
    errors: ['teamForbidden'],
    example: {
      request: { pageSize: 20, pageNum: 1, events: ['key.create'] },
      response: {
        total: 1,
        list: [
          {
            _id: '68ad85a7463006c963790a01',
            event: 'key.create',
            timestamp: '2026-11-23T12:40:00.000Z',
            sourceMember: { tmbId: exampleMember, name: 'Maria', avatar: '', status: 'active' },
            objectType: 'key',
            objectId: '68ad85a7463006c963790b01',
            object: { type: 'key', id: '68ad85a7463006c963790b01', name: 'website', exists: true },
            app: null,
            metadata: { name: 'website' },
            address: '192.0.2.7',
          },
        ],
      },
    },
  }),

  listInforms: endpoint({
    method: 'POST',
    path: `${user}/inform/list`,
    aliases: [older('POST', `${user}/inform/list`)],
    callers: ['session'],
    tag: 'team',
    summary: { en: 'Messages to me', zh: '我的消息' },
    description: {
      en: 'What I should know of: jobs of the last 30 days that failed (for those who may change datasets), and keys of mine that end within a week or have ended. The latest first. A message goes when its reason goes.',
      zh: '需要关注的事项：最近 30 天失败的任务（对可修改知识库的人）、一周内到期或已到期的本人密钥，按时间倒序。原因消除后消息随之消失。',
    },
    body: z.object(paging()),
    response: {
      kind: 'envelope',
      schema: z.object({
        list: z.array(
          z.object({
            _id: z.string(),
            level: z.enum(['common', 'important', 'emergency']),
            title: z.string(),
            content: z.string(),
            time: z.string(),
            read: z.boolean(),
            about: z.object({ type: z.enum(['job', 'key']), id: z.string() }),
          }),
        ),
        total: z.number().int(),
        unread: z.number().int(),
      }),
    },
    example: {
      request: { pageSize: 20, pageNum: 1 },
      response: {
        total: 1,
        unread: 1,
        list: [
          {
            _id: 'job-68ad85a7463006c963790c01-1a2b3c',
            level: 'important',
            title: 'handbook.pdf could not be imported',
            content: 'The file is protected by a password. Remove the protection and upload it again.',
            time: '2026-11-23T12:40:00.000Z',
            read: false,
            about: { type: 'job', id: '68ad85a7463006c963790c01' },
          },
        ],
      },
    },
  }),

  readInform: endpoint({
    method: 'GET',
    path: `${user}/inform/read`,
    aliases: [older('GET', `${user}/inform/read`)],
    changes: true,
    callers: ['session'],
    tag: 'team',
    summary: { en: 'Mark a message read', zh: '标记消息已读' },
    description: {
      en: 'For me only. Without `id` all of them. A message that is gone is no error.',
      zh: '仅对本人生效。省略 `id` 表示全部。消息已消失不算错误。',
    },
    query: z.object({ id: opt(text(100)) }),
    response: { kind: 'envelope', schema: z.null() },
    example: { request: { id: 'job-68ad85a7463006c963790c01-1a2b3c' }, response: null },
  }),
} as const;
