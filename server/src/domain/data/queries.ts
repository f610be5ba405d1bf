import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import type { CollectionRow, Database, DataIndexRow, DataRow } from '../../store/schema.ts';

/** A data item with what its presenters need of its collection. */
export interface DataWithSource {
  row: DataRow;
  collection: CollectionRow;
}

/** The data item of this team, joined to its collection; dataNotFound for anything else. */
export async function requireData(db: Kysely<Database>, teamId: string, id: string): Promise<DataWithSource> {
  const row = await db
    .selectFrom('data')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .executeTakeFirst();
  const collection =
    row &&
    (await db
      .selectFrom('collections')
      .selectAll()
      .where('teamId', '=', teamId)
      .where('id', '=', row.collectionId)
      .where('datasetId', '=', row.datasetId)
      .where('deletedTime', 'is', null)
      .executeTakeFirst());
  if (!row || !collection) throw fail('dataNotFound');
  return { row, collection };
}

/** The indexes of an item besides those of q and a. */
export function ownIndexes(db: Kysely<Database>, teamId: string, dataId: string): Promise<DataIndexRow[]> {
  return db
    .selectFrom('data_indexes')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('dataId', '=', dataId)
    .orderBy('id')
    .execute();
}

/** The parts of an item (`q`, `a`, ids of its indexes) that have vectors of the model its dataset is searched with. */
export async function embeddedParts(
  db: Kysely<Database>,
  { row }: Pick<DataWithSource, 'row'>,
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('vectors')
    .innerJoin('datasets', (join) =>
      join.onRef('datasets.id', '=', 'vectors.datasetId').onRef('datasets.vectorModel', '=', 'vectors.model'),
    )
    .select('vectors.part')
    .distinct()
    .where('vectors.teamId', '=', row.teamId)
    .where('vectors.dataId', '=', row.id)
    .execute();
  return new Set(rows.map(({ part }) => part));
}
