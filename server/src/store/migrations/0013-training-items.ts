import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** What waits for a language model, what such models were called for, and the bills that programs open for it. */
export async function trainingItems(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('training_items')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('teamId', 'text', (column) => column.notNull())
    .addColumn('datasetId', 'text', (column) => column.notNull())
    .addColumn('collectionId', 'text', (column) => column.notNull().references('collections.id'))
    .addColumn('memberId', 'text', (column) => column.notNull())
    .addColumn('keyId', 'text')
    .addColumn('billId', 'text', (column) => column.notNull())
    .addColumn('mode', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('dataId', 'text')
    .addColumn('imageId', 'text')
    .addColumn('q', 'text', (column) => column.notNull())
    .addColumn('a', 'text', (column) => column.notNull())
    .addColumn('headings', 'text', (column) => column.notNull())
    .addColumn('position', 'text')
    .addColumn('chunkIndex', 'integer', (column) => column.notNull())
    .addColumn('prompt', 'text')
    .addColumn('retryCount', 'integer', (column) => column.notNull())
    .addColumn('runTime', 'bigint', (column) => column.notNull())
    .addColumn('error', 'text')
    .addColumn('cause', 'text')
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('createTime', 'bigint', (column) => column.notNull())
    .addColumn('updateTime', 'bigint', (column) => column.notNull())
    .execute();
  for (const columns of [['datasetId', 'state', 'runTime'], ['collectionId', 'state'], ['dataId']]) {
    await db.schema
      .createIndex(`training_items_by_${columns.join('_')}`)
      .on('training_items')
      .columns(columns)
      .execute();
  }
  await db.schema
    .createTable('training_usage')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('teamId', 'text', (column) => column.notNull())
    .addColumn('datasetId', 'text', (column) => column.notNull())
    .addColumn('collectionId', 'text', (column) => column.notNull())
    .addColumn('billId', 'text', (column) => column.notNull())
    .addColumn('mode', 'text', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('calls', 'bigint', (column) => column.notNull())
    .addColumn('inputTokens', 'bigint', (column) => column.notNull())
    .addColumn('outputTokens', 'bigint', (column) => column.notNull())
    .addColumn('estimated', 'integer', (column) => column.notNull())
    .addColumn('points', 'double precision', (column) => column.notNull())
    .addColumn('createTime', 'bigint', (column) => column.notNull())
    .addColumn('updateTime', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('training_usage_by_teamId_collectionId')
    .on('training_usage')
    .columns(['teamId', 'collectionId'])
    .execute();
  await db.schema
    .createTable('training_bills')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('teamId', 'text', (column) => column.notNull())
    .addColumn('memberId', 'text', (column) => column.notNull())
    .addColumn('datasetId', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('createTime', 'bigint', (column) => column.notNull())
    .execute();
}
