import type { Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';
import type { SessionCaller } from '../context.ts';
import { normalName } from './create-user.ts';

/**
 * The active member a user is, as a caller: of the named team, else of the one joined first. For work that has no
 * request: the first run and the command line.
 */
export async function memberCaller(
  db: Kysely<Database>,
  of: { username: string; teamId?: string },
): Promise<SessionCaller | undefined> {
  let query = db
    .selectFrom('members as m')
    .innerJoin('users as u', 'u.id', 'm.userId')
    .select(['m.id', 'm.teamId', 'm.userId', 'm.role', 'm.name', 'u.mustChange'])
    .where('u.username', '=', normalName(of.username))
    .where('u.status', '=', 'active')
    .where('m.status', '=', 'active');
  if (of.teamId !== undefined) query = query.where('m.teamId', '=', of.teamId);
  const row = await query.orderBy('m.createTime').orderBy('m.id').executeTakeFirst();
  if (!row) return undefined;
  return {
    kind: 'session',
    sessionId: '',
    teamId: row.teamId,
    memberId: row.id,
    userId: row.userId,
    role: row.role,
    name: row.name,
    mustChangePassword: row.mustChange === 1,
  };
}
