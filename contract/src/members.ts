import { z } from 'zod';
import { permission, teamPermission } from './account.ts';
import { endpoint } from './endpoint.ts';
import { about, id, name, num, opt, paging, text, withDefault } from './fields.ts';

const team = '/api/support/user/team';
/** FastGPT's commercial edition has these routes below `proApi`. */
export const older = <M extends 'GET' | 'POST' | 'PUT' | 'DELETE'>(method: M, path: string) => ({
  method,
  path: path.replace('/api/', '/api/proApi/'),
});

export const roleNames = ['owner', 'admin', 'editor', 'viewer'] as const;
const role = () =>
  z.enum(roleNames).meta(
    about({
      en: 'owner: everything; admin: members and models as well; editor: makes apps and datasets; viewer: uses them',
      zh: 'owner：全部权限；admin：还可管理成员和模型；editor：创建应用和知识库；viewer：仅使用',
    }),
  );

const member = z.object({
  tmbId: z.string(),
  userId: z.string(),
  teamId: z.string(),
  username: z.string().meta(about({ en: 'What they log in with', zh: '登录用户名' })),
  memberName: z.string(),
  avatar: z.string(),
  contact: z.string(),
  role: z.enum(roleNames),
  status: z.enum(['active', 'leave']),
  mustChangePassword: z
    .boolean()
    .meta(about({ en: 'Has a one-time password and not logged in with it', zh: '仍在使用一次性密码' })),
  permission,
  createTime: z.string(),
});

export const exampleMember = '68ad85a7463006c963790013';
const exampleUser = '68ad85a7463006c963790012';
const exampleTeam = '68ad85a7463006c963790001';

const password = z.string().meta(
  about({
    en: 'One-time password, shown only now: the first log-in has to change it',
    zh: '一次性密码，仅此时显示；首次登录必须修改',
  }),
);

/** Who is in the team, and what they may do. */
export const memberEndpoints = {
  listMembers: endpoint({
    method: 'POST',
    path: `${team}/member/list`,
    aliases: [older('POST', `${team}/member/list`)],
    callers: ['session'],
    tag: 'team',
    summary: { en: 'List members', zh: '成员列表' },
    description: {
      en: 'The members of the team by the time they joined. Contacts are shown to those who manage members only.',
      zh: '按加入时间列出团队成员。联系方式仅对可管理成员的人显示。',
    },
    body: z.object({
      ...paging(),
      searchKey: opt(text(200)).meta(
        about({ en: 'Part of the name or user name', zh: '名称或用户名的一部分' }),
      ),
      status: opt(z.enum(['active', 'inactive'])).meta(
        about({
          en: '`active` when absent; `inactive` = who left',
          zh: '默认 `active`；`inactive` 表示已离开',
        }),
      ),
    }),
    response: { kind: 'envelope', schema: z.object({ list: z.array(member), total: z.number().int() }) },
    example: {
      request: { pageSize: 20, pageNum: 1 },
      response: {
        total: 1,
        list: [
          {
            tmbId: exampleMember,
            userId: exampleUser,
            teamId: exampleTeam,
            username: 'maria',
            memberName: 'Maria',
            avatar: '',
            contact: '',
            role: 'editor',
            status: 'active',
            mustChangePassword: false,
            permission: { ...teamPermission, value: 6, isOwner: false, hasManagePer: false },
            createTime: '2026-11-23T12:40:00.000Z',
          },
        ],
      },
    },
  }),

  countMembers: endpoint({
    method: 'GET',
    path: `${team}/member/count`,
    aliases: [older('GET', `${team}/member/count`)],
    callers: ['session'],
    tag: 'team',
    summary: { en: 'Count members', zh: '成员数量' },
    description: { en: 'How many members are active.', zh: '返回在职成员的数量。' },
    response: { kind: 'envelope', schema: z.object({ count: z.number().int() }) },
    example: { response: { count: 3 } },
  }),

  inviteMembers: endpoint({
    method: 'POST',
    path: `${team}/member/invite`,
    aliases: [older('POST', `${team}/member/invite`)],
    callers: ['session'],
    tag: 'team',
    summary: { en: 'Add members', zh: '添加成员' },
    description: {
      en: 'Makes users who are members of the team, each with a one-time password that is answered this once and that the first log-in has to change. `inTeam` are members already, `inValid` are names that somebody else has or that cannot be a user name. Only owners can add owners.',
      zh: '创建用户并加入团队，每人获得一个仅返回一次的一次性密码，首次登录必须修改。`inTeam` 为已有成员，`inValid` 为已被占用或不能用作用户名的名称。仅所有者可以添加所有者。',
    },
    body: z.object({
      usernames: z.array(name(100)).min(1).max(50),
      role: withDefault(role(), 'editor'),
    }),
    response: {
      kind: 'envelope',
      schema: z.object({
        invite: z.array(
          z.object({ username: z.string(), userId: z.string(), tmbId: z.string(), role: role(), password }),
        ),
        inValid: z.array(z.object({ username: z.string() })),
        inTeam: z.array(z.object({ username: z.string(), userId: z.string(), tmbId: z.string() })),
      }),
    },
    errors: ['teamForbidden'],
    example: {
      request: { usernames: ['maria'], role: 'editor' },
      response: {
        invite: [
          {
            username: 'maria',
            userId: exampleUser,
            tmbId: exampleMember,
            role: 'editor',
            password: 'abcde-fghjk-mnpqr-stuvw',
          },
        ],
        inValid: [],
        inTeam: [],
      },
    },
  }),

  updateMemberRights: endpoint({
    method: 'PUT',
    path: `${team}/collaborator/update`,
    aliases: [older('PUT', `${team}/collaborator/update`)],
    callers: ['session'],
    tag: 'team',
    summary: { en: 'Change the role of members', zh: '修改成员角色' },
    description: {
      en: "Counts from their next request on. By `role`, or by FastGPT's number (4 viewer, 6 editor, 7 admin, 4294967295 owner). Owners are made and changed by owners only, and the last one stays.",
      zh: '自成员的下一次请求起生效。可用 `role` 或 FastGPT 的数值（4 viewer、6 editor、7 admin、4294967295 owner）。所有者只能由所有者设置或更改，最后一位不能更改。',
    },
    body: z.object({
      members: z.array(id()).min(1).max(100),
      role: opt(role()),
      permission: opt(num(z.number())),
    }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['teamForbidden', 'memberNotFound', 'lastOwner', 'rootStays', 'memberLeft'],
    example: { request: { members: [exampleMember], role: 'admin' }, response: null },
  }),

  updateMemberName: endpoint({
    method: 'PUT',
    path: `${team}/member/updateNameByManager`,
    aliases: [older('PUT', `${team}/member/updateNameByManager`)],
    callers: ['session'],
    tag: 'team',
    summary: { en: 'Change the name of a member', zh: '修改成员名称' },
    description: {
      en: 'What the others see; the name to log in with stays.',
      zh: '其他成员看到的名称；登录用户名不变。',
    },
    body: z.object({ tmbId: id(), name: name(100) }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['teamForbidden', 'memberNotFound'],
    example: { request: { tmbId: exampleMember, name: 'Maria' }, response: null },
  }),

  resetMemberPassword: endpoint({
    method: 'POST',
    path: `${team}/member/resetPassword`,
    callers: ['session'],
    tag: 'team',
    summary: { en: 'Give a member a new password', zh: '为成员重设密码' },
    description: {
      en: 'For who lost theirs: answers a one-time password, this once; their sessions end, their keys go on working. Not for root, nor for members of other teams: only the operator of the server may do that.',
      zh: '用于忘记密码的成员：返回仅显示一次的一次性密码，其会话全部结束，密钥继续有效。不适用于 root 与同时属于其他团队的成员，此类只能由系统管理员操作。',
    },
    body: z.object({ tmbId: id() }),
    response: { kind: 'envelope', schema: z.object({ username: z.string(), password }) },
    errors: ['teamForbidden', 'memberNotFound', 'memberOfOthers', 'rootStays', 'memberLeft'],
    example: {
      request: { tmbId: exampleMember },
      response: { username: 'maria', password: 'abcde-fghjk-mnpqr-stuvw' },
    },
  }),

  removeMember: endpoint({
    method: 'DELETE',
    path: `${team}/member/delete`,
    aliases: [older('DELETE', `${team}/member/delete`)],
    callers: ['session'],
    tag: 'team',
    summary: { en: 'Remove a member', zh: '移除成员' },
    description: {
      en: 'Their sessions end and their keys stop working at once; what they made stays with the team. `member/restore` takes them back.',
      zh: '其会话与密钥立即失效，所创建的内容留在团队。可用 `member/restore` 恢复。',
    },
    query: z.object({ tmbId: id() }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['teamForbidden', 'memberNotFound', 'lastOwner', 'rootStays'],
    example: { request: { tmbId: exampleMember }, response: null },
  }),

  restoreMember: endpoint({
    method: 'POST',
    path: `${team}/member/restore`,
    aliases: [older('POST', `${team}/member/restore`)],
    callers: ['session'],
    tag: 'team',
    summary: { en: 'Take a member back', zh: '恢复成员' },
    description: {
      en: 'With the role they had; their keys work again.',
      zh: '恢复其原有角色，密钥重新生效。',
    },
    body: z.object({ tmbId: id() }),
    response: { kind: 'envelope', schema: z.null() },
    errors: ['teamForbidden', 'memberNotFound'],
    example: { request: { tmbId: exampleMember }, response: null },
  }),
} as const;
