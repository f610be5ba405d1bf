import { fail } from '../../kernel/errors.ts';
import { audit } from '../audit/audit.ts';
import type { App } from '../context.ts';
import { checkUsername } from '../users/create-account.ts';
import { insertMember, insertTeam, insertUser, normalName } from '../users/create-user.ts';
import { clientHash, generatePassword, hashPassword } from '../users/password.ts';

/**
 * Makes a team and its owner's membership. An owner who is no user yet is made as well, with a generated password
 * that is answered this one time. For the operator of the server only: no caller could be allowed this.
 */
export async function createTeam(app: Pick<App, 'store'>, input: { name: string; owner: string }) {
  const name = input.name.trim();
  const owner = normalName(input.owner);
  if (name === '' || name.length > 200) {
    const details = { en: 'a team name has 1 to 200 characters', zh: '团队名称长度为 1 至 200 个字符' };
    throw fail('validation', { params: { details } });
  }
  checkUsername(owner);
  const password = generatePassword();
  const passwordHash = await hashPassword(clientHash(password));
  return app.store.db.transaction().execute(async (trx) => {
    const known = await trx.selectFrom('users').select('id').where('username', '=', owner).executeTakeFirst();
    const userId = known?.id ?? (await insertUser(trx, { username: owner, passwordHash }));
    const teamId = await insertTeam(trx, name);
    const memberId = await insertMember(trx, { teamId, userId, role: 'owner', name: owner });
    const by = { teamId, actor: 'command line' };
    const detail = { name, owner };
    await audit(trx, by, { action: 'team.create', objectType: 'team', objectId: teamId, detail });
    const member = { username: owner, role: 'owner' };
    await audit(trx, by, {
      action: 'member.create',
      objectType: 'member',
      objectId: memberId,
      detail: member,
    });
    return { teamId, name, owner, userId, memberId, ...(known ? {} : { password }) };
  });
}
