import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** Files on their way in, which may take several requests. */
export async function uploads(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('uploads')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('teamId', 'text', (c) => c.notNull())
    .addColumn('memberId', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('contentType', 'text', (c) => c.notNull())
    .addColumn('size', 'bigint')
    .addColumn('received', 'bigint', (c) => c.notNull())
    .addColumn('writer', 'text')
    .addColumn('createTime', 'bigint', (c) => c.notNull())
    .addColumn('expireTime', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('uploads_by_teamId_expireTime')
    .on('uploads')
    .columns(['teamId', 'expireTime'])
    .execute();
}
