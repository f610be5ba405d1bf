import { createTeam } from '../../domain/teams/create-team.ts';
import { createAccount } from '../../domain/users/create-account.ts';
import { replacePassword } from '../../domain/users/replace-password.ts';
import type { Role } from '../../store/schema.ts';
import { actingMember } from '../acting-member.ts';
import { type Command, CommandError } from '../command.ts';
import { table } from '../table.ts';

const roles: readonly Role[] = ['owner', 'admin', 'editor', 'viewer'];
const passwordNote = {
  en: 'Pass the password on safely: it is not shown again.',
  zh: '请安全地转交密码，此密码不会再次显示。',
};

const createUser: Command = {
  name: 'users create',
  summary: {
    en: 'make a user in a team and print the password, this one time',
    zh: '在团队中创建用户并输出密码（仅此一次）',
  },
  options: {
    name: { value: 'USER', text: { en: 'name to log in with', zh: '登录用户名' }, required: true },
    role: {
      value: 'ROLE',
      text: { en: `${roles.join(', ')} (default editor)`, zh: `${roles.join('、')}（默认 editor）` },
    },
    team: {
      value: 'TEAM',
      text: { en: "name or id of the team (default root's)", zh: '团队名称或 id（默认 root 的团队）' },
    },
  },
  async run(context) {
    const given = context.option('role') ?? 'editor';
    const role = roles.find((known) => known === given);
    if (!role) {
      const text = {
        en: `--role: choose one of ${roles.join(', ')}`,
        zh: `--role：请选择 ${roles.join('、')}`,
      };
      throw new CommandError(text, 2);
    }
    const caller = await actingMember(context.app.store, { team: context.option('team') });
    const made = await createAccount(context.app, caller, { username: context.option('name') ?? '', role });
    return { json: made, text: `${made.username}  ${made.password}`, note: passwordNote };
  },
};

const newPassword: Command = {
  name: 'users password',
  summary: {
    en: 'give a user a new password and print it, this one time; their sessions end',
    zh: '为用户生成新密码并输出（仅此一次），其会话全部结束',
  },
  argument: 'USER',
  options: {},
  async run({ app, argument }) {
    const caller = await actingMember(app.store, { member: (argument ?? '').toLowerCase() });
    const made = await replacePassword(app, caller);
    return { json: made, text: `${made.username}  ${made.password}`, note: passwordNote };
  },
};

const listUsers: Command = {
  name: 'users list',
  summary: { en: 'list users with their teams and roles', zh: '列出用户及其团队和角色' },
  options: {},
  async run({ app, lang }) {
    const users = await app.store.db
      .selectFrom('users as u')
      .leftJoin('members as m', (join) => join.onRef('m.userId', '=', 'u.id').on('m.status', '=', 'active'))
      .leftJoin('teams as t', 't.id', 'm.teamId')
      .select(['u.id', 'u.username', 'u.status', 'm.role', 't.id as teamId', 't.name as teamName'])
      .orderBy('u.username')
      .orderBy('t.createTime')
      .execute();
    const headings = {
      en: ['ID', 'USER', 'STATUS', 'ROLE', 'TEAM'],
      zh: ['ID', '用户', '状态', '角色', '团队'],
    };
    const rows = users.map((u) => [u.id, u.username, u.status, u.role ?? '-', u.teamName ?? '-']);
    return { json: users, text: table(headings[lang], rows) };
  },
};

const makeTeam: Command = {
  name: 'teams create',
  summary: { en: 'make a team with an owner', zh: '创建团队及其所有者' },
  options: {
    name: { value: 'TEAM', text: { en: 'name of the team', zh: '团队名称' }, required: true },
    owner: {
      value: 'USER',
      text: {
        en: 'its owner; a new name makes a user and prints the password',
        zh: '所有者；新用户名将创建用户并输出密码',
      },
      required: true,
    },
  },
  async run(context) {
    const input = { name: context.option('name') ?? '', owner: context.option('owner') ?? '' };
    const made = await createTeam(context.app, input);
    if (!made.password) return { json: made, text: made.teamId };
    return { json: made, text: `${made.teamId}  ${made.owner}  ${made.password}`, note: passwordNote };
  },
};

const listTeams: Command = {
  name: 'teams list',
  summary: { en: 'list teams with their owners', zh: '列出团队及其所有者' },
  options: {},
  async run({ app, lang }) {
    const rows = await app.store.db
      .selectFrom('teams as t')
      .leftJoin('members as m', (join) => join.onRef('m.teamId', '=', 't.id').on('m.status', '=', 'active'))
      .leftJoin('users as u', 'u.id', 'm.userId')
      .select(['t.id', 't.name', 'm.role', 'u.username'])
      .orderBy('t.createTime')
      .orderBy('t.id')
      .execute();
    const teams = [...Map.groupBy(rows, ({ id }) => id)].map(([id, members]) => ({
      id,
      name: members[0]?.name ?? '',
      owners: members.filter(({ role }) => role === 'owner').map(({ username }) => username ?? ''),
      members: members.filter(({ username }) => username !== null).length,
    }));
    const headings = { en: ['ID', 'TEAM', 'OWNERS', 'MEMBERS'], zh: ['ID', '团队', '所有者', '成员数'] };
    const shown = teams.map((team) => [team.id, team.name, team.owners.join(', '), String(team.members)]);
    return { json: teams, text: table(headings[lang], shown) };
  },
};

export const peopleCommands: readonly Command[] = [createUser, newPassword, listUsers, makeTeam, listTeams];
