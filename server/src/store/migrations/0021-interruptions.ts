import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** How often the process that ran a job ended under it: seldom the job's fault, so no try of it. */
export async function interruptions(db: Kysely<Database>): Promise<void> {
  await db.schema
    .alterTable('jobs')
    .addColumn('interruptions', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
}
