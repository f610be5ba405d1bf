import type { Kysely } from 'kysely';
import { fromJson } from '../store/json.ts';
import { lockRows } from '../store/locking.ts';
import type { Store } from '../store/ports.ts';
import type { Database } from '../store/schema.ts';
import { indexing, titleOf, titleOfIndex } from './items.ts';

/** A vector of fewer tokens would say too little. */
const leastIndexSize = 64;

/** A data item that waits for vectors, with those of its texts that have none of the model yet. */
export interface ItemToEmbed {
  id: string;
  collectionId: string;
  /** `size`: tokens of a vector's text, where its collection says so. */
  texts: { part: string; title: string; text: string; size?: number }[];
  /** None of its texts has a vector yet. */
  whole: boolean;
  /** Equal as long as nothing of what is embedded has changed. */
  version: string;
}

/** Whose vectors are made, and of which model. */
export interface EmbedScope {
  teamId: string;
  datasetId: string;
  model: string;
}

/**
 * A page of what waits in a dataset, after the item `after`, without what the model has refused. What was written by the author gets the title of its
 * document and its headings before it, as in the keyword index; texts of custom indexes stand for themselves.
 */
export async function itemsToEmbed(
  db: Kysely<Database>,
  scope: EmbedScope,
  after: string,
  limit: number,
): Promise<ItemToEmbed[]> {
  const rows = await select(db, scope)
    .where('data.vectorModel', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('embedding_refusals')
            .select('embedding_refusals.dataId')
            .whereRef('embedding_refusals.dataId', '=', 'data.id')
            .where('embedding_refusals.model', '=', scope.model),
        ),
      ),
    )
    .where('data.id', '>', after)
    .orderBy('data.id')
    .limit(limit)
    .execute();
  return await withTexts(db, scope, rows);
}

/** The same of the items named, whether they wait or not. */
export async function namedItemsToEmbed(
  db: Kysely<Database>,
  scope: EmbedScope,
  ids: readonly string[],
): Promise<ItemToEmbed[]> {
  if (ids.length === 0) return [];
  return await withTexts(db, scope, await select(db, scope).where('data.id', 'in', ids).execute());
}

/**
 * Marks those of the items as embedded by the model that are as they were when they were read. Marking comes first, so
 * that whoever changes one of them from here on waits for the caller's transaction.
 */
export async function markUnchanged(
  trx: Kysely<Database>,
  scope: EmbedScope,
  items: ItemToEmbed[],
): Promise<Set<string>> {
  const marked = await trx
    .updateTable('data')
    .set({ vectorModel: scope.model })
    .where('teamId', '=', scope.teamId)
    .where('datasetId', '=', scope.datasetId)
    .where('vectorModel', 'is', null)
    .where(
      'id',
      'in',
      items.map(({ id }) => id),
    )
    .returning('id')
    .execute();
  const ids = marked.map(({ id }) => id);
  const unchanged = await unchangedAmong(trx, scope, items, ids);
  const changed = ids.filter((id) => !unchanged.has(id));
  if (changed.length > 0) {
    await trx
      .updateTable('data')
      .set({ vectorModel: null })
      .where('teamId', '=', scope.teamId)
      .where('id', 'in', changed)
      .execute();
  }
  return unchanged;
}

/** Those of the items that are as they were when they were read, held as they are; no mark tells of their vectors. */
export async function holdUnchanged(
  store: Pick<Store, 'engine'>,
  trx: Kysely<Database>,
  scope: EmbedScope,
  items: ItemToEmbed[],
): Promise<Set<string>> {
  const ids = items.map(({ id }) => id);
  await lockRows(store, trx, 'data', scope.teamId, ids);
  return await unchangedAmong(trx, scope, items, ids);
}

async function unchangedAmong(
  trx: Kysely<Database>,
  scope: EmbedScope,
  items: ItemToEmbed[],
  ids: string[],
): Promise<Set<string>> {
  const now = await namedItemsToEmbed(trx, scope, ids);
  const versions = new Map(now.map(({ id, version }) => [id, version]));
  return new Set(items.filter(({ id, version }) => versions.get(id) === version).map(({ id }) => id));
}

function select(db: Kysely<Database>, { teamId, datasetId }: EmbedScope) {
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

async function withTexts(db: Kysely<Database>, scope: EmbedScope, rows: Row[]): Promise<ItemToEmbed[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [indexes, vectors] = await Promise.all([
    db
      .selectFrom('data_indexes')
      .select(['id', 'dataId', 'type', 'text'])
      .where('teamId', '=', scope.teamId)
      .where('dataId', 'in', ids)
      .orderBy('id')
      .execute(),
    db
      .selectFrom('vectors')
      .select(['dataId', 'part'])
      .distinct()
      .where('teamId', '=', scope.teamId)
      .where('dataId', 'in', ids)
      .where('model', '=', scope.model)
      .execute(),
  ]);
  const ownOf = Map.groupBy(indexes, ({ dataId }) => dataId);
  const made = new Set(vectors.map(({ dataId, part }) => `${dataId} ${part}`));
  return rows.map((row) => {
    const title = titleOf(row, fromJson<string[]>(row.headings, []));
    const own = ownOf.get(row.id) ?? [];
    const { indexSize } = indexing(row);
    const size = indexSize !== undefined && { size: Math.max(leastIndexSize, indexSize) };
    const all = [
      { part: 'q', title, text: row.q, ...size },
      { part: 'a', title, text: row.a, ...size },
      ...own.map(({ id, type, text }) => ({ part: id, title: titleOfIndex(row, type), text })),
    ].filter(({ text }) => text.trim() !== '');
    const texts = all.filter(({ part }) => !made.has(`${row.id} ${part}`));
    return {
      id: row.id,
      collectionId: row.collectionId,
      texts,
      whole: texts.length === all.length,
      version: JSON.stringify([
        row.hash,
        title,
        own.map(({ id, text }) => [id, text]),
        texts.map(({ part }) => part),
      ]),
    };
  });
}
