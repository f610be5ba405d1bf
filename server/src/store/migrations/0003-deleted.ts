import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** Datasets and collections are marked as deleted in one moment and cleared away in the background. */
export async function deleted(db: Kysely<Database>): Promise<void> {
  for (const table of ['datasets', 'collections']) {
    await db.schema.alterTable(table).addColumn('deletedTime', 'bigint').execute();
    await db.schema
      .createIndex(`${table}_by_teamId_deletedTime`)
      .on(table)
      .columns(['teamId', 'deletedTime'])
      .execute();
  }
}
