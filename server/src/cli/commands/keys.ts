import type { Scope } from '@lectern/contract/endpoint.ts';
import { createKey, type NewKey } from '../../domain/keys/create-key.ts';
import { deleteKey } from '../../domain/keys/delete-key.ts';
import { importKey } from '../../domain/keys/import-key.ts';
import { listKeys } from '../../domain/keys/list-keys.ts';
import { fail } from '../../kernel/errors.ts';
import { actingMember } from '../acting-member.ts';
import { type Command, type CommandContext, CommandError, type CommandOption } from '../command.ts';
import { table } from '../table.ts';

const scopes: readonly Scope[] = ['apps:write'];

const who: Record<string, CommandOption> = {
  member: {
    value: 'USER',
    text: { en: 'user the key acts as (default root)', zh: '密钥所代表的用户（默认 root）' },
  },
  team: { value: 'TEAM', text: { en: 'name or id of the team', zh: '团队名称或 id' } },
};

const newKey: Record<string, CommandOption> = {
  name: { value: 'NAME', text: { en: 'what people call the key', zh: '密钥名称' }, required: true },
  app: {
    value: 'ID',
    text: { en: 'bind it to this app (default: a global key)', zh: '绑定到此应用（默认为全局密钥）' },
  },
  ...who,
  expires: { value: 'TIME', text: { en: 'a date, or 30d, 12h', zh: '日期，或 30d、12h' } },
  points: { value: 'N', text: { en: 'points it may use', zh: '可用积分' } },
  'per-minute': { value: 'N', text: { en: 'requests per minute', zh: '每分钟请求数' } },
  address: {
    value: 'CIDR',
    text: { en: 'address it may be used from (repeatable)', zh: '允许使用的地址（可重复）' },
    multiple: true,
  },
  route: {
    value: 'ROUTE',
    text: {
      en: 'operation or path prefix it may be used on (repeatable)',
      zh: '允许的操作或路径前缀（可重复）',
    },
    multiple: true,
  },
  scope: {
    value: 'SCOPE',
    text: {
      en: `further right: ${scopes.join(', ')} (repeatable)`,
      zh: `额外权限：${scopes.join('、')}（可重复）`,
    },
    multiple: true,
  },
};

const wrong = (option: string, en: string, zh: string) =>
  new CommandError({ en: `--${option}: ${en}`, zh: `--${option}：${zh}` }, 2);

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function expiryOf(text: string): string {
  const relative = /^(\d{1,6})([mhd])$/.exec(text);
  const unit = relative?.[2] as keyof typeof unitMs | undefined;
  const time = unit ? Date.now() + Number(relative?.[1]) * unitMs[unit] : Date.parse(text);
  if (!Number.isFinite(time))
    throw wrong(
      'expires',
      `"${text}" is no date, nor like 30d or 12h`,
      `“${text}”不是日期，也不是 30d、12h 这样的时长`,
    );
  if (time <= Date.now()) throw wrong('expires', `${text} is in the past`, `${text} 已过去`);
  return new Date(time).toISOString();
}

function numberOf(context: CommandContext, name: string): number | undefined {
  const text = context.option(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0 || text.trim() === '')
    throw wrong(name, `"${text}" is no number`, `“${text}”不是数字`);
  return value;
}

function scopeOf(text: string): Scope {
  const known = scopes.find((scope) => scope === text);
  if (known) return known;
  throw wrong(
    'scope',
    `"${text}" is unknown; there is: ${scopes.join(', ')}`,
    `未知的“${text}”，可用：${scopes.join('、')}`,
  );
}

function keyOf(context: CommandContext): NewKey {
  const expires = context.option('expires');
  return {
    name: context.option('name'),
    appId: context.option('app')?.toLowerCase(),
    scopes: context.options('scope').map(scopeOf),
    limit: {
      ...(expires !== undefined && { expiredTime: expiryOf(expires) }),
      maxUsagePoints: numberOf(context, 'points'),
      maxPerMinute: numberOf(context, 'per-minute'),
      allowedAddresses: context.options('address'),
      allowedRoutes: context.options('route'),
    },
  };
}

const actor = (context: CommandContext) =>
  actingMember(context.app.store, { member: context.option('member'), team: context.option('team') });

const create: Command = {
  name: 'keys create',
  summary: { en: 'make an API key and print it, this one time', zh: '创建 API 密钥并输出（仅此一次）' },
  options: newKey,
  async run(context) {
    const key = await createKey(context.app, await actor(context), keyOf(context));
    return {
      json: { key },
      text: key,
      note: { en: 'Keep it: it is not shown again.', zh: '请妥善保存，此密钥不会再次显示。' },
    };
  },
};

async function readStandardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  return text.trim();
}

const takeOver: Command = {
  name: 'keys import',
  summary: { en: 'take over a key that clients already use', zh: '导入客户端已在使用的密钥' },
  options: {
    key: {
      value: 'KEY',
      text: { en: 'the key; "-" reads it from standard input', zh: '密钥；"-" 表示从标准输入读取' },
      required: true,
    },
    ...newKey,
  },
  async run(context) {
    const given = context.option('key') ?? '';
    const key = given === '-' ? await readStandardInput() : given;
    const id = await importKey(context.app, await actor(context), { ...keyOf(context), key });
    return { json: { id }, text: id, note: { en: 'The key works now.', zh: '该密钥现在可用。' } };
  },
};

const headings = {
  en: ['ID', 'KEY', 'NAME', 'APP', 'CREATED', 'LAST USED', 'POINTS', 'EXPIRES'],
  zh: ['ID', '密钥', '名称', '应用', '创建时间', '最近使用', '积分', '过期时间'],
};
const day = (iso: string | undefined) => iso?.slice(0, 16).replace('T', ' ') ?? '-';

const list: Command = {
  name: 'keys list',
  summary: { en: 'list the keys of a team, masked', zh: '列出团队的密钥（已打码）' },
  options: who,
  async run(context) {
    const keys = await listKeys(context.app, await actor(context), { all: true });
    const rows = keys.map((key) => [
      key._id,
      key.apiKey,
      key.name,
      key.appId ?? '-',
      day(key.createTime),
      day(key.lastUsedTime),
      String(key.usagePoints),
      day(key.limit.expiredTime),
    ]);
    return { json: keys, text: table(headings[context.lang], rows) };
  },
};

const revoke: Command = {
  name: 'keys revoke',
  summary: { en: 'delete a key; it stops working at once', zh: '删除密钥，立即失效' },
  argument: 'ID',
  options: {},
  async run(context) {
    const { store } = context.app;
    const id = (context.argument ?? '').toLowerCase();
    // The operator stands above the teams: the id alone says whose key it is.
    const row = await store.db
      .selectFrom('api_keys')
      .leftJoin('apps', 'apps.id', 'api_keys.appId')
      .select(['api_keys.teamId', 'api_keys.name', 'apps.name as app', 'apps.deletedTime as deletedTime'])
      .where('api_keys.id', '=', id)
      .executeTakeFirst();
    if (!row) throw fail('keyNotFound');
    const { name, app, deletedTime } = row;
    if (deletedTime !== null) throw fail('keyOfDeletedApp', { params: { name, app: app ?? '' } });
    await deleteKey(context.app, await actingMember(store, { team: row.teamId }), id);
    const note = { en: 'The key no longer works.', zh: '该密钥已失效。' };
    return { json: { id }, text: id, note };
  },
};

export const keyCommands: readonly Command[] = [create, list, revoke, takeOver];
