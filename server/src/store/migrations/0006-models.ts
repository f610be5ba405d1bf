import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** Models, the channels they are reached by, private addresses that root allows, and how calls went. */
export async function models(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('models')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('model', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('active', 'integer', (column) => column.notNull())
    .addColumn('facts', 'text', (column) => column.notNull())
    .addColumn('access', 'text')
    .addColumn('requestUrl', 'text', (column) => column.notNull())
    .addColumn('requestAuth', 'text')
    .addColumn('createTime', 'bigint', (column) => column.notNull())
    .addColumn('updateTime', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('model_channels')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull().unique())
    .addColumn('provider', 'text', (column) => column.notNull())
    .addColumn('baseUrl', 'text', (column) => column.notNull())
    .addColumn('credential', 'text')
    .addColumn('priority', 'integer', (column) => column.notNull())
    .addColumn('weight', 'integer', (column) => column.notNull())
    .addColumn('enabled', 'integer', (column) => column.notNull())
    .addColumn('models', 'text', (column) => column.notNull())
    .addColumn('createTime', 'bigint', (column) => column.notNull())
    .addColumn('updateTime', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('trusted_origins')
    .addColumn('origin', 'text', (column) => column.primaryKey())
    .addColumn('note', 'text', (column) => column.notNull())
    .addColumn('memberId', 'text', (column) => column.notNull())
    .addColumn('createTime', 'bigint', (column) => column.notNull())
    .execute();
  // A row per number, so that several processes can add to it at once.
  await db.schema
    .createTable('model_health')
    .addColumn('hour', 'bigint', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('measure', 'text', (column) => column.notNull())
    .addColumn('value', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('model_health_key', ['hour', 'model', 'channel', 'measure'])
    .execute();
}
