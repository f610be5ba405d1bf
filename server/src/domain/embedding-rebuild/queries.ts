import type { Kysely } from 'kysely';
import type { JobQueue } from '../../jobs/job.ts';
import type { Database, EmbeddingRebuildRow } from '../../store/schema.ts';

export const rebuildKind = 'rebuild-embedding';

/** Whatever is down meanwhile: what was decided is done in the end. */
const attempts = 1000;

/**
 * What a job of the kind does: make the second index, settle the marks of items after a switch, let the old index follow
 * from then on, or clear vectors away.
 */
export interface RebuildPayload {
  rebuildId: string;
  phase: 'build' | 'settle' | 'follow' | 'remove';
  /** Whose vectors are cleared away. */
  model?: string;
}

/** Rebuilds whose index is not the one that answers yet. */
export const unfinished = ['building', 'comparing', 'ready'] as const;

/** The latest rebuild of a dataset. */
export function latestRebuild(
  db: Kysely<Database>,
  { teamId, datasetId }: { teamId: string; datasetId: string },
): Promise<EmbeddingRebuildRow | undefined> {
  return db
    .selectFrom('embedding_rebuilds')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The rebuild of this id, if its dataset still exists. */
export function findRebuild(
  db: Kysely<Database>,
  teamId: string,
  id: string,
): Promise<EmbeddingRebuildRow | undefined> {
  return db
    .selectFrom('embedding_rebuilds')
    .innerJoin('datasets', 'datasets.id', 'embedding_rebuilds.datasetId')
    .selectAll('embedding_rebuilds')
    .where('embedding_rebuilds.teamId', '=', teamId)
    .where('embedding_rebuilds.id', '=', id)
    .where('datasets.deletedTime', 'is', null)
    .executeTakeFirst();
}

/** Queues a part of the work with the transaction that decided it; wake the queue after the commit. */
export async function enqueuePhase(
  jobs: Pick<JobQueue, 'enqueue'>,
  trx: Kysely<Database>,
  rebuild: Pick<EmbeddingRebuildRow, 'id' | 'teamId' | 'datasetId'>,
  phase: Omit<RebuildPayload, 'rebuildId'>,
): Promise<void> {
  const { id: rebuildId, teamId, datasetId } = rebuild;
  const payload: RebuildPayload = { rebuildId, ...phase };
  await jobs.enqueue({ kind: rebuildKind, teamId, datasetId, payload, maxAttempts: attempts }, trx);
}
