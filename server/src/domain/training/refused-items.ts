import type { Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';

/** Data items without vectors, because the embedding model of their dataset refused them. */
function refusedItems(db: Kysely<Database>, teamId: string) {
  return (
    db
      .selectFrom('embedding_refusals')
      .innerJoin('data', 'data.id', 'embedding_refusals.dataId')
      .innerJoin('datasets', 'datasets.id', 'data.datasetId')
      .where('embedding_refusals.teamId', '=', teamId)
      .where('data.teamId', '=', teamId)
      .where('data.vectorModel', 'is', null)
      // What an earlier model said counts no more.
      .whereRef('datasets.vectorModel', '=', 'embedding_refusals.model')
  );
}

/** The collections of a dataset that hold such items. */
export function collectionsWithRefused(db: Kysely<Database>, teamId: string, datasetId: string) {
  return refusedItems(db, teamId)
    .where('embedding_refusals.datasetId', '=', datasetId)
    .select('embedding_refusals.collectionId as id');
}

/** How many there are in each of the collections. */
export async function countRefused(
  db: Kysely<Database>,
  teamId: string,
  collectionIds: string[],
): Promise<Map<string, number>> {
  if (collectionIds.length === 0) return new Map();
  const rows = await refusedItems(db, teamId)
    .select(['data.collectionId', (eb) => eb.fn.countAll<number>().as('amount')])
    .where('embedding_refusals.collectionId', 'in', collectionIds)
    .groupBy('data.collectionId')
    .execute();
  return new Map(rows.map(({ collectionId, amount }) => [collectionId, Number(amount)]));
}

const columns = [
  'data.id',
  'data.teamId',
  'data.datasetId',
  'data.collectionId',
  'data.q',
  'data.a',
  'data.chunkIndex',
  'embedding_refusals.error',
] as const;

/** A page of those of a collection, in the order of its text. */
export function listRefused(
  db: Kysely<Database>,
  { teamId, id }: { teamId: string; id: string },
  { offset, limit }: { offset: number; limit: number },
) {
  return refusedItems(db, teamId)
    .select(columns)
    .where('embedding_refusals.collectionId', '=', id)
    .orderBy('data.chunkIndex')
    .orderBy('data.id')
    .limit(limit)
    .offset(offset)
    .execute();
}

/** One of them by the ids that a program names it by. */
export function findRefused(
  db: Kysely<Database>,
  teamId: string,
  { datasetId, collectionId, dataId }: { datasetId: string; collectionId: string; dataId: string },
) {
  return refusedItems(db, teamId)
    .select(columns)
    .where('data.datasetId', '=', datasetId)
    .where('data.collectionId', '=', collectionId)
    .where('data.id', '=', dataId)
    .executeTakeFirst();
}
