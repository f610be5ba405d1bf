import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** Where in its document a data item stands: a page, a slide, a row of a sheet. */
export async function positions(db: Kysely<Database>): Promise<void> {
  await db.schema.alterTable('data').addColumn('position', 'text').execute();
}
