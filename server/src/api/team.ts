import type { memberEndpoints } from '@lectern/contract/members.ts';
import type { teamEndpoints } from '@lectern/contract/team.ts';
import { listAudit } from '../domain/audit/list-audit.ts';
import { listInforms, readInform } from '../domain/informs/informs.ts';
import {
  removeMember,
  renameMember,
  restoreMember,
  updateMemberRights,
} from '../domain/teams/change-members.ts';
import { inviteMembers } from '../domain/teams/invite-members.ts';
import { countMembers, listMembers } from '../domain/teams/members.ts';
import { resetMemberPassword } from '../domain/teams/reset-password.ts';
import { getTeamPlanStatus } from '../domain/teams/team-status.ts';
import { updateTeam } from '../domain/teams/update-team.ts';
import type { Handlers } from './handler.ts';

export const memberHandlers: Handlers<typeof memberEndpoints> = {
  listMembers: (input, { app, caller }) => listMembers(app, caller, input),
  countMembers: (_input, { app, caller }) => countMembers(app, caller),
  inviteMembers: (input, { app, caller }) => inviteMembers(app, caller, input),
  async updateMemberRights(input, { app, caller }) {
    await updateMemberRights(app, caller, input);
    return null;
  },
  async updateMemberName(input, { app, caller }) {
    await renameMember(app, caller, input);
    return null;
  },
  resetMemberPassword: ({ tmbId }, { app, caller }) => resetMemberPassword(app, caller, tmbId),
  async removeMember({ tmbId }, { app, caller }) {
    await removeMember(app, caller, tmbId);
    return null;
  },
  async restoreMember({ tmbId }, { app, caller }) {
    await restoreMember(app, caller, tmbId);
    return null;
  },
};

export const teamHandlers: Handlers<typeof teamEndpoints> = {
  async updateTeam(input, { app, caller }) {
    await updateTeam(app, caller, input);
    return null;
  },
  getTeamPlanStatus: (_input, { app, caller }) => getTeamPlanStatus(app, caller),
  listAudit: (input, { app, caller }) => listAudit(app, caller, input),
  listInforms: (input, { app, caller, lang }) => listInforms(app, caller, input, lang),
  async readInform({ id }, { app, caller }) {
    await readInform(app, caller, id);
    return null;
  },
};
