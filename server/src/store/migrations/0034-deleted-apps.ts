import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** Apps are marked as deleted in one moment and cleared away later, as datasets are. */
export async function deletedApps(db: Kysely<Database>): Promise<void> {
  await db.schema.alterTable('apps').addColumn('deletedTime', 'bigint').execute();
  await db.schema.alterTable('apps').addColumn('deletionId', 'text').execute();
  await db.schema
    .createIndex('apps_by_teamId_deletedTime')
    .on('apps')
    .columns(['teamId', 'deletedTime'])
    .execute();
}
