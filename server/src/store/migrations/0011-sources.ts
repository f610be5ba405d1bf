import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';

/** Where documents come from besides uploads, and the ids that other systems know theirs by. */
export async function sources(db: Kysely<Database>): Promise<void> {
  for (const column of ['externalFileUrl', 'apiFileId', 'externalId', 'contentHash']) {
    await db.schema.alterTable('collections').addColumn(column, 'text').execute();
  }
  await db.schema.alterTable('data').addColumn('externalId', 'text').execute();
  for (const column of ['websiteConfig', 'apiServer', 'apiAuthorization']) {
    await db.schema.alterTable('datasets').addColumn(column, 'text').execute();
  }
  await db.schema.alterTable('datasets').addColumn('autoSync', 'integer').execute();
  // What was deleted keeps its row for a while and must not stand in the way of the next one.
  await db.schema
    .createIndex('collections_by_datasetId_externalId')
    .unique()
    .on('collections')
    .columns(['datasetId', 'externalId'])
    .where(sql`"deletedTime"`, 'is', null)
    .execute();
  await db.schema
    .createIndex('data_by_collectionId_externalId')
    .unique()
    .on('data')
    .columns(['collectionId', 'externalId'])
    .execute();
}
