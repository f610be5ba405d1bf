import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** A replaced key string that works for a while beside its successor, and labels to sort keys by. */
export async function keyRotation(db: Kysely<Database>): Promise<void> {
  for (const column of ['previousHash', 'previousLast4'] as const)
    await db.schema.alterTable('api_keys').addColumn(column, 'text').execute();
  for (const column of ['previousUntil', 'previousUsedTime', 'rotatedTime'] as const)
    await db.schema.alterTable('api_keys').addColumn(column, 'bigint').execute();
  await db.schema
    .alterTable('api_keys')
    .addColumn('labels', 'text', (column) => column.notNull().defaultTo('[]'))
    .execute();
  await db.schema
    .createIndex('api_keys_by_previousHash')
    .unique()
    .on('api_keys')
    .columns(['previousHash'])
    .execute();
  await db.schema
    .createTable('key_labels')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('teamId', 'text', (column) => column.notNull().references('teams.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('createTime', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('key_labels_by_name')
    .unique()
    .on('key_labels')
    .columns(['teamId', 'name'])
    .execute();
}
