import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** What an embedding model said of each item that it refused. */
export async function embeddingRefusals(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('embedding_refusals')
    .addColumn('dataId', 'text', (column) => column.primaryKey().references('data.id').onDelete('cascade'))
    .addColumn('teamId', 'text', (column) => column.notNull())
    .addColumn('datasetId', 'text', (column) => column.notNull())
    .addColumn('collectionId', 'text', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('error', 'text', (column) => column.notNull())
    .addColumn('updateTime', 'bigint', (column) => column.notNull())
    .execute();
  for (const column of ['datasetId', 'collectionId'] as const) {
    await db.schema
      .createIndex(`embedding_refusals_by_${column}`)
      .on('embedding_refusals')
      .columns([column])
      .execute();
  }
}
