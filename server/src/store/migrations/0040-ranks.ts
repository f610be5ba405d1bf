import type { Kysely } from 'kysely';
import { fromJson } from '../json.ts';
import type { Database } from '../schema.ts';

const pageSize = 500;

/** What evaluations found can be compared where it lies: the rank and nDCG of each result in columns of their own. */
export async function ranks(db: Kysely<Database>): Promise<void> {
  await db.schema.alterTable('evaluation_results').addColumn('rank', 'integer').execute();
  await db.schema
    .alterTable('evaluation_results')
    .addColumn('ndcg', 'double precision', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable('evaluation_results')
    .addColumn('failed', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  const evaluations = await db.selectFrom('evaluations').select('id').execute();
  for (const { id } of evaluations) await fill(db, id);
}

async function fill(db: Kysely<Database>, evaluationId: string): Promise<void> {
  for (let offset = 0; ; offset += pageSize) {
    const rows = await db
      .selectFrom('evaluation_results')
      .select(['questionId', 'setting', 'result'])
      .where('evaluationId', '=', evaluationId)
      .orderBy('questionId')
      .orderBy('setting')
      .limit(pageSize)
      .offset(offset)
      .execute();
    for (const { questionId, setting, result } of rows) {
      const { rank, ndcg, error } = fromJson<{ rank?: number | null; ndcg?: number; error?: object }>(
        result,
        {},
      );
      await db
        .updateTable('evaluation_results')
        .set({ rank: rank ?? null, ndcg: ndcg ?? 0, failed: error ? 1 : 0 })
        .where('evaluationId', '=', evaluationId)
        .where('questionId', '=', questionId)
        .where('setting', '=', setting)
        .execute();
    }
    if (rows.length < pageSize) return;
  }
}
