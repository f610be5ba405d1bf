import type { Kysely } from 'kysely';
import { cleanUpAttempts, cleanUpKind } from '../../jobs/clean-up.ts';
import type { Database, DeletionRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';

/**
 * Writes down, within the transaction that marks it, that something can be restored, and leaves a job that clears it
 * away when its time is over. Answers the id to mark with; null = it is not kept, and a clean-up may take it now.
 */
export async function keepDeleted(
  app: Pick<App, 'jobs' | 'config' | 'processes'>,
  trx: Kysely<Database>,
  { teamId, memberId }: Pick<Caller, 'teamId' | 'memberId'>,
  { id, objectType }: Pick<DeletionRow, 'id' | 'objectType'>,
): Promise<string | null> {
  const { trashMs } = app.config;
  if (trashMs === 0) return null;
  const time = app.processes.now();
  const endTime = time + trashMs;
  await trx.insertInto('deletions').values({ id, teamId, objectType, memberId, time, endTime }).execute();
  await enqueueCleanUp(app, trx, teamId, { deletionId: id, runTime: endTime });
  return id;
}

/** Has cleared away what is marked and not kept; with `runTime`, what a deletion kept until then. */
export async function enqueueCleanUp(
  app: Pick<App, 'jobs'>,
  trx: Kysely<Database>,
  teamId: string,
  later?: { deletionId: string; runTime: number },
): Promise<void> {
  const payload = later ? { deletionId: later.deletionId } : {};
  const runTime = later && { runTime: later.runTime };
  await app.jobs.enqueue(
    { kind: cleanUpKind, teamId, payload, maxAttempts: cleanUpAttempts, ...runTime },
    trx,
  );
}
