import type { Kysely } from 'kysely';
import { newId } from '../../kernel/ids.ts';
import { fromJson, toJson } from '../../store/json.ts';
import { lockRows } from '../../store/locking.ts';
import type { Store } from '../../store/ports.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import { insertItems, itemHash, type NewItem, prepareItems } from '../items.ts';
import type { JobTools } from '../job.ts';
import { insertTrainingItems } from '../training/items.ts';
import { wantedIndexes } from '../training/wanted-indexes.ts';
import type { ImportDeps } from './deps.ts';

/** Items in one transaction. */
const batchSize = 100;

type Scope = Pick<CollectionRow, 'id' | 'teamId'>;

/** What has to be done so that a collection holds other items: what stays as it is keeps its id and its vectors. */
export interface Differences {
  fresh: NewItem[];
  /** Stay, in another place. */
  moved: { id: string; chunkIndex: number; position: string | null }[];
  gone: string[];
}

/** Compares what a collection holds with what it is to hold. */
export async function differences(
  db: Kysely<Database>,
  scope: Scope,
  items: readonly NewItem[],
): Promise<Differences> {
  const stored = Map.groupBy(await storedItems(db, scope), ({ key }) => key);
  const result: Differences = { fresh: [], moved: [], gone: [] };
  for (const item of items) {
    const same = stored.get(keyOf(itemHash(item.q, item.a), item.headings, item.indexes))?.shift();
    const position = item.position ? toJson(item.position) : null;
    if (!same) result.fresh.push(item);
    else if (same.chunkIndex !== item.chunkIndex || same.position !== position) {
      result.moved.push({ id: same.id, chunkIndex: item.chunkIndex, position });
    }
  }
  result.gone = [...stored.values()].flat().map(({ id }) => id);
  return result;
}

async function storedItems(db: Kysely<Database>, { teamId, id }: Scope) {
  const rows = await db
    .selectFrom('data')
    .select(['id', 'hash', 'headings', 'chunkIndex', 'position'])
    .where('teamId', '=', teamId)
    .where('collectionId', '=', id)
    .orderBy('chunkIndex')
    .orderBy('id')
    .execute();
  const indexes = await db
    .selectFrom('data_indexes')
    .innerJoin('data', 'data.id', 'data_indexes.dataId')
    .select(['data_indexes.dataId', 'data_indexes.type', 'data_indexes.text'])
    .where('data.teamId', '=', teamId)
    .where('data.collectionId', '=', id)
    // What models made of an item says nothing of its document.
    .where('data_indexes.type', 'in', ['default', 'custom'])
    .execute();
  const own = Map.groupBy(indexes, ({ dataId }) => dataId);
  return rows.map((row) => ({
    ...row,
    key: keyOf(row.hash, fromJson<string[]>(row.headings, []), own.get(row.id) ?? []),
  }));
}

function keyOf(
  hash: string,
  headings: readonly string[],
  indexes: readonly { type: string; text: string }[],
) {
  return toJson([hash, headings, indexes.map(({ type, text }) => `${type} ${text}`).sort()]);
}

/** Moves what stays and removes what is gone; part of the caller's transaction, which holds the collection. */
export async function tidyUp(
  store: Pick<Store, 'index'>,
  trx: Kysely<Database>,
  { teamId }: Scope,
  { moved, gone }: Pick<Differences, 'moved' | 'gone'>,
): Promise<void> {
  for (const { id, ...place } of moved) {
    await trx.updateTable('data').set(place).where('teamId', '=', teamId).where('id', '=', id).execute();
  }
  for (let start = 0; start < gone.length; start += batchSize) {
    const ids = gone.slice(start, start + batchSize);
    await store.index.remove(trx, ids);
    await trx.deleteFrom('data_indexes').where('teamId', '=', teamId).where('dataId', 'in', ids).execute();
    await trx.deleteFrom('data').where('teamId', '=', teamId).where('id', 'in', ids).execute();
  }
}

/**
 * Gives a collection other items as part of a job, without a gap: first comes what is new, then goes what is gone.
 * However often it is stopped and begun again, it ends with exactly these items. `last` runs in the last transaction.
 * False when the collection was deleted meanwhile.
 */
export async function replaceItems(
  deps: Pick<ImportDeps, 'store' | 'textIndex' | 'embedding' | 'training'>,
  collection: CollectionRow,
  items: readonly NewItem[],
  tools: Pick<JobTools, 'signal' | 'mustHold' | 'progress'>,
  last: (trx: Kysely<Database>) => Promise<void>,
): Promise<boolean> {
  const { moved, gone, ...rest } = await differences(deps.store.db, collection, items);
  // The ids of an import are those of the items that are there: what is new gets others.
  const fresh = rest.fresh.map((item) => ({ ...item, id: newId() }));
  const within = (work: (trx: Kysely<Database>) => Promise<void>) =>
    deps.store.db.transaction().execute(async (trx) => {
      await lockRows(deps.store, trx, 'collections', collection.teamId, [collection.id]);
      await tools.mustHold(trx);
      const there = await isThere(trx, collection);
      if (there) await work(trx);
      return there;
    });
  const total = fresh.length + gone.length;
  tools.progress({
    stage: 'write',
    percent: 40,
    counts: { total: items.length, written: items.length - fresh.length },
  });
  for (let start = 0; start < fresh.length; start += batchSize) {
    tools.signal.throwIfAborted();
    const batch = fresh.slice(start, start + batchSize);
    const prepared = await prepareItems(deps.textIndex, collection, collection.memberId, batch);
    const insert = async (trx: Kysely<Database>) => {
      await insertItems(deps.store, trx, prepared);
      const rows = prepared.map(({ row }) => row);
      await insertTrainingItems(trx, wantedIndexes(collection, rows));
    };
    if (!(await within(insert))) return false;
    deps.embedding.wanted(collection.datasetId);
    deps.training.wanted(collection.datasetId);
    const written = start + batch.length;
    tools.progress({
      percent: 40 + Math.floor((60 * written) / total),
      counts: { written: items.length - fresh.length + written },
    });
  }
  for (let start = 0; start < gone.length; start += batchSize) {
    tools.signal.throwIfAborted();
    const part = { moved: [], gone: gone.slice(start, start + batchSize) };
    if (!(await within((trx) => tidyUp(deps.store, trx, collection, part)))) return false;
  }
  return await within(async (trx) => {
    await tidyUp(deps.store, trx, collection, { moved, gone: [] });
    await last(trx);
  });
}

async function isThere(trx: Kysely<Database>, { teamId, id }: Scope): Promise<boolean> {
  const row = await trx
    .selectFrom('collections')
    .select('id')
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}
