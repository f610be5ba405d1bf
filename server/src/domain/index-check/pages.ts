import type { Kysely } from 'kysely';
import { titleOf } from '../../jobs/items.ts';
import type { IndexDocument } from '../../retrieval/ports.ts';
import { fromJson } from '../../store/json.ts';
import type { Database, DatasetRow } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { latestRebuild } from '../embedding-rebuild/queries.ts';

/** A dataset as far as its index depends on it. */
export interface CheckedDataset extends Pick<DatasetRow, 'id' | 'teamId' | 'vectorModel' | 'dimensions'> {
  /** Another index beside the one that answers, or that answered until a moment ago. */
  other: OtherIndex | undefined;
}

export interface OtherIndex {
  model: string;
  dimensions: number | null;
}

/** A data item with what the index is to say of it. */
export interface CheckedItem {
  id: string;
  hash: string;
  document: IndexDocument;
  /** Texts that have a vector once the item is embedded. */
  parts: string[];
  /** Texts that may have one. */
  knownParts: string[];
  vectorModel: string | null;
}

const datasetsAtOnce = 200;

/** Every dataset of every team that is not deleted, or the one that is named. */
export async function* datasetsToCheck(
  { store }: Pick<App, 'store'>,
  only: string | undefined,
): AsyncGenerator<CheckedDataset> {
  for (let after = ''; ; ) {
    let query = store.db
      .selectFrom('datasets')
      .select(['id', 'teamId', 'vectorModel', 'dimensions'])
      .where('deletedTime', 'is', null)
      .where('id', '>', after)
      .orderBy('id')
      .limit(datasetsAtOnce);
    if (only !== undefined) query = query.where('id', '=', only);
    const rows = await query.execute();
    for (const row of rows) yield { ...row, other: await otherIndexOf(store.db, row) };
    after = rows.at(-1)?.id ?? '';
    if (rows.length < datasetsAtOnce) return;
  }
}

async function otherIndexOf(
  db: Kysely<Database>,
  { id, teamId, vectorModel }: Pick<DatasetRow, 'id' | 'teamId' | 'vectorModel'>,
): Promise<OtherIndex | undefined> {
  const rebuild = await latestRebuild(db, { teamId, datasetId: id });
  if (!rebuild) return undefined;
  const { model, dimensions, otherModel, otherDimensions } = rebuild;
  return vectorModel === model ? { model: otherModel, dimensions: otherDimensions } : { model, dimensions };
}

/** A page of a dataset's items after an id; those of deleted collections are about to go and not looked at. */
export async function itemsToCheck(
  { store }: Pick<App, 'store'>,
  { id: datasetId, teamId }: CheckedDataset,
  after: string,
  limit: number,
): Promise<CheckedItem[]> {
  const rows = await store.db
    .selectFrom('data')
    .innerJoin('collections', 'collections.id', 'data.collectionId')
    .select([
      'data.id',
      'data.collectionId',
      'data.q',
      'data.a',
      'data.headings',
      'data.hash',
      'data.vectorModel',
    ])
    .select(['collections.name', 'collections.params'])
    .where('data.teamId', '=', teamId)
    .where('data.datasetId', '=', datasetId)
    .where('collections.deletedTime', 'is', null)
    .where('data.id', '>', after)
    .orderBy('data.id')
    .limit(limit)
    .execute();
  if (rows.length === 0) return [];
  const indexes = await store.db
    .selectFrom('data_indexes')
    .select(['id', 'dataId', 'text'])
    .where('teamId', '=', teamId)
    .where(
      'dataId',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('id')
    .execute();
  const ownOf = Map.groupBy(indexes, ({ dataId }) => dataId);
  return rows.map((row) => {
    const own = ownOf.get(row.id) ?? [];
    const texts = [
      { part: 'q', text: row.q },
      { part: 'a', text: row.a },
      ...own.map(({ id, text }) => ({ part: id, text })),
    ];
    return {
      id: row.id,
      hash: row.hash,
      document: {
        dataId: row.id,
        datasetId,
        collectionId: row.collectionId,
        title: titleOf(row, fromJson<string[]>(row.headings, [])),
        texts: texts.map(({ text }) => text).filter((text) => text !== ''),
      },
      parts: texts.filter(({ text }) => text.trim() !== '').map(({ part }) => part),
      knownParts: texts.map(({ part }) => part),
      vectorModel: row.vectorModel,
    };
  });
}
