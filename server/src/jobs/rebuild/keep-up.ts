import { createHash } from 'node:crypto';
import { endKeeping } from '../../domain/embedding-rebuild/change-state.ts';
import { type RebuildPayload, rebuildKind } from '../../domain/embedding-rebuild/queries.ts';
import type { ModelRegistry } from '../../models/ports.ts';
import { lockRows } from '../../store/locking.ts';
import type { Store } from '../../store/ports.ts';
import type { JobQueue } from '../job.ts';

interface Parts {
  store: Store;
  jobs: JobQueue;
  models: Pick<ModelRegistry, 'embedder'>;
}

/** How long an old index waits for what else is written, in milliseconds: each look goes through the whole dataset. */
const followMs = 5 * 60_000;

/** Old indexes that are cleared away at one look. */
const endedAtOnce = 50;

/**
 * Lets the other indexes of these datasets follow what was written since: one that is finished and waits to be switched
 * to, and, some minutes later, one that can be rolled back to.
 */
export async function catchUp({ store, jobs, models }: Parts, datasetIds: string[]): Promise<void> {
  if (datasetIds.length === 0) return;
  const rebuilds = await store.db
    .selectFrom('embedding_rebuilds')
    .select(['id', 'teamId', 'datasetId', 'state', 'otherModel'])
    .where('datasetId', 'in', datasetIds)
    .where('state', 'in', ['ready', 'switched'])
    .execute();
  for (const { id: rebuildId, teamId, datasetId, state, otherModel } of rebuilds) {
    const isOld = state === 'switched';
    if (isOld && !models.embedder(otherModel)) continue;
    const phase = isOld ? 'follow' : 'build';
    const jobId = createHash('sha256')
      .update(`${isOld ? 'follow' : 'catch-up'}:${rebuildId}`)
      .digest('hex')
      .slice(0, 24);
    const payload: RebuildPayload = { rebuildId, phase };
    const later = isOld && { runTime: Date.now() + followMs };
    await jobs.enqueueOnce(jobId, { kind: rebuildKind, teamId, datasetId, payload, ...later });
  }
}

/** Clears away old indexes whose time for a roll-back is over. */
export async function endKept({ store, jobs }: Omit<Parts, 'models'>): Promise<void> {
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
