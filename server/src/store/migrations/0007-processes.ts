import { type Kysely, sql } from 'kysely';
import type { Engine } from '../ports.ts';
import type { Database } from '../schema.ts';

/** Who works on this store, and the requests of keys that several processes count together. */
export async function processes(db: Kysely<Database>, engine: Engine): Promise<void> {
  await db.schema
    .createTable('processes')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('startTime', 'bigint', (c) => c.notNull())
    .addColumn('heartbeatTime', 'bigint', (c) => c.notNull())
    .addColumn('host', 'text', (c) => c.notNull())
    .addColumn('pid', 'integer', (c) => c.notNull())
    .addColumn('address', 'text', (c) => c.notNull())
    .addColumn('version', 'text', (c) => c.notNull())
    .execute();
  const rates = db.schema.createTable('key_rates');
  // Counts of a minute need not outlive a crash of the database: without its log a request costs no wait for the disk.
  await (engine === 'postgres' ? rates.modifyFront(sql`unlogged`) : rates)
    .addColumn('keyId', 'text', (c) => c.primaryKey().references('api_keys.id').onDelete('cascade'))
    .addColumn('count', 'bigint', (c) => c.notNull())
    .addColumn('windowStart', 'bigint', (c) => c.notNull())
    .execute();
}
