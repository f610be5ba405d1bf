import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** What lists show of an app's workflow, so that they need not read it. Worked out when a draft is written. */
export async function appFacts(db: Kysely<Database>): Promise<void> {
  await db.schema.alterTable('apps').addColumn('facts', 'text').execute();
}
