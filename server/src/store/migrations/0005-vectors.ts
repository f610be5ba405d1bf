import { type Kysely, sql } from 'kysely';
import type { Store } from '../ports.ts';
import type { Database } from '../schema.ts';

/**
 * The vectors of data items, which model an item and a dataset are embedded with, and how far the vectors of a
 * dataset may be trusted beside its keyword index.
 */
export async function vectors(db: Kysely<Database>, engine: Store['engine']): Promise<void> {
  const sqlite = engine === 'sqlite';
  await db.schema
    .createTable('vectors')
    // Never used twice: whoever keeps a copy of the vectors asks for what came after the last one they have.
    .addColumn('seq', sqlite ? 'integer' : 'bigint', (column) =>
      sqlite ? column.primaryKey().autoIncrement() : column.primaryKey().generatedAlwaysAsIdentity(),
    )
    .addColumn('teamId', 'text', (column) => column.notNull())
    .addColumn('datasetId', 'text', (column) => column.notNull())
    .addColumn('collectionId', 'text', (column) => column.notNull())
    .addColumn('dataId', 'text', (column) => column.notNull().references('data.id').onDelete('cascade'))
    .addColumn('part', 'text', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('dimensions', 'integer', (column) => column.notNull())
    .addColumn('vector', sqlite ? 'blob' : 'bytea', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('vectors_by_datasetId_seq')
    .on('vectors')
    .columns(['datasetId', 'seq'])
    .execute();
  await db.schema.createIndex('vectors_by_dataId').on('vectors').columns(['dataId']).execute();
  await db.schema.alterTable('data').addColumn('vectorModel', 'text').execute();
  // Holds only what waits, so that it is small where all is embedded.
  await db.schema
    .createIndex('data_to_embed')
    .on('data')
    .columns(['datasetId', 'id'])
    .where(sql.ref('vectorModel'), 'is', null)
    .execute();
  await db.schema.alterTable('datasets').addColumn('dimensions', 'integer').execute();
  await db.schema.alterTable('datasets').addColumn('bestEmbeddingWeight', 'double precision').execute();
  await db.schema.alterTable('datasets').addColumn('calibratedItems', 'integer').execute();
}
