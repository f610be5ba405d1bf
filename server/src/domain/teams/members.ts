import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import type { memberEndpoints } from '@lectern/contract/members.ts';
import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { containsText } from '../../store/contains.ts';
import type { Database, Role } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { may } from '../policy.ts';
import { permissionOfRole } from '../users/present-user.ts';

type List = typeof memberEndpoints.listMembers;

/** Members of the team by the time they joined. */
export async function listMembers(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<List>,
): Promise<OutputOf<List>> {
  const { offset, limit } = pageOf(input, 20);
  const wanted = membersOf(app.store.db, caller.teamId)
    .where('m.status', '=', input.status === 'inactive' ? 'left' : 'active')
    .$if(Boolean(input.searchKey), (query) =>
      query.where((eb) =>
        eb.or([
          containsText(eb.ref('m.name'), input.searchKey ?? ''),
          containsText(eb.ref('u.username'), input.searchKey ?? ''),
        ]),
      ),
    );
  const [rows, counted] = await Promise.all([
    wanted.orderBy('m.createTime').orderBy('m.id').limit(limit).offset(offset).execute(),
    wanted
      .clearSelect()
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow(),
  ]);
  const managed = may(caller, 'member:manage');
  const list = rows.map((row) => ({
    tmbId: row.id,
    userId: row.userId,
    teamId: caller.teamId,
    username: row.username,
    memberName: row.name,
    avatar: row.avatar,
    contact: managed || row.id === caller.memberId ? row.contact : '',
    role: row.role,
    status: row.status === 'left' ? ('leave' as const) : ('active' as const),
    mustChangePassword: managed && row.mustChange === 1,
    permission: permissionOfRole(row.role),
    createTime: new Date(Number(row.createTime)).toISOString(),
  }));
  return { list, total: Number(counted.n) };
}

/** How many members are active. */
export async function countMembers(app: Pick<App, 'store'>, caller: Caller): Promise<{ count: number }> {
  const { n } = await app.store.db
    .selectFrom('members')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('teamId', '=', caller.teamId)
    .where('status', '=', 'active')
    .executeTakeFirstOrThrow();
  return { count: Number(n) };
}

function membersOf(db: Kysely<Database>, teamId: string) {
  return db
    .selectFrom('members as m')
    .innerJoin('users as u', 'u.id', 'm.userId')
    .select(['m.id', 'm.userId', 'm.role', 'm.name', 'm.status', 'm.createTime'])
    .select(['u.username', 'u.avatar', 'u.contact', 'u.mustChange'])
    .where('m.teamId', '=', teamId);
}

/** A member with their account. */
export type FoundMember = Awaited<ReturnType<ReturnType<typeof membersOf>['execute']>>[number];

/** The member of this team, whether active or not; memberNotFound for anybody else. */
export async function requireMember(
  db: Kysely<Database>,
  teamId: string,
  memberId: string,
): Promise<FoundMember> {
  const member = await membersOf(db, teamId).where('m.id', '=', memberId).executeTakeFirst();
  if (!member) throw fail('memberNotFound');
  return member;
}

/** Owners are made, changed and removed by owners only. */
export function requireRank(caller: Caller, ...roles: Role[]): void {
  if (caller.role === 'owner' || !roles.includes('owner')) return;
  throw fail('teamForbidden', { params: { role: caller.role, needed: 'owner' } });
}

/**
 * Refuses what would leave the team without an owner, or root without the rights over the installation. The caller
 * holds the lock of the team's members.
 */
export async function keepOwner(trx: Kysely<Database>, teamId: string, leaving: FoundMember): Promise<void> {
  if (leaving.role !== 'owner' || leaving.status !== 'active') return;
  if (leaving.username === 'root') throw fail('rootStays');
  const other = await trx
    .selectFrom('members as m')
    .innerJoin('users as u', 'u.id', 'm.userId')
    .select('m.id')
    .where('m.teamId', '=', teamId)
    .where('m.role', '=', 'owner')
    .where('m.status', '=', 'active')
    .where('u.status', '=', 'active')
    .where('m.id', '!=', leaving.id)
    .executeTakeFirst();
  if (!other) throw fail('lastOwner');
}
