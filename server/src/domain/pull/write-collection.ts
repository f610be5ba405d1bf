import { isDeepStrictEqual } from 'node:util';
import type { Kysely } from 'kysely';
import { titleOf } from '../../jobs/items.ts';
import { reindexKind } from '../../jobs/reindex-collection.ts';
import { fromJson } from '../../store/json.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import { insertCollection, newCollectionRow } from '../collections/create-collection.ts';
import { requireCollection } from '../collections/queries.ts';
import { updateCollection } from '../collections/update-collection.ts';
import type { App, Caller } from '../context.ts';
import { storedName, tagNamesOf } from '../tags/collection-tags.ts';
import type { RemoteCollection, RemoteDetail } from './remote-lists.ts';
import { isThere, localId } from './write-pulled.ts';

type WriteApp = Pick<App, 'store' | 'jobs'>;

/** A collection as the other server tells of it. */
export interface PulledCollection extends RemoteCollection {
  /** Undefined where it does not tell. */
  detail: RemoteDetail | undefined;
  /** The id and hash of a document that another system keeps in step. */
  document: { externalId: string; hash: string } | undefined;
}

/** Makes the collection or folder, or brings it in step with what it is there. */
export async function writeCollection(
  app: WriteApp,
  caller: Caller,
  datasetId: string,
  pulled: PulledCollection,
): Promise<{ row: CollectionRow; state: 'made' | 'changed' | 'same' }> {
  const { db } = app.store;
  const { teamId } = caller;
  const id = localId(teamId, pulled._id);
  const wanted = wantedRow(caller, datasetId, id, pulled);
  const own = await ownIdOf(db, wanted, pulled);
  if (!(await isThere(db, 'collections', teamId, id, pulled.name))) {
    await db.transaction().execute((trx) => insertCollection(app.store, trx, { ...wanted, ...own }));
    return { row: await requireCollection(db, teamId, id), state: 'made' };
  }
  const before = await requireCollection(db, teamId, id);
  const changed = await keepInStep(app, caller, before, {
    ...wanted,
    ...own,
    told: pulled.detail !== undefined,
  });
  return { row: await requireCollection(db, teamId, id), state: changed ? 'changed' : 'same' };
}

function wantedRow(caller: Caller, datasetId: string, id: string, pulled: PulledCollection) {
  const { tags, metadata, createTime, rawLink, params, ownForbid } = pulled.detail ?? {};
  const time = Date.parse(createTime ?? '');
  const link = pulled.rawLink ?? rawLink ?? null;
  return newCollectionRow(
    caller,
    {
      ...params,
      datasetId,
      name: pulled.name,
      parentId: pulled.parentId === null ? null : localId(caller.teamId, pulled.parentId),
      tags: tags ?? [],
      metadata: metadata ?? {},
      ...(Number.isFinite(time) && { createTime: new Date(time).toISOString() }),
    },
    {
      id,
      type: typeOf(pulled.type, link),
      rawLink: link,
      externalFileId: pulled.externalFileId ?? null,
      ownForbid: (ownForbid ?? pulled.forbid) ? 1 : 0,
    },
  );
}

/** What was made of a file is the collection's own from here on; it is a file's again when the original comes. */
function typeOf(type: string, link: string | null): CollectionRow['type'] {
  if (type === 'folder' || type === 'images') return type;
  return type === 'link' && link !== null ? 'link' : 'virtual';
}

/** The caller's own id with the hash of what was sent, unless a document that was made here has that id. */
async function ownIdOf(
  db: Kysely<Database>,
  { id, teamId, datasetId }: CollectionRow,
  { document }: PulledCollection,
): Promise<Pick<CollectionRow, 'externalId' | 'contentHash'>> {
  if (!document) return { externalId: null, contentHash: null };
  const other = await db
    .selectFrom('collections')
    .select('id')
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .where('externalId', '=', document.externalId)
    .where('id', '<>', id)
    .executeTakeFirst();
  if (other) return { externalId: null, contentHash: null };
  return { externalId: document.externalId, contentHash: document.hash };
}

/** Nothing is written where nothing differs. What is forbidden here stays so: only people here may allow it again. */
async function keepInStep(
  app: WriteApp,
  caller: Caller,
  before: CollectionRow,
  wanted: ReturnType<typeof wantedRow> & { told: boolean },
): Promise<boolean> {
  const { db } = app.store;
  const { teamId, id } = before;
  const tags = (await tagNamesOf(db, teamId, [id])).get(id) ?? [];
  const metadata = fromJson<Record<string, unknown>>(wanted.metadata, {});
  const wantedTags = [...new Set(wanted.tagNames.map(storedName))].filter((name) => name !== '');
  const change = {
    ...(wanted.name !== before.name && { name: wanted.name }),
    ...(wanted.parentId !== before.parentId && { parentId: wanted.parentId }),
    ...(wanted.ownForbid === 1 && before.ownForbid === 0 && { forbid: true }),
    ...(wanted.told && !isDeepStrictEqual(wantedTags.sort(), [...tags].sort()) && { tags: wantedTags }),
    ...(wanted.told &&
      !isDeepStrictEqual(metadata, fromJson(before.metadata, {})) && {
        metadata,
      }),
  };
  const changed = Object.keys(change).length > 0;
  if (changed) await updateCollection(app, caller, { id, ...change });
  const { rawLink, externalFileId, externalId, contentHash, params, trainingType } = wanted;
  const rest = {
    rawLink,
    externalFileId,
    externalId,
    contentHash,
    ...(wanted.told && { params, trainingType }),
  };
  if (Object.entries(rest).every(([name, value]) => Reflect.get(before, name) === value)) return changed;
  const after = { name: wanted.name, params: rest.params ?? before.params };
  const titled = titleOf(after, []) !== titleOf({ ...before, name: wanted.name }, []);
  await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('collections')
      .set(rest)
      .where('teamId', '=', teamId)
      .where('id', '=', id)
      .execute();
    if (!titled || before.type === 'folder') return;
    const job = { kind: reindexKind, teamId, datasetId: before.datasetId, collectionId: id, payload: {} };
    await app.jobs.enqueue(job, trx);
  });
  return true;
}
