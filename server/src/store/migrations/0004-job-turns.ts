import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** The queue asks which teams wait, and for the first job of one of them. */
export async function jobTurns(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createIndex('jobs_by_state_teamId_runTime')
    .on('jobs')
    .columns(['state', 'teamId', 'runTime'])
    .execute();
}
