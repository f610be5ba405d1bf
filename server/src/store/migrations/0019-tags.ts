import type { Kysely } from 'kysely';
import { newId } from '../../kernel/ids.ts';
import type { Database } from '../schema.ts';

/** The column this migration takes away. */
interface Before {
  tags: { id: string; teamId: string; datasetId: string; name: string; createTime: number };
  collection_tags: { collectionId: string; tagId: string };
  collections: { id: string; teamId: string; datasetId: string; tags: string };
}

const pageSize = 500;

/** Tags with ids of their own, one of a name in each dataset, instead of lists of names in the collections. */
export async function tags(db: Kysely<Database>): Promise<void> {
  await db.schema
    .createTable('tags')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('teamId', 'text', (column) => column.notNull())
    .addColumn('datasetId', 'text', (column) =>
      column.notNull().references('datasets.id').onDelete('cascade'),
    )
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('createTime', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('tags_name').on('tags').columns(['datasetId', 'name']).unique().execute();
  await db.schema
    .createTable('collection_tags')
    .addColumn('collectionId', 'text', (column) =>
      column.notNull().references('collections.id').onDelete('cascade'),
    )
    .addColumn('tagId', 'text', (column) => column.notNull().references('tags.id').onDelete('cascade'))
    .addPrimaryKeyConstraint('collection_tags_key', ['collectionId', 'tagId'])
    .execute();
  await db.schema.createIndex('collection_tags_tag').on('collection_tags').columns(['tagId']).execute();
  await carryOver(db as unknown as Kysely<Before>);
  await db.schema.alterTable('collections').dropColumn('tags').execute();
}

async function carryOver(db: Kysely<Before>): Promise<void> {
  const known = new Map<string, string>();
  for (let after = ''; ; ) {
    const rows = await db
      .selectFrom('collections')
      .select(['id', 'teamId', 'datasetId', 'tags'])
      .where('id', '>', after)
      .where('tags', '!=', '[]')
      .orderBy('id')
      .limit(pageSize)
      .execute();
    for (const row of rows) {
      for (const name of namesOf(row.tags)) {
        const key = `${row.datasetId} ${name}`;
        let tagId = known.get(key);
        if (tagId === undefined) {
          tagId = newId();
          known.set(key, tagId);
          const { teamId, datasetId } = row;
          const tag = { id: tagId, teamId, datasetId, name, createTime: Date.now() };
          await db.insertInto('tags').values(tag).execute();
        }
        await db.insertInto('collection_tags').values({ collectionId: row.id, tagId }).execute();
      }
    }
    if (rows.length < pageSize) return;
    after = rows.at(-1)?.id ?? '';
  }
}

function namesOf(json: string): string[] {
  const names: unknown = JSON.parse(json || '[]');
  return Array.isArray(names) ? [...new Set(names.filter((name) => typeof name === 'string'))] : [];
}
