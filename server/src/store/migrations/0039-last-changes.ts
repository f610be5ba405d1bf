import type { Kysely } from 'kysely';

/** Who changed an app or a data item last, for those whose own change of it would have written over that. */
export async function lastChanges(db: Kysely<unknown>): Promise<void> {
  for (const table of ['apps', 'data'])
    await db.schema.alterTable(table).addColumn('updateMemberId', 'text').execute();
}
