import type { Kysely } from 'kysely';

/**
 * What a trusted origin is trusted for. Those there are were trusted by a text that spoke of models; whoever meant
 * links or webhooks as well can say so.
 */
export async function trustedReach(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('trusted_origins')
    .addColumn('reach', 'text', (column) => column.notNull().defaultTo('models'))
    .execute();
}
