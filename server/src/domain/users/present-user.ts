import { fail } from '../../kernel/errors.ts';
import type { Role } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { may } from '../policy.ts';

/** FastGPT's permission object of a team member: read 4, write 6, manage 7, owner 4294967295. */
export function permissionOfRole(role: Role) {
  const caller = { role };
  const isOwner = role === 'owner';
  const hasManagePer = isOwner || role === 'admin';
  const hasWritePer = may(caller, 'app:write');
  return {
    value: isOwner ? 4294967295 : hasManagePer ? 7 : hasWritePer ? 6 : 4,
    isOwner,
    hasManagePer,
    hasWritePer,
    hasReadPer: true,
    hasAppCreatePer: hasWritePer,
    hasDatasetCreatePer: may(caller, 'dataset:write'),
    hasApikeyCreatePer: may(caller, 'key:create'),
  };
}

/** The user of a session with the team they are in, as clients of the log-in routes expect it (spec 3.6). */
export async function presentUser(app: Pick<App, 'store'>, caller: Caller) {
  const row = await app.store.db
    .selectFrom('users as u')
    .innerJoin('members as m', 'm.userId', 'u.id')
    .innerJoin('teams as t', 't.id', 'm.teamId')
    .select([
      'u.username',
      'u.avatar',
      'u.timezone',
      'u.language',
      'u.contact',
      'm.name as memberName',
      't.name',
      't.avatar as teamAvatar',
    ])
    .where('u.id', '=', caller.userId)
    .where('m.id', '=', caller.memberId)
    .where('m.teamId', '=', caller.teamId)
    .executeTakeFirst();
  if (!row) throw fail('loginRequired');
  const permission = permissionOfRole(caller.role);
  return {
    _id: caller.userId,
    username: row.username,
    avatar: row.avatar,
    timezone: row.timezone,
    language: row.language,
    contact: row.contact,
    promotionRate: 0,
    team: {
      userId: caller.userId,
      teamId: caller.teamId,
      teamName: row.name,
      teamAvatar: row.teamAvatar,
      memberName: row.memberName,
      avatar: row.avatar,
      tmbId: caller.memberId,
      role: caller.role,
      status: 'active',
      balance: 0,
      permission,
    },
    permission,
  };
}
