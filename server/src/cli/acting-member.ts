import type { SessionCaller } from '../domain/context.ts';
import { memberCaller } from '../domain/users/member-caller.ts';
import { fail } from '../kernel/errors.ts';
import type { Store } from '../store/ports.ts';
import { CommandError } from './command.ts';

/** The id of a team named by id or exact name. */
async function teamIdOf(store: Store, team: string): Promise<string> {
  const rows = await store.db
    .selectFrom('teams')
    .select('id')
    .where((eb) => eb.or([eb('id', '=', team), eb('name', '=', team)]))
    .execute();
  const [only, second] = rows;
  if (!only) throw new CommandError({ en: `There is no team "${team}".`, zh: `团队“${team}”不存在。` });
  if (second) {
    throw new CommandError({
      en: `Several teams are named "${team}". Give the id; "teams list" shows it.`,
      zh: `有多个名为“${team}”的团队，请使用 id（可用 "teams list" 查看）。`,
    });
  }
  return only.id;
}

async function ownerOf(store: Store, teamId: string): Promise<string> {
  const row = await store.db
    .selectFrom('members as m')
    .innerJoin('users as u', 'u.id', 'm.userId')
    .select('u.username')
    .where('m.teamId', '=', teamId)
    .where('m.role', '=', 'owner')
    .where('m.status', '=', 'active')
    .where('u.status', '=', 'active')
    .orderBy('m.createTime')
    .executeTakeFirst();
  if (row) return row.username;
  throw new CommandError({ en: 'The team has no active owner.', zh: '该团队没有可用的所有者。' });
}

/**
 * The member in whose place the command acts: the named user, else the owner of the named team, else root. The audit
 * log shows that it was the command line.
 */
export async function actingMember(
  store: Store,
  of: { member?: string | undefined; team?: string | undefined },
): Promise<SessionCaller> {
  const teamId = of.team === undefined ? undefined : await teamIdOf(store, of.team);
  const username = of.member ?? (teamId === undefined ? 'root' : await ownerOf(store, teamId));
  const caller = await memberCaller(store.db, { username, ...(teamId !== undefined && { teamId }) });
  if (caller) return { ...caller, commandLine: true };
  if (username === 'root' && of.member === undefined) {
    throw new CommandError({
      en: 'This data directory has no root yet. Start the server on it once: npm start',
      zh: '此数据目录还没有 root 用户，请先启动一次服务器：npm start',
    });
  }
  throw fail('userNotFound', { params: { name: username } });
}
