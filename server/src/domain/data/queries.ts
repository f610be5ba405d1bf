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

/** How many indexes of its own an item has, and how many of its parts have vectors of the model of its dataset. */
export interface IndexAmounts {
  own: number;
  embedded: number;
}

/** The index amounts of items of one page, by their ids; an item without either is not among them. */
export async function indexAmounts(
  db: Kysely<Database>,
  teamId: string,
  items: readonly { id: string }[],
): Promise<Map<string, IndexAmounts>> {
  const ids = items.map(({ id }) => id);
  const amounts = new Map<string, IndexAmounts>();
  if (ids.length === 0) return amounts;
  const [own, parts] = await Promise.all([
    db
      .selectFrom('data_indexes')
      .select(['dataId', (eb) => eb.fn.countAll<number>().as('n')])
      .where('teamId', '=', teamId)
      .where('dataId', 'in', ids)
      .groupBy('dataId')
      .execute(),
    db
      .selectFrom('vectors')
      .innerJoin('datasets', (join) =>
        join
          .onRef('datasets.id', '=', 'vectors.datasetId')
          .onRef('datasets.vectorModel', '=', 'vectors.model'),
      )
      .select(['vectors.dataId', 'vectors.part'])
      .distinct()
      .where('vectors.teamId', '=', teamId)
      .where('vectors.dataId', 'in', ids)
      .execute(),
  ]);
  for (const { dataId, n } of own) amounts.set(dataId, { own: Number(n), embedded: 0 });
  for (const { dataId } of parts) {
    const found = amounts.get(dataId) ?? { own: 0, embedded: 0 };
    amounts.set(dataId, { ...found, embedded: found.embedded + 1 });
  }
  return amounts;
}
