import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { about, name, opt, text } from './fields.ts';
import { examplePermission } from './knowledge-fields.ts';

/** What clients send instead of a password: the SHA-256 of what the person typed. */
const passwordHash = () =>
  z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'must be the SHA-256 of the password as 64 hexadecimal characters')
    .meta(
      about({
        en: 'SHA-256 of the password, as 64 hexadecimal characters',
        zh: '密码的 SHA-256 值，64 个十六进制字符',
      }),
    );

/** A picture of `uploadImage` or `presignAvatarPostUrl`, by its path; empty = none. */
export const avatar = () =>
  text(200).meta(
    about({
      en: 'Path of an uploaded picture (`/api/system/img/…`); empty = none',
      zh: '已上传图片的路径（`/api/system/img/…`）；空表示无',
    }),
  );
const languageOf = (given: unknown) => (typeof given === 'string' && /^zh\b/i.test(given) ? 'zh' : given);

/** What FastGPT says of a member's rights in the team: read 4, write 6, manage 7, owner 4294967295. */
export const permission = z.object({
  value: z.number(),
  isOwner: z.boolean(),
  hasManagePer: z.boolean(),
  hasWritePer: z.boolean(),
  hasReadPer: z.boolean(),
  hasAppCreatePer: z.boolean(),
  hasDatasetCreatePer: z.boolean(),
  hasApikeyCreatePer: z.boolean(),
});

const user = z.object({
  _id: z.string(),
  username: z.string(),
  avatar: z.string(),
  timezone: z.string(),
  language: z
    .enum(['', 'en', 'zh'])
    .meta(about({ en: 'Of the pages; empty = as the browser asks', zh: '界面语言；空表示按浏览器设置' })),
  contact: z.string(),
  promotionRate: z.number(),
  team: z.object({
    userId: z.string(),
    teamId: z.string(),
    teamName: z.string(),
    teamAvatar: z.string(),
    memberName: z.string(),
    avatar: z.string(),
    tmbId: z.string(),
    role: z.enum(['owner', 'admin', 'editor', 'viewer']),
    status: z.string(),
    balance: z.number(),
    permission,
  }),
  permission,
});

export const teamPermission = {
  ...examplePermission,
  hasAppCreatePer: true,
  hasDatasetCreatePer: true,
  hasApikeyCreatePer: true,
};
const exampleUser = {
  _id: '68ad85a7463006c963790002',
  username: 'root',
  avatar: '',
  timezone: 'UTC',
  language: '' as const,
  contact: '',
  promotionRate: 0,
  team: {
    userId: '68ad85a7463006c963790002',
    teamId: '68ad85a7463006c963790001',
    teamName: 'My team',
    teamAvatar: '',
    memberName: 'root',
    avatar: '',
    tmbId: '68ad85a7463006c963790003',
    role: 'owner' as const,
    status: 'active',
    balance: 0,
    permission: teamPermission,
  },
  permission: teamPermission,
};
const exampleHash = '03ac674216f3e15c761ee1a5e255f067953623c8b388b4459e13f978d7c846f4';
const otherHash = '5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8';

export const accountEndpoints = {
  preLogin: endpoint({
    method: 'GET',
    path: '/api/support/user/account/preLogin',
    callers: ['public'],
    tag: 'account',
    summary: { en: 'Get a login code', zh: '获取登录验证码' },
    description: {
      en: 'The code goes into `loginByPassword` within 30 seconds and works once. It is given for any name, so it does not tell who exists; at most 300 in 15 minutes for one address.',
      zh: '验证码需在 30 秒内用于 `loginByPassword`，且只能使用一次。任何用户名都会得到验证码，因此无法据此判断用户是否存在；同一地址 15 分钟内最多 300 个。',
    },
    query: z.object({ username: text(200, 1).meta(about({ en: 'User name', zh: '用户名' })) }),
    response: { kind: 'envelope', schema: z.object({ code: z.string() }) },
    errors: ['tooManyRequests'],
    example: { request: { username: 'root' }, response: { code: 'K7MFQ2' } },
  }),

  loginByPassword: endpoint({
    method: 'POST',
    path: '/api/support/user/account/loginByPassword',
    callers: ['public'],
    tag: 'account',
    summary: { en: 'Log in', zh: '登录' },
    description: {
      en: 'Sets the session cookie `fastgpt_token` and answers the token too, which also works as the header `token`. A session lasts 7 days; a user has at most 10, the oldest end first. After 10 attempts in 15 minutes for one account and address, or 100 that failed from one address, the answer is 429.',
      zh: '设置会话 Cookie `fastgpt_token` 并返回令牌，令牌也可放在 `token` 请求头中使用。会话有效期 7 天，每个用户最多 10 个，超出时最早的会话结束。15 分钟内同一账户和地址尝试 10 次，或同一地址失败 100 次后返回 429。',
    },
    body: z.object({
      username: text(200, 1),
      password: passwordHash(),
      code: text(20, 1).meta(
        about({ en: 'From preLogin; upper or lower case', zh: '来自 preLogin，不区分大小写' }),
      ),
    }),
    response: { kind: 'envelope', schema: z.object({ user, token: z.string() }) },
    errors: ['loginCodeWrong', 'accountOrPasswordWrong', 'tooManyRequests'],
    example: {
      request: { username: 'root', password: exampleHash, code: 'K7MFQ2' },
      response: { user: exampleUser, token: '68ad85a7463006c963790002:…' },
    },
  }),

  tokenLogin: endpoint({
    method: 'GET',
    path: '/api/support/user/account/tokenLogin',
    callers: ['session'],
    tag: 'account',
    summary: { en: 'Who am I', zh: '当前用户' },
    description: {
      en: 'The user of this session and the team they are in.',
      zh: '返回当前会话的用户及其所在团队。',
    },
    response: { kind: 'envelope', schema: user },
    example: { response: exampleUser },
  }),

  loginout: endpoint({
    method: 'GET',
    path: '/api/support/user/account/loginout',
    aliases: [{ method: 'POST', path: '/api/support/user/account/loginout' }],
    changes: true,
    callers: ['public'],
    tag: 'account',
    summary: { en: 'Log out', zh: '退出登录' },
    description: {
      en: 'Ends all sessions of the user, or with `scope` "this" only the one that calls, and clears the cookie. Ending what has ended is no error; a link that somebody follows ends nothing.',
      zh: '结束该用户的所有会话（`scope` 为 "this" 时仅结束当前会话）并清除 Cookie。会话已结束不算错误；通过点击链接访问不会结束会话。',
    },
    query: z.object({
      scope: opt(z.enum(['all', 'this'])).meta(
        about({ en: '`all` as when absent, or `this` session only', zh: '`all`（默认）或仅当前会话 `this`' }),
      ),
    }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['originForbidden'],
    example: { request: { scope: 'this' }, response: null },
  }),

  updatePasswordByOld: endpoint({
    method: 'POST',
    path: '/api/support/user/account/updatePasswordByOld',
    callers: ['session'],
    tag: 'account',
    summary: { en: 'Change the password', zh: '修改密码' },
    description: {
      en: 'All other sessions of the user end. Wrong tries count as login attempts.',
      zh: '该用户的其他会话全部结束。原密码错误计入登录尝试次数。',
    },
    body: z.object({ oldPsw: passwordHash(), newPsw: passwordHash() }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['oldPasswordWrong', 'passwordUnchanged', 'passwordTooWeak', 'tooManyRequests'],
    example: { request: { oldPsw: exampleHash, newPsw: otherHash }, response: null },
  }),

  checkPswExpired: endpoint({
    method: 'GET',
    path: '/api/support/user/account/checkPswExpired',
    callers: ['session'],
    tag: 'account',
    summary: { en: 'Must the password be changed?', zh: '密码是否需要修改' },
    description: {
      en: 'True after a first login with a known default password: until it is changed, the session can do nothing else.',
      zh: '使用已知默认密码首次登录后为 true：修改密码之前，该会话不能执行其他操作。',
    },
    response: { kind: 'envelope', schema: z.boolean() },
    example: { response: false },
  }),

  resetExpiredPsw: endpoint({
    method: 'POST',
    path: '/api/support/user/account/resetExpiredPsw',
    callers: ['session'],
    tag: 'account',
    summary: { en: 'Replace a password that must be changed', zh: '重设必须修改的密码' },
    description: {
      en: 'Only while `checkPswExpired` is true; otherwise use `updatePasswordByOld`. All other sessions of the user end.',
      zh: '仅在 `checkPswExpired` 为 true 时可用，否则请使用 `updatePasswordByOld`。该用户的其他会话全部结束。',
    },
    body: z.object({ newPsw: passwordHash() }),
    response: { kind: 'envelope', schema: z.object({}) },
    errors: ['passwordNotExpired', 'passwordUnchanged', 'passwordTooWeak'],
    example: { request: { newPsw: otherHash }, response: {} },
  }),

  updateAccount: endpoint({
    method: 'PUT',
    path: '/api/support/user/account/update',
    callers: ['session'],
    tag: 'account',
    summary: { en: 'Change my settings', zh: '修改个人设置' },
    description: {
      en: 'Avatar, time zone and language of the pages. Absent fields stay as they are.',
      zh: '修改头像、时区与界面语言，缺省字段保持不变。',
    },
    body: z.object({
      avatar: opt(avatar()),
      timezone: opt(text(100, 1)).meta(
        about({ en: 'IANA name, such as `Asia/Shanghai`', zh: 'IANA 时区名称，例如 `Asia/Shanghai`' }),
      ),
      language: opt(z.preprocess(languageOf, z.enum(['', 'en', 'zh']))).meta(
        about({
          en: '`en` or `zh` (`zh-CN` is taken too); empty = as the browser asks',
          zh: '`en` 或 `zh`（也接受 `zh-CN`）；空表示按浏览器设置',
        }),
      ),
    }),
    response: { kind: 'envelope', schema: z.object({}) },
    example: { request: { timezone: 'Asia/Shanghai', language: 'zh' }, response: {} },
  }),

  updateContact: endpoint({
    method: 'PUT',
    path: '/api/support/user/account/updateContact',
    aliases: [{ method: 'PUT', path: '/api/proApi/support/user/account/updateContact' }],
    callers: ['session'],
    tag: 'account',
    summary: { en: 'Change how I am reached', zh: '修改联系方式' },
    description: {
      en: 'An e-mail address or telephone number, which the managers of the team see. Nothing is sent to it.',
      zh: '邮箱或电话号码，团队管理者可以看到；系统不会向其发送任何内容。',
    },
    body: z.object({
      contact: text(200).meta(about({ en: 'Empty takes it away', zh: '空文本表示删除' })),
    }),
    response: { kind: 'envelope', schema: z.null() },
    example: { request: { contact: 'maria@example.com' }, response: null },
  }),

  updateMyName: endpoint({
    method: 'PUT',
    path: '/api/support/user/team/member/updateName',
    aliases: [{ method: 'PUT', path: '/api/proApi/support/user/team/member/updateName' }],
    callers: ['session'],
    tag: 'account',
    summary: { en: 'Change my name in the team', zh: '修改我在团队中的名称' },
    description: {
      en: 'What the others see; the name to log in with stays.',
      zh: '其他成员看到的名称；登录用户名不变。',
    },
    body: z.object({ name: name(100) }),
    response: { kind: 'envelope', schema: z.null() },
    example: { request: { name: 'Maria' }, response: null },
  }),

  leaveTeam: endpoint({
    method: 'DELETE',
    path: '/api/support/user/team/member/leave',
    aliases: [{ method: 'DELETE', path: '/api/proApi/support/user/team/member/leave' }],
    callers: ['session'],
    tag: 'account',
    summary: { en: 'Leave the team', zh: '离开团队' },
    description: {
      en: 'My sessions and keys end; what I made stays with the team. The last owner cannot leave.',
      zh: '我的会话与密钥全部失效，所创建的内容留在团队。最后一位所有者不能离开。',
    },
    response: { kind: 'envelope', schema: z.null() },
    errors: ['lastOwner', 'rootStays'],
    example: { response: null },
  }),
};
