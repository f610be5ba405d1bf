import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';

/** What a person wants to know of a job: how fast it is, since when it works, when it ended. Lists go by team. */
export async function jobSpeed(db: Kysely<Database>): Promise<void> {
  await db.schema.alterTable('jobs').addColumn('speed', 'text').execute();
  await db.schema.alterTable('jobs').addColumn('startTime', 'bigint').execute();
  await db.schema.alterTable('jobs').addColumn('endTime', 'bigint').execute();
  for (const time of ['createTime', 'updateTime']) {
    await db.schema.createIndex(`jobs_by_teamId_${time}`).on('jobs').columns(['teamId', time]).execute();
  }
}
