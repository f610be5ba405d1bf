import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** Files may wait for a collection, be pictures of one, or belong to a chat. */
export async function fileOwners(db: Kysely<Database>): Promise<void> {
  await db.schema.alterTable('files').addColumn('expireTime', 'bigint').execute();
  await db.schema.alterTable('files').addColumn('collectionId', 'text').execute();
  await db.schema.alterTable('files').addColumn('appId', 'text').execute();
  for (const column of ['expireTime', 'collectionId'])
    await db.schema
      .createIndex(`files_by_teamId_${column}`)
      .on('files')
      .columns(['teamId', column])
      .execute();
}
