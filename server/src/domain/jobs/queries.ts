import type { Kysely } from 'kysely';
import { expireFilesKind } from '../../jobs/expire-files.ts';
import { backupKind } from '../../jobs/make-backup.ts';
import { fail } from '../../kernel/errors.ts';
import type { Database } from '../../store/schema.ts';

/** Work of the server for itself; nobody started it by name. */
export const internalKinds: readonly string[] = ['clean-up', 'webhook', expireFilesKind, backupKind];

/**
 * The jobs of a team with the names of what they work on. Those of a dataset or collection that is gone are gone as
 * well; so far every member may see every dataset of the team.
 */
export function selectJobs(db: Kysely<Database>, teamId: string) {
  return db
    .selectFrom('jobs')
    .leftJoin('datasets', (join) =>
      join.onRef('datasets.id', '=', 'jobs.datasetId').onRef('datasets.teamId', '=', 'jobs.teamId'),
    )
    .leftJoin('collections', (join) =>
      join.onRef('collections.id', '=', 'jobs.collectionId').onRef('collections.teamId', '=', 'jobs.teamId'),
    )
    .selectAll('jobs')
    .select(['datasets.name as datasetName', 'collections.name as collectionName'])
    .where('jobs.teamId', '=', teamId)
    .where((eb) =>
      eb.or([
        eb('jobs.datasetId', 'is', null),
        eb.and([eb('datasets.id', 'is not', null), eb('datasets.deletedTime', 'is', null)]),
      ]),
    )
    .where((eb) =>
      eb.or([
        eb('jobs.collectionId', 'is', null),
        eb.and([eb('collections.id', 'is not', null), eb('collections.deletedTime', 'is', null)]),
      ]),
    );
}

/** A job as `selectJobs` finds it. */
export type FoundJob = Awaited<ReturnType<ReturnType<typeof selectJobs>['execute']>>[number];

/** The job of this team; jobNotFound for anything else. */
export async function requireJob(db: Kysely<Database>, teamId: string, id: string): Promise<FoundJob> {
  const job = await selectJobs(db, teamId).where('jobs.id', '=', id).executeTakeFirst();
  if (!job) throw fail('jobNotFound');
  return job;
}
