import type { Kysely } from 'kysely';
import { metadataValues } from '../metadata-values.ts';
import type { Database } from '../schema.ts';

const pageSize = 500;
/** Rows in one statement. */
const batchSize = 200;

/** The values of collections' metadata by name and type, so that searches can be narrowed by them. */
export async function metadata(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('collection_metadata')
    .addColumn('collectionId', 'text', (column) =>
      column.notNull().references('collections.id').onDelete('cascade'),
    )
    .addColumn('place', 'integer', (column) => column.notNull())
    .addColumn('datasetId', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('number', 'double precision')
    .addPrimaryKeyConstraint('collection_metadata_key', ['collectionId', 'place'])
    .execute();
  for (const column of ['number', 'text'] as const) {
    await db.schema
      .createIndex(`collection_metadata_${column}`)
      .on('collection_metadata')
      .columns(['datasetId', 'name', column])
      .execute();
  }
  await fill(db);
}

async function fill(db: Kysely<Database>): Promise<void> {
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('collections')
      .select(['id', 'datasetId', 'metadata'])
      .where('id', '>', after)
      .where('metadata', '!=', '{}')
      .orderBy('id')
      .limit(pageSize)
      .execute();
    const values = rows.flatMap(({ id, datasetId, metadata: json }) =>
      metadataValues(JSON.parse(json || '{}')).map((value, place) => ({
        collectionId: id,
        place,
        datasetId,
        ...value,
      })),
    );
    for (let i = 0; i < values.length; i += batchSize) {
      await db
        .insertInto('collection_metadata')
        .values(values.slice(i, i + batchSize))
        .execute();
    }
    if (rows.length < pageSize) return;
    after = rows.at(-1)?.id ?? '';
  }
}
