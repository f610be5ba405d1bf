import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { memberEndpoints } from '@lectern/contract/members.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { createAccount } from '../users/create-account.ts';
import { normalName } from '../users/create-user.ts';
import { requireRank } from './members.ts';

type Endpoint = typeof memberEndpoints.inviteMembers;

/**
 * Makes users of the names that are free, each with a one-time password. A name of another team is told as one that
 * cannot be used, whatever the reason.
 */
export async function inviteMembers(
  app: Pick<App, 'store'>,
  caller: Caller,
  { usernames, role }: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'member:manage');
  requireRank(caller, role);
  const answer: OutputOf<Endpoint> = { invite: [], inValid: [], inTeam: [] };
  for (const username of new Set(usernames.map(normalName))) {
    const known = await memberOf(app, caller.teamId, username);
    if (known) {
      answer.inTeam.push({ username, userId: known.userId, tmbId: known.id });
      continue;
    }
    try {
      const made = await createAccount(app, caller, { username, role, oneTime: true });
      const { userId, memberId: tmbId, password } = made;
      answer.invite.push({ username, userId, tmbId, role, password });
    } catch (thrown) {
      const unusable = thrown instanceof AppError && /^(userExists|validation)$/.test(thrown.errorName);
      if (!unusable) throw thrown;
      answer.inValid.push({ username });
    }
  }
  return answer;
}

function memberOf(app: Pick<App, 'store'>, teamId: string, username: string) {
  return app.store.db
    .selectFrom('members as m')
    .innerJoin('users as u', 'u.id', 'm.userId')
    .select(['m.id', 'm.userId'])
    .where('m.teamId', '=', teamId)
    .where('u.username', '=', username)
    .executeTakeFirst();
}
