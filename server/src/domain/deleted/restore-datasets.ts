import type { Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';
import { audit } from '../audit/audit.ts';
import type { App, Caller } from '../context.ts';
import { inBatches } from '../tree.ts';
import { oldFolder } from './old-folder.ts';
import { type NamedDeletion, requireDeletions } from './queries.ts';

type Restoring = Pick<App, 'store' | 'jobs' | 'processes' | 'embedding' | 'training'>;

/**
 * Gives back deleted datasets with all that went with them, those of a folder included: into the folder they were in,
 * or the root when that is gone. Work that their deletion cancelled begins anew. All that are named, or none.
 */
export async function restoreDatasets(app: Restoring, caller: Caller, ids: readonly string[]): Promise<void> {
  const restored = await app.store.db.transaction().execute(async (trx) => {
    const deletions = await requireDeletions(app, trx, caller, { objectType: 'dataset', ids });
    const datasetIds: string[] = [];
    for (const deletion of deletions) {
      datasetIds.push(...(await restore(app, trx, deletion)));
      const { id, name, type } = deletion;
      const detail = { name, type };
      await audit(trx, caller, { action: 'dataset.restore', objectType: 'dataset', objectId: id, detail });
    }
    return datasetIds;
  });
  app.jobs.wake();
  for (const id of restored) {
    app.embedding.wanted(id);
    app.training.wanted(id);
  }
}

async function restore(
  app: Pick<App, 'jobs'>,
  trx: Kysely<Database>,
  deletion: NamedDeletion,
): Promise<string[]> {
  const { id, teamId, time } = deletion;
  const restored = await trx
    .updateTable('datasets')
    .set({ deletedTime: null, deletionId: null })
    .where('teamId', '=', teamId)
    .where('deletionId', '=', id)
    .returning('id')
    .execute();
  await trx
    .updateTable('datasets')
    .set({ parentId: await oldFolder(trx, deletion) })
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .execute();
  await trx
    .updateTable('collections')
    .set((eb) => ({ deletedTime: null, deletionId: null, forbid: eb.ref('ownForbid') }))
    .where('teamId', '=', teamId)
    .where('deletionId', '=', id)
    .execute();
  const ids = restored.map((row) => row.id);
  for (const datasetIds of inBatches(ids)) {
    await forbidWithin(trx, teamId, datasetIds);
    await app.jobs.resumeFor({ teamId, datasetIds }, time, trx);
  }
  await trx.deleteFrom('deletions').where('teamId', '=', teamId).where('id', '=', id).execute();
  return ids;
}

/** What lies in a forbidden folder is forbidden with it, a level at a time. */
async function forbidWithin(trx: Kysely<Database>, teamId: string, datasetIds: string[]): Promise<void> {
  for (;;) {
    const changed = await trx
      .updateTable('collections')
      .set({ forbid: 1 })
      .where('teamId', '=', teamId)
      .where('datasetId', 'in', datasetIds)
      .where('forbid', '=', 0)
      .where('parentId', 'in', (eb) =>
        eb
          .selectFrom('collections as folder')
          .select('folder.id')
          .where('folder.teamId', '=', teamId)
          .where('folder.datasetId', 'in', datasetIds)
          .where('folder.type', '=', 'folder')
          .where('folder.forbid', '=', 1)
          .where('folder.deletedTime', 'is', null),
      )
      .executeTakeFirst();
    if (changed.numUpdatedRows === 0n) return;
  }
}
