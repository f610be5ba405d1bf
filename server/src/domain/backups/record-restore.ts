import { keepRestoreResult, readRestoreResult } from '../../store/backup/staged.ts';
import { audit } from '../audit/audit.ts';
import type { App } from '../context.ts';

/**
 * Writes down after a start what became of the restore that somebody chose: what was written down when it was chosen
 * went away with the database that was replaced.
 */
export async function recordRestore(app: Pick<App, 'store' | 'config'>): Promise<void> {
  const { dataDir } = app.config;
  const result = await readRestoreResult(dataDir);
  if (!result?.unrecorded) return;
  const { unrecorded, ...recorded } = result;
  const { by, stagedTime } = unrecorded;
  await app.store.db.transaction().execute(async (trx) => {
    // The team may be younger than the backup; root's own is the oldest of all.
    const teams = await trx.selectFrom('teams').select('id').orderBy('createTime').orderBy('id').execute();
    const teamId = teams.find(({ id }) => id === unrecorded.teamId)?.id ?? teams[0]?.id;
    if (teamId === undefined) return;
    const detail = { ok: result.ok, chosen: stagedTime, message: result.message };
    await audit(
      trx,
      { teamId, actor: by },
      { action: 'backup.restored', objectType: 'backup', objectId: result.name, detail },
    );
  });
  await keepRestoreResult(dataDir, recorded);
}
