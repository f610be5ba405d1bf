import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** The pages of the websites that datasets are kept in step with: what a crawl has found and what became of it. */
export async function sitePages(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('site_pages')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('teamId', 'text', (c) => c.notNull())
    .addColumn('datasetId', 'text', (c) => c.notNull().references('datasets.id').onDelete('cascade'))
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('depth', 'integer', (c) => c.notNull())
    .addColumn('crawl', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('collectionId', 'text')
    .addColumn('etag', 'text')
    .addColumn('lastModified', 'text')
    .addColumn('error', 'text')
    .addColumn('updateTime', 'bigint', (c) => c.notNull())
    .execute();
  await db.schema
    .createIndex('site_pages_by_datasetId_url')
    .unique()
    .on('site_pages')
    .columns(['datasetId', 'url'])
    .execute();
  await db.schema
    .createIndex('site_pages_by_datasetId_state')
    .on('site_pages')
    .columns(['datasetId', 'state', 'depth'])
    .execute();
}
