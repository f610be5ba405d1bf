import { audit } from '../audit/audit.ts';
import { checkAvatar } from '../avatars/check-avatar.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';

/** Name and avatar of the team. Throws avatarUnknown. */
export async function updateTeam(
  app: Pick<App, 'store'>,
  caller: Caller,
  { name, avatar }: { name?: string | undefined; avatar?: string | undefined },
): Promise<void> {
  authorize(caller, 'team:manage');
  const { teamId } = caller;
  await app.store.db.transaction().execute(async (trx) => {
    const before = await trx
      .selectFrom('teams')
      .select(['name', 'avatar'])
      .where('id', '=', teamId)
      .executeTakeFirstOrThrow();
    const kept =
      avatar === undefined
        ? undefined
        : await checkAvatar(app, trx, caller, { before: before.avatar, given: avatar });
    const changes = { ...(name !== undefined && { name }), ...(kept !== undefined && { avatar: kept }) };
    if (Object.keys(changes).length === 0) return;
    await trx.updateTable('teams').set(changes).where('id', '=', teamId).execute();
    const detail = { ...(name !== undefined && name !== before.name && { from: before.name, name }) };
    await audit(trx, caller, { action: 'team.update', objectType: 'team', objectId: teamId, detail });
  });
}
