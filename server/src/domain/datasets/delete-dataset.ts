import type { Kysely } from 'kysely';
import { lockTree } from '../../store/locking.ts';
import type { Database, DatasetRow } from '../../store/schema.ts';
import { audit } from '../audit/audit.ts';
import { markDeleted } from '../collections/remove.ts';
import type { App, Caller } from '../context.ts';
import { keepDeleted } from '../deleted/keep-deleted.ts';
import { requireWholeFolder } from '../deleted/whole-folder.ts';
import { authorize, requireManager } from '../policy.ts';
import { inBatches, withDescendants } from '../tree.ts';
import { requireDataset } from './queries.ts';

/**
 * Deletes datasets with everything in them, and folders with all their datasets: all that are named, or none. They are
 * gone for every reader when this resolves, and can be restored for as long as the settings say. Throws folderHoldsOthers.
 */
export async function deleteDatasets(
  app: Pick<App, 'store' | 'jobs' | 'config' | 'processes'>,
  caller: Caller,
  named: readonly string[],
): Promise<void> {
  authorize(caller, 'dataset:write');
  const { teamId } = caller;
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `knowledge ${teamId}`, 'alone');
    const going: DatasetRow[] = [];
    for (const id of new Set(named)) {
      const dataset = await requireDataset(trx, teamId, id);
      requireManager(caller, 'dataset', dataset.memberId);
      going.push(dataset);
    }
    const roots = await outermost(trx, teamId, going);
    for (const { id, name, type } of roots) {
      const ids = await withDescendants(trx, 'datasets', teamId, [id]);
      const contents = await requireWholeFolder(trx, caller, { objectType: 'dataset', rootId: id, ids });
      const deletionId = await keepDeleted(app, trx, caller, { id, objectType: 'dataset' });
      await markDatasets(app, trx, { teamId, id, deletionId });
      const detail = { name, type, restorable: deletionId !== null, ...(type === 'folder' && { contents }) };
      await audit(trx, caller, { action: 'dataset.delete', objectType: 'dataset', objectId: id, detail });
    }
  });
  app.jobs.wake();
}

/** Takes back a dataset that could not be filled while it was made; nobody can restore it. */
export async function dropDataset(
  app: Pick<App, 'store' | 'jobs'>,
  { teamId }: Pick<Caller, 'teamId'>,
  id: string,
): Promise<void> {
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `knowledge ${teamId}`, 'alone');
    await markDatasets(app, trx, { teamId, id, deletionId: null });
  });
  app.jobs.wake();
}

async function markDatasets(
  app: Pick<App, 'jobs'>,
  trx: Kysely<Database>,
  { teamId, id, deletionId }: { teamId: string; id: string; deletionId: string | null },
): Promise<void> {
  const datasetIds = await withDescendants(trx, 'datasets', teamId, [id]);
  for (const batch of inBatches(datasetIds)) {
    await trx
      .updateTable('datasets')
      .set({ deletedTime: Date.now(), deletionId })
      .where('teamId', '=', teamId)
      .where('id', 'in', batch)
      .execute();
  }
  await markDeleted(app, trx, teamId, { datasetIds, deletionId });
}

/** Those that do not lie in another one of them: what lies in a folder goes, and comes back, with it. */
async function outermost(trx: Kysely<Database>, teamId: string, going: DatasetRow[]): Promise<DatasetRow[]> {
  const within = new Set<string>();
  for (const { id, type } of going) {
    if (type !== 'folder') continue;
    for (const below of await withDescendants(trx, 'datasets', teamId, [id]))
      if (below !== id) within.add(below);
  }
  return going.filter(({ id }) => !within.has(id));
}
