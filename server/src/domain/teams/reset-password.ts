import { fail } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { replacePassword } from '../users/replace-password.ts';
import { requireMember, requireRank } from './members.ts';

/**
 * A one-time password for a member who lost theirs. A user who is in other teams as well belongs to those too: whoever
 * manages one team must not get into another that way. Throws memberOfOthers, rootStays, memberLeft.
 */
export async function resetMemberPassword(
  app: Pick<App, 'store'>,
  caller: Caller,
  tmbId: string,
): Promise<{ username: string; password: string }> {
  authorize(caller, 'member:manage');
  const { db } = app.store;
  const member = await requireMember(db, caller.teamId, tmbId);
  requireRank(caller, member.role);
  if (member.username === 'root') throw fail('rootStays');
  if (member.status !== 'active') throw fail('memberLeft');
  const elsewhere = await db
    .selectFrom('members')
    .select('id')
    .where('userId', '=', member.userId)
    .where('teamId', '!=', caller.teamId)
    .where('status', '=', 'active')
    .executeTakeFirst();
  if (elsewhere) throw fail('memberOfOthers', { params: { name: member.username } });
  return replacePassword(app, caller, { userId: member.userId, oneTime: true });
}
