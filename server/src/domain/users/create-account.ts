import { fail } from '../../kernel/errors.ts';
import type { Role } from '../../store/schema.ts';
import { audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { insertMember, insertUser, normalName } from './create-user.ts';
import { clientHash, generatePassword, hashPassword } from './password.ts';

export interface NewAccount {
  username: string;
  role: Role;
  /** The first log-in has to change the password. */
  oneTime?: boolean;
}

/**
 * Makes a user who is a member of the caller's team, with a generated password that is answered this one time.
 * Throws teamForbidden, userExists, validation.
 */
export async function createAccount(app: Pick<App, 'store'>, caller: Caller, input: NewAccount) {
  authorize(caller, 'member:manage');
  if (input.role === 'owner' && caller.role !== 'owner') {
    throw fail('teamForbidden', { params: { role: caller.role, needed: 'owner' } });
  }
  const username = normalName(input.username);
  checkUsername(username);
  const password = generatePassword();
  const passwordHash = await hashPassword(clientHash(password));
  const ids = await app.store.db.transaction().execute(async (trx) => {
    const userId = await insertUser(trx, { username, passwordHash, mustChange: input.oneTime === true });
    const memberId = await insertMember(trx, {
      teamId: caller.teamId,
      userId,
      role: input.role,
      name: username,
    });
    const detail = { username, role: input.role };
    await audit(trx, caller, { action: 'member.create', objectType: 'member', objectId: memberId, detail });
    return { userId, memberId };
  });
  return { ...ids, username, teamId: caller.teamId, role: input.role, password };
}

/** User names are 1 to 100 characters without blanks. Throws validation. */
export function checkUsername(username: string): void {
  if (/^\S{1,100}$/.test(username)) return;
  const details = {
    en: 'a user name has 1 to 100 characters and no blanks',
    zh: '用户名长度为 1 至 100 个字符，且不含空格',
  };
  throw fail('validation', { params: { details } });
}
