import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** Addresses of a team, or of one of its datasets, that are told when a job ends. */
export async function webhooks(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('webhooks')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('teamId', 'text', (column) => column.notNull().references('teams.id').onDelete('cascade'))
    .addColumn('memberId', 'text', (column) => column.notNull())
    .addColumn('datasetId', 'text', (column) => column.references('datasets.id').onDelete('cascade'))
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('secret', 'text', (column) => column.notNull())
    .addColumn('states', 'text', (column) => column.notNull())
    .addColumn('lang', 'text', (column) => column.notNull())
    .addColumn('createTime', 'bigint', (column) => column.notNull())
    .addColumn('deliveryTime', 'bigint')
    .addColumn('deliveryOk', 'integer')
    .addColumn('deliveryText', 'text')
    .execute();
  await db.schema.createIndex('webhooks_by_teamId').on('webhooks').columns(['teamId']).execute();
}
