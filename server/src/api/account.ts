import type { accountEndpoints } from '@lectern/contract/account.ts';
import type { Caller, SessionCaller } from '../domain/context.ts';
import { removeMember, renameMember } from '../domain/teams/change-members.ts';
import { changePassword, resetExpiredPassword } from '../domain/users/change-password.ts';
import { login } from '../domain/users/login.ts';
import { logout } from '../domain/users/logout.ts';
import { preLogin } from '../domain/users/pre-login.ts';
import { presentUser } from '../domain/users/present-user.ts';
import { updateAccount, updateContact } from '../domain/users/update-account.ts';
import { fail } from '../kernel/errors.ts';
import type { Handlers } from './handler.ts';

function sessionOf(caller: Caller): SessionCaller {
  if (caller.kind !== 'session') throw fail('sessionNeeded');
  return caller;
}

export const accountHandlers: Handlers<typeof accountEndpoints> = {
  preLogin: ({ username }, { app, address }) => preLogin(app, username, address),
  async loginByPassword(input, { app, address, setSessionCookie }) {
    const { user, token } = await login(app, input, address);
    setSessionCookie(token);
    return { user, token };
  },
  tokenLogin: (_, { app, caller }) => presentUser(app, caller),
  async loginout({ scope }, { app, address, sessionToken, setSessionCookie }) {
    await logout(app, sessionToken, address, scope ?? 'all');
    setSessionCookie(null);
    return null;
  },
  async updatePasswordByOld(input, { app, caller }) {
    await changePassword(app, sessionOf(caller), input);
    return null;
  },
  checkPswExpired: (_, { caller }) => sessionOf(caller).mustChangePassword,
  async resetExpiredPsw({ newPsw }, { app, caller }) {
    await resetExpiredPassword(app, sessionOf(caller), newPsw);
    return {};
  },
  async updateAccount(input, { app, caller }) {
    await updateAccount(app, caller, input);
    return {};
  },
  async updateContact({ contact }, { app, caller }) {
    await updateContact(app, caller, contact);
    return null;
  },
  async updateMyName({ name }, { app, caller }) {
    await renameMember(app, caller, { tmbId: caller.memberId, name });
    return null;
  },
  async leaveTeam(_, { app, caller }) {
    await removeMember(app, caller, caller.memberId);
    return null;
  },
};
