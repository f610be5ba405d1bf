import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/**
 * Whether a collection was switched off itself, apart from its folders. Until now a folder that was switched off wrote
 * that into everything in it: what lies in such a folder is taken to be off by it, and comes back with it.
 */
export async function ownForbid(db: Kysely<Database>): Promise<void> {
  await db.schema
    .alterTable('collections')
    .addColumn('ownForbid', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db
    .updateTable('collections')
    .set({ ownForbid: 1 })
    .where('forbid', '=', 1)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('collections as folder')
            .select('folder.id')
            .whereRef('folder.id', '=', 'collections.parentId')
            .where('folder.forbid', '=', 1),
        ),
      ),
    )
    .execute();
}
