import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** What a person sets for themselves, pictures of people and things, and which messages somebody has read. */
export async function people(db: Kysely<Database>): Promise<void> {
  for (const column of ['language', 'contact']) {
    await db.schema
      .alterTable('users')
      .addColumn(column, 'text', (definition) => definition.notNull().defaultTo(''))
      .execute();
  }
  await db.schema
    .createTable('avatars')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('teamId', 'text', (column) => column.notNull().references('teams.id').onDelete('cascade'))
    .addColumn('memberId', 'text', (column) => column.notNull())
    .addColumn('contentType', 'text', (column) => column.notNull())
    .addColumn('bytes', 'blob', (column) => column.notNull())
    .addColumn('createTime', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('avatars_by_teamId').on('avatars').columns(['teamId']).execute();
  await db.schema
    .createTable('informs_read')
    .addColumn('memberId', 'text', (column) => column.notNull().references('members.id').onDelete('cascade'))
    .addColumn('informId', 'text', (column) => column.notNull())
    .addColumn('time', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('informs_read_key', ['memberId', 'informId'])
    .execute();
}
