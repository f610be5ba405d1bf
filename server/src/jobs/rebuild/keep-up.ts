import { createHash } from 'node:crypto';
import { endKeeping } from '../../domain/embedding-rebuild/change-state.ts';
import { rebuildKind } from '../../domain/embedding-rebuild/queries.ts';
import { lockRows } from '../../store/locking.ts';
import type { Store } from '../../store/ports.ts';
import type { JobQueue } from '../job.ts';

interface Parts {
  store: Store;
  jobs: JobQueue;
}

/** Old indexes that are cleared away at one look. */
const endedAtOnce = 50;

/** Lets the finished second indexes of these datasets follow what was written since. */
export async function catchUp({ store, jobs }: Parts, datasetIds: string[]): Promise<void> {
  if (datasetIds.length === 0) return;
  const rebuilds = await store.db
    .selectFrom('embedding_rebuilds')
    .select(['id', 'teamId', 'datasetId'])
    .where('datasetId', 'in', datasetIds)
    .where('state', '=', 'ready')
    .execute();
  for (const { id: rebuildId, teamId, datasetId } of rebuilds) {
    const jobId = createHash('sha256').update(`catch-up:${rebuildId}`).digest('hex').slice(0, 24);
    const payload = { rebuildId, phase: 'build' };
    await jobs.enqueueOnce(jobId, { kind: rebuildKind, teamId, datasetId, payload });
  }
}

/** Clears away old indexes whose time for a roll-back is over. */
export async function endKept({ store, jobs }: Parts): Promise<void> {
  const over = await store.db
    .selectFrom('embedding_rebuilds as rebuild')
    .innerJoin('datasets', 'datasets.id', 'rebuild.datasetId')
    .select(['rebuild.id', 'rebuild.teamId'])
    .where('rebuild.state', '=', 'switched')
    .where('rebuild.keepUntil', '<=', Date.now())
    // What was deleted goes with its dataset, or waits until that is restored.
    .where('datasets.deletedTime', 'is', null)
    .limit(endedAtOnce)
    .execute();
  for (const { id, teamId } of over) {
    await store.db.transaction().execute(async (trx) => {
      await lockRows(store, trx, 'embedding_rebuilds', teamId, [id]);
      const rebuild = await trx
        .selectFrom('embedding_rebuilds')
        .selectAll()
        .where('teamId', '=', teamId)
        .where('id', '=', id)
        .where('state', '=', 'switched')
        .executeTakeFirst();
      if (rebuild) await endKeeping({ jobs }, trx, rebuild);
    });
  }
  if (over.length > 0) jobs.wake();
}
