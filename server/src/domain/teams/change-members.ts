import type { InputOf } from '@lectern/contract/endpoint.ts';
import type { memberEndpoints } from '@lectern/contract/members.ts';
import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { lockTree } from '../../store/locking.ts';
import type { Database, Role } from '../../store/schema.ts';
import { type AuditAction, audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { type FoundMember, keepOwner, requireMember, requireRank } from './members.ts';

/** Runs a change of members alone, so that two of them cannot take the last two owners at once. */
function changeMembers<T>(
  app: Pick<App, 'store'>,
  teamId: string,
  change: (trx: Kysely<Database>) => Promise<T>,
): Promise<T> {
  return app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `members ${teamId}`, 'alone');
    return change(trx);
  });
}

const roleOfPermission: ReadonlyMap<number, Role> = new Map([
  [4_294_967_295, 'owner'],
  [7, 'admin'],
  [6, 'editor'],
  [4, 'viewer'],
]);

function roleOf({ role, permission }: { role?: Role | undefined; permission?: number | undefined }): Role {
  const found = role ?? roleOfPermission.get(permission ?? -1);
  if (found) return found;
  const field = permission === undefined ? 'role' : 'permission';
  if (permission === undefined) throw fail('missingParams', { params: { field }, param: field });
  const details = {
    en: 'permission: must be 4 (viewer), 6 (editor), 7 (admin) or 4294967295 (owner)',
    zh: 'permission：必须是 4（viewer）、6（editor）、7（admin）或 4294967295（owner）',
  };
  throw fail('validation', { params: { details }, param: field });
}

/** Gives members another role, all or none of them. Throws memberNotFound, memberLeft, lastOwner, rootStays. */
export async function updateMemberRights(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<typeof memberEndpoints.updateMemberRights>,
): Promise<void> {
  authorize(caller, 'member:manage');
  const role = roleOf(input);
  const { teamId } = caller;
  await changeMembers(app, teamId, async (trx) => {
    for (const id of new Set(input.members)) {
      const member = await requireMember(trx, teamId, id);
      if (member.status !== 'active') throw fail('memberLeft');
      requireRank(caller, member.role, role);
      if (member.role === role) continue;
      await keepOwner(trx, teamId, member);
      await setMember(trx, teamId, id, { role });
      await note(trx, caller, 'member.update', member, { from: member.role, role });
    }
  });
}

/** Changes the name that others see. */
export async function renameMember(
  app: Pick<App, 'store'>,
  caller: Caller,
  { tmbId, name }: { tmbId: string; name: string },
): Promise<void> {
  if (tmbId !== caller.memberId) authorize(caller, 'member:manage');
  const { teamId } = caller;
  await changeMembers(app, teamId, async (trx) => {
    const member = await requireMember(trx, teamId, tmbId);
    if (tmbId !== caller.memberId) requireRank(caller, member.role);
    await setMember(trx, teamId, tmbId, { name });
    if (tmbId !== caller.memberId) await note(trx, caller, 'member.update', member, { name });
  });
}

/** Ends what somebody may do here at once: sessions and keys. What they made stays. */
export async function removeMember(app: Pick<App, 'store'>, caller: Caller, tmbId: string): Promise<void> {
  if (tmbId !== caller.memberId) authorize(caller, 'member:manage');
  const { teamId } = caller;
  await changeMembers(app, teamId, async (trx) => {
    const member = await requireMember(trx, teamId, tmbId);
    requireRank(caller, member.role);
    if (member.status !== 'active') return;
    if (member.username === 'root') throw fail('rootStays');
    await keepOwner(trx, teamId, member);
    await setMember(trx, teamId, tmbId, { status: 'left' });
    await trx.deleteFrom('sessions').where('teamId', '=', teamId).where('memberId', '=', tmbId).execute();
    await note(trx, caller, 'member.remove', member, { role: member.role });
  });
}

/** Takes somebody back who left, with the role they had. */
export async function restoreMember(app: Pick<App, 'store'>, caller: Caller, tmbId: string): Promise<void> {
  authorize(caller, 'member:manage');
  const { teamId } = caller;
  await changeMembers(app, teamId, async (trx) => {
    const member = await requireMember(trx, teamId, tmbId);
    requireRank(caller, member.role);
    if (member.status === 'active') return;
    await setMember(trx, teamId, tmbId, { status: 'active' });
    await note(trx, caller, 'member.restore', member, { role: member.role });
  });
}

async function setMember(
  trx: Kysely<Database>,
  teamId: string,
  id: string,
  values: { role?: Role; name?: string; status?: 'active' | 'left' },
): Promise<void> {
  await trx.updateTable('members').set(values).where('teamId', '=', teamId).where('id', '=', id).execute();
}

function note(
  trx: Kysely<Database>,
  caller: Caller,
  action: AuditAction,
  { id, username }: FoundMember,
  detail: Record<string, unknown>,
): Promise<void> {
  return audit(trx, caller, {
    action,
    objectType: 'member',
    objectId: id,
    detail: { username, ...detail },
  });
}
