import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** What data items said before they were changed; and an index by which a dataset is gone through page by page. */
export async function dataHistory(db: Kysely<Database>): Promise<void> {
  await db.schema.alterTable('data').addColumn('history', 'text').execute();
  await db.schema.dropIndex('data_by_datasetId').execute();
  await db.schema.createIndex('data_by_datasetId_id').on('data').columns(['datasetId', 'id']).execute();
}
