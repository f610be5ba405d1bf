import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import { insertItems, itemHash, type NewItem, prepareItems } from '../../jobs/items.ts';
import { fail } from '../../kernel/errors.ts';
import { lockRows, lockTree } from '../../store/locking.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import { insertCollection, newCollectionRow } from '../collections/create-collection.ts';
import { requireCollection } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { requireDatasetFolder } from '../datasets/queries.ts';
import type { RemoteCollection, RemoteDataset, RemoteDetail } from './remote-lists.ts';

type Writes = Pick<App, 'store' | 'textIndex'>;

/** Our id of what has this id elsewhere: always the same, so that nothing is brought in twice. */
export function localId(teamId: string, remoteId: string): string {
  return createHash('sha256').update(`pull:${teamId}:${remoteId.toLowerCase()}`).digest('hex').slice(0, 24);
}

/** Makes the dataset or folder unless it is there. Answers its id and whether it is new. */
export async function writeDataset(
  { store }: Writes,
  caller: Caller,
  dataset: RemoteDataset,
): Promise<{ id: string; made: boolean }> {
  const { teamId, memberId } = caller;
  const id = localId(teamId, dataset._id);
  const made = await store.db.transaction().execute(async (trx) => {
    await lockTree(store, trx, `knowledge ${teamId}`, 'together');
    if (await isThere(trx, 'datasets', teamId, id, dataset.name)) return false;
    const wanted = dataset.parentId === null ? null : localId(teamId, dataset.parentId);
    await requireDatasetFolder(trx, teamId, wanted);
    const now = Date.now();
    await trx
      .insertInto('datasets')
      .values({
        id,
        teamId,
        memberId,
        parentId: wanted,
        type: dataset.type === 'folder' ? 'folder' : 'dataset',
        name: dataset.name,
        intro: dataset.intro ?? '',
        avatar: '',
        // Of ours: the other server's models may not be here.
        vectorModel: null,
        agentModel: null,
        vlmModel: null,
        chunkSettings: null,
        createTime: now,
        updateTime: now,
      })
      .execute();
    return true;
  });
  return { id, made };
}

/** Makes the collection or folder unless it is there. */
export async function writeCollection(
  { store }: Writes,
  caller: Caller,
  datasetId: string,
  collection: RemoteCollection,
  details: () => Promise<RemoteDetail>,
): Promise<{ row: CollectionRow; made: boolean }> {
  const { teamId } = caller;
  const id = localId(teamId, collection._id);
  if (await isThere(store.db, 'collections', teamId, id, collection.name))
    return { row: await requireCollection(store.db, teamId, id), made: false };
  const { tags, metadata, createTime, rawLink } = await details();
  const time = Date.parse(createTime ?? '');
  const link = collection.rawLink ?? rawLink ?? null;
  const row = newCollectionRow(
    caller,
    {
      datasetId,
      name: collection.name,
      parentId: collection.parentId === null ? null : localId(teamId, collection.parentId),
      tags: tags ?? [],
      metadata: metadata ?? {},
      ...(Number.isFinite(time) && { createTime: new Date(time).toISOString() }),
    },
    {
      id,
      type: typeOf(collection.type, link),
      rawLink: link,
      externalFileId: collection.externalFileId ?? null,
      forbid: collection.forbid ? 1 : 0,
    },
  );
  await store.db.transaction().execute((trx) => insertCollection(store, trx, row));
  return { row, made: true };
}

/** Files stay on the other server: what was made of them is the collection's own from here on. */
function typeOf(type: string, link: string | null): CollectionRow['type'] {
  if (type === 'folder') return 'folder';
  return type === 'link' && link !== null ? 'link' : 'virtual';
}

/** False when it is not there; throws while what was deleted of it is still being cleared away. */
async function isThere(
  db: Kysely<Database>,
  table: 'datasets' | 'collections',
  teamId: string,
  id: string,
  name: string,
): Promise<boolean> {
  const row = await db
    .selectFrom(table)
    .select('deletedTime')
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row && row.deletedTime !== null) throw fail('stillCleared', { params: { name } });
  return row !== undefined;
}

/** Those of the items that are not stored with the same words; with `indexes` also those with other texts of their own. */
export async function differing(
  db: Kysely<Database>,
  teamId: string,
  items: NewItem[],
  indexes: boolean,
): Promise<NewItem[]> {
  if (items.length === 0) return [];
  const ids = items.map(({ id }) => id);
  const rows = await db
    .selectFrom('data')
    .select(['id', 'hash'])
    .where('teamId', '=', teamId)
    .where('id', 'in', ids)
    .execute();
  const hashes = new Map(rows.map(({ id, hash }) => [id, hash]));
  const own = indexes
    ? await db
        .selectFrom('data_indexes')
        .select(['dataId', 'type', 'text'])
        .where('teamId', '=', teamId)
        .where('dataId', 'in', ids)
        .execute()
    : [];
  const textsOf = (texts: { type: string; text: string }[]) =>
    JSON.stringify(texts.map(({ type, text }) => [type, text]).sort());
  return items.filter(({ id, q, a, indexes: wanted }) => {
    if (hashes.get(id) !== itemHash(q, a)) return true;
    return indexes && textsOf(own.filter(({ dataId }) => dataId === id)) !== textsOf(wanted);
  });
}

/** Stores items, in the place of those with the same ids. Answers how many are new and how many were changed. */
export async function writeItems(
  { store, textIndex }: Writes,
  caller: Caller,
  collection: CollectionRow,
  items: NewItem[],
): Promise<{ added: number; changed: number }> {
  if (items.length === 0) return { added: 0, changed: 0 };
  const { teamId } = caller;
  const prepared = await prepareItems(textIndex, collection, caller.memberId, items);
  const ids = items.map(({ id }) => id);
  const changed = await store.db.transaction().execute(async (trx) => {
    await lockRows(store, trx, 'collections', teamId, [collection.id]);
    await requireCollection(trx, teamId, collection.id);
    const before = await trx
      .selectFrom('data')
      .select('id')
      .where('teamId', '=', teamId)
      .where('id', 'in', ids)
      .execute();
    if (before.length > 0) {
      const stale = before.map(({ id }) => id);
      await store.index.remove(trx, stale);
      await trx.deleteFrom('data').where('teamId', '=', teamId).where('id', 'in', stale).execute();
    }
    await insertItems(store, trx, prepared);
    return before.length;
  });
  return { added: items.length - changed, changed };
}
