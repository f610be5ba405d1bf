import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Kysely } from 'kysely';
import { insertItems, itemHash, type NewItem, prepareItems } from '../../jobs/items.ts';
import { fail } from '../../kernel/errors.ts';
import { toJson } from '../../store/json.ts';
import { lockRows, lockTree } from '../../store/locking.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import { type ChunkParams, storedParams } from '../collections/params.ts';
import { requireCollection } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { refuseCycle, requireFolder } from '../tree.ts';
import type { RemoteDataset } from './remote-lists.ts';

type Writes = Pick<App, 'store' | 'textIndex'>;

/** Ids that the server makes begin with the time, and never with this. */
const pulledMark = 'ffff';

/**
 * Our id of what has this id elsewhere: always the same, so that nothing is brought in twice. It can be told from the
 * id of what was made here.
 */
export function localId(teamId: string, remoteId: string): string {
  const digest = createHash('sha256').update(`pull:${teamId}:${remoteId.toLowerCase()}`).digest('hex');
  return pulledMark + digest.slice(0, 20);
}

/** Whether `localId` made it. */
export const isPulled = (id: string): boolean => id.startsWith(pulledMark);

/** Makes the dataset or folder, or brings it in step. Answers its id. */
export async function writeDataset(
  { store }: Writes,
  caller: Caller,
  dataset: RemoteDataset,
  settings: ChunkParams | undefined,
): Promise<string> {
  const { teamId, memberId } = caller;
  const id = localId(teamId, dataset._id);
  const now = Date.now();
  const parentId = dataset.parentId === null ? null : localId(teamId, dataset.parentId);
  const said = {
    parentId,
    name: dataset.name,
    intro: dataset.intro ?? '',
    ...pictureOf(dataset),
    ...(settings && { chunkSettings: toJson(storedParams(settings)) }),
  };
  await store.db.transaction().execute(async (trx) => {
    await lockTree(store, trx, `knowledge ${teamId}`, 'alone');
    await requireFolder(trx, 'datasets', teamId, parentId);
    if (await isThere(trx, 'datasets', teamId, id, dataset.name)) {
      const row = await requireDataset(trx, teamId, id);
      if (Object.entries(said).every(([name, value]) => Reflect.get(row, name) === value)) return;
      await refuseCycle(trx, 'datasets', teamId, [id], parentId);
      await trx
        .updateTable('datasets')
        .set({ ...said, updateTime: now })
        .where('teamId', '=', teamId)
        .where('id', '=', id)
        .execute();
      return;
    }
    await trx
      .insertInto('datasets')
      .values({
        id,
        teamId,
        memberId,
        type: dataset.type === 'folder' ? 'folder' : 'dataset',
        avatar: '',
        // Of ours: the other server's models may not be here.
        vectorModel: null,
        agentModel: null,
        vlmModel: null,
        chunkSettings: null,
        ...said,
        createTime: now,
        updateTime: now,
      })
      .execute();
  });
  return id;
}

/** A picture that lies on the other server would not be shown here. */
function pictureOf({ avatar }: RemoteDataset): { avatar?: string } {
  const carried = avatar?.startsWith('data:image/') || /^core\/[\w/]+$/.test(avatar ?? '');
  return avatar && carried && avatar.length <= 100_000 ? { avatar } : {};
}

/** False when it is not there; throws while what was deleted of it is still being cleared away. */
export async function isThere(
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

/** Takes from items those ids of the caller's that another item of the collection has here: one made here, perhaps. */
export async function freeOwnIds(
  db: Kysely<Database>,
  collection: CollectionRow,
  items: NewItem[],
): Promise<void> {
  const named = new Map(items.map((item) => [item.externalId, item]));
  const wanted = [...named.keys()].filter((id) => id !== undefined);
  if (wanted.length === 0) return;
  const rows = await db
    .selectFrom('data')
    .select(['id', 'externalId'])
    .where('teamId', '=', collection.teamId)
    .where('collectionId', '=', collection.id)
    .where('externalId', 'in', wanted)
    .execute();
  for (const { id, externalId } of rows) {
    const item = named.get(externalId ?? undefined);
    if (item && item.id !== id) item.externalId = undefined;
  }
}

/**
 * Brings items whose words are here already to where they are there: order, position, own id and picture. Their vectors
 * stay. Answers how many were not there.
 */
export async function placeItems(
  { store }: Writes,
  collection: CollectionRow,
  items: NewItem[],
): Promise<number> {
  if (items.length === 0) return 0;
  const { teamId } = collection;
  const rows = await store.db
    .selectFrom('data')
    .select(['id', 'chunkIndex', 'position', 'externalId', 'imageId'])
    .where('teamId', '=', teamId)
    .where('collectionId', '=', collection.id)
    .where(
      'id',
      'in',
      items.map(({ id }) => id),
    )
    .execute();
  const known = new Map(rows.map((row) => [row.id, row]));
  const placed = items
    .map((item) => ({
      id: item.id,
      chunkIndex: item.chunkIndex,
      position: item.position ? toJson(item.position) : null,
      externalId: item.externalId ?? null,
      imageId: item.imageId ?? null,
    }))
    .filter((place) => known.has(place.id) && !isDeepStrictEqual({ ...known.get(place.id) }, place));
  if (placed.length === 0) return 0;
  await store.db.transaction().execute(async (trx) => {
    await lockRows(store, trx, 'collections', teamId, [collection.id]);
    for (const { id, ...place } of placed) {
      await trx.updateTable('data').set(place).where('teamId', '=', teamId).where('id', '=', id).execute();
    }
  });
  return placed.length;
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
