import type { Kysely } from 'kysely';
import { fromJson, toJson } from '../store/json.ts';
import type { Database } from '../store/schema.ts';

/** Whose items were refused, and by which model. */
interface RefusalScope {
  teamId: string;
  datasetId: string;
  model: string;
}

/**
 * Remembers what a model said of data items that it refused, as far as they are still there and have no vectors. They
 * are not asked for again until they or the model change, or somebody asks for it. Call it with the items held.
 */
export async function noteRefusal(
  db: Kysely<Database>,
  { teamId, datasetId, model }: RefusalScope,
  dataIds: readonly string[],
  said: { en: string; zh: string },
): Promise<void> {
  if (dataIds.length === 0) return;
  const [error, updateTime] = [toJson(said), Date.now()];
  await db
    .insertInto('embedding_refusals')
    .columns(['dataId', 'teamId', 'datasetId', 'collectionId', 'model', 'error', 'updateTime'])
    .expression((eb) =>
      eb
        .selectFrom('data')
        .select((of) => [
          'data.id',
          'data.teamId',
          'data.datasetId',
          'data.collectionId',
          of.cast<string>(of.val(model), 'text').as('model'),
          of.cast<string>(of.val(error), 'text').as('error'),
          of.cast<number>(of.val(updateTime), 'bigint').as('updateTime'),
        ])
        .where('data.teamId', '=', teamId)
        .where('data.datasetId', '=', datasetId)
        .where('data.vectorModel', 'is', null)
        .where('data.id', 'in', [...dataIds]),
    )
    .onConflict((conflict) => conflict.column('dataId').doUpdateSet({ model, error, updateTime }))
    .execute();
}

/** For items that have their vectors, or that nobody wants vectors of any more. */
export async function forgetRefusals(
  trx: Kysely<Database>,
  teamId: string,
  dataIds: readonly string[],
): Promise<void> {
  if (dataIds.length === 0) return;
  await trx
    .deleteFrom('embedding_refusals')
    .where('teamId', '=', teamId)
    .where('dataId', 'in', [...dataIds])
    .execute();
}

/** How many items of a dataset wait for no more than that somebody sees to what the model said, and what it said last. */
export async function knownRefusals(
  db: Kysely<Database>,
  { teamId, datasetId, model }: RefusalScope,
): Promise<{ count: number; said: { en: string; zh: string } }> {
  const rows = db
    .selectFrom('embedding_refusals')
    .innerJoin('data', 'data.id', 'embedding_refusals.dataId')
    .where('embedding_refusals.teamId', '=', teamId)
    .where('embedding_refusals.datasetId', '=', datasetId)
    .where('embedding_refusals.model', '=', model)
    .where('data.vectorModel', 'is', null);
  const [all, last] = await Promise.all([
    rows.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirst(),
    rows
      .select('embedding_refusals.error')
      .orderBy('embedding_refusals.updateTime', 'desc')
      .limit(1)
      .executeTakeFirst(),
  ]);
  return { count: Number(all?.n ?? 0), said: fromJson(last?.error, { en: '', zh: '' }) };
}
