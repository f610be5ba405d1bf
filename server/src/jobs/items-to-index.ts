import type { Kysely } from 'kysely';
import type { TextIndex } from '../retrieval/ports.ts';
import { fromJson } from '../store/json.ts';
import type { Database } from '../store/schema.ts';
import { titleOf } from './items.ts';

/** Items of one page. */
export const indexPageSize = 100;

type ToAnalyse = Parameters<TextIndex['analyse']>[0][number];

/** A stored data item with what the analyser is told of it. */
export interface ItemToIndex {
  id: string;
  q: string;
  a: string;
  analyse: ToAnalyse;
}

/** The next data items of a team (or of one of its collections) after an id, those of deleted collections left out. */
export async function nextItemsToIndex(
  db: Kysely<Database>,
  of: { teamId: string; collectionId?: string | null },
  after: string,
): Promise<ItemToIndex[]> {
  let query = db
    .selectFrom('data')
    .innerJoin('collections', 'collections.id', 'data.collectionId')
    .select(['data.id', 'data.datasetId', 'data.collectionId', 'data.q', 'data.a', 'data.headings'])
    .select(['collections.name', 'collections.params'])
    .where('data.teamId', '=', of.teamId)
    .where('collections.deletedTime', 'is', null)
    .where('data.id', '>', after)
    .orderBy('data.id')
    .limit(indexPageSize);
  if (of.collectionId !== undefined) query = query.where('data.collectionId', '=', of.collectionId);
  const rows = await query.execute();
  if (rows.length === 0) return [];
  const indexes = await db
    .selectFrom('data_indexes')
    .select(['dataId', 'text'])
    .where('teamId', '=', of.teamId)
    .where(
      'dataId',
      'in',
      rows.map((row) => row.id),
    )
    .execute();
  const byItem = Map.groupBy(indexes, ({ dataId }) => dataId);
  return rows.map((row) => ({
    id: row.id,
    q: row.q,
    a: row.a,
    analyse: {
      dataId: row.id,
      datasetId: row.datasetId,
      collectionId: row.collectionId,
      title: titleOf(row, fromJson<string[]>(row.headings, [])),
      texts: [row.q, row.a, ...(byItem.get(row.id) ?? []).map(({ text }) => text)].filter(Boolean),
    },
  }));
}
