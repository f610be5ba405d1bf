import type { Kysely } from 'kysely';
import { fromJson } from '../store/json.ts';
import type { Database } from '../store/schema.ts';
import { indexing, titleOf, titleOfIndex } from './items.ts';

/** A vector of fewer tokens would say too little. */
const leastIndexSize = 64;

/** A data item that waits for its vectors, with the texts that each get one. */
export interface ItemToEmbed {
  id: string;
  collectionId: string;
  /** `size`: tokens of a vector's text, where its collection says so. */
  texts: { part: string; title: string; text: string; size?: number }[];
  /** Equal as long as nothing of what is embedded has changed. */
  version: string;
}

interface Where {
  teamId: string;
  datasetId: string;
}

/**
 * A page of what waits in a dataset, after the item `after`. What was written by the author gets the title of its
 * document and its headings before it, as in the keyword index; texts of custom indexes stand for themselves.
 */
export async function itemsToEmbed(
  db: Kysely<Database>,
  where: Where,
  after: string,
  limit: number,
): Promise<ItemToEmbed[]> {
  const rows = await select(db, where)
    .where('data.vectorModel', 'is', null)
    .where('data.id', '>', after)
    .orderBy('data.id')
    .limit(limit)
    .execute();
  return await withTexts(db, where, rows);
}

/**
 * Marks those of the items as embedded by `model` that are as they were when they were read. Marking comes first, so
 * that whoever changes one of them from here on waits for the caller's transaction.
 */
export async function unchangedOf(
  trx: Kysely<Database>,
  where: Where,
  items: ItemToEmbed[],
  model: string,
): Promise<Set<string>> {
  const marked = await trx
    .updateTable('data')
    .set({ vectorModel: model })
    .where('teamId', '=', where.teamId)
    .where('datasetId', '=', where.datasetId)
    .where('vectorModel', 'is', null)
    .where(
      'id',
      'in',
      items.map(({ id }) => id),
    )
    .returning('id')
    .execute();
  if (marked.length === 0) return new Set();
  const ids = marked.map(({ id }) => id);
  const now = await withTexts(trx, where, await select(trx, where).where('data.id', 'in', ids).execute());
  const versions = new Map(now.map(({ id, version }) => [id, version]));
  const unchanged = new Set(
    items.filter(({ id, version }) => versions.get(id) === version).map(({ id }) => id),
  );
  const changed = ids.filter((id) => !unchanged.has(id));
  if (changed.length > 0) {
    await trx
      .updateTable('data')
      .set({ vectorModel: null })
      .where('teamId', '=', where.teamId)
      .where('id', 'in', changed)
      .execute();
  }
  return unchanged;
}

function select(db: Kysely<Database>, { teamId, datasetId }: Where) {
  return db
    .selectFrom('data')
    .innerJoin('collections', 'collections.id', 'data.collectionId')
    .select(['data.id', 'data.collectionId', 'data.q', 'data.a', 'data.headings', 'data.hash'])
    .select(['collections.name', 'collections.params'])
    .where('data.teamId', '=', teamId)
    .where('data.datasetId', '=', datasetId)
    .where('collections.deletedTime', 'is', null);
}

type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number];

async function withTexts(db: Kysely<Database>, { teamId }: Where, rows: Row[]): Promise<ItemToEmbed[]> {
  if (rows.length === 0) return [];
  const indexes = await db
    .selectFrom('data_indexes')
    .select(['id', 'dataId', 'type', 'text'])
    .where('teamId', '=', teamId)
    .where(
      'dataId',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('id')
    .execute();
  return rows.map((row) => {
    const title = titleOf(row, fromJson<string[]>(row.headings, []));
    const own = indexes.filter(({ dataId }) => dataId === row.id);
    const { indexSize } = indexing(row);
    const size = indexSize !== undefined && { size: Math.max(leastIndexSize, indexSize) };
    return {
      id: row.id,
      collectionId: row.collectionId,
      texts: [
        { part: 'q', title, text: row.q, ...size },
        { part: 'a', title, text: row.a, ...size },
        ...own.map(({ id, type, text }) => ({ part: id, title: titleOfIndex(row, type), text })),
      ].filter(({ text }) => text.trim() !== ''),
      // Rows of custom indexes are replaced, never changed.
      version: JSON.stringify([row.hash, title, own.map(({ id }) => id)]),
    };
  });
}
