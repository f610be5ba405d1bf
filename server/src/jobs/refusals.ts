import type { Kysely } from 'kysely';
import { toJson } from '../store/json.ts';
import type { Database } from '../store/schema.ts';

/** Whose items were refused, and by which model. */
interface RefusalScope {
  teamId: string;
  datasetId: string;
  model: string;
}

/** Remembers what a model said of data items that it refused, as far as they are still there and have no vectors. */
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
