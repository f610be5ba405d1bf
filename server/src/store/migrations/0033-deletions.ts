import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** What was deleted can be restored for a while: which deletion took a dataset or collection, and until when it is kept. */
export async function deletions(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('deletions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('teamId', 'text', (column) => column.notNull().references('teams.id').onDelete('cascade'))
    .addColumn('objectType', 'text', (column) => column.notNull())
    .addColumn('memberId', 'text', (column) => column.notNull())
    .addColumn('time', 'bigint', (column) => column.notNull())
    .addColumn('endTime', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('deletions_by_teamId_endTime')
    .on('deletions')
    .columns(['teamId', 'endTime'])
    .execute();
  for (const table of ['datasets', 'collections']) {
    await db.schema.alterTable(table).addColumn('deletionId', 'text').execute();
  }
}
