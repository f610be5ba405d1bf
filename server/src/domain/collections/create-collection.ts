import type { collectionEndpoints } from '@lectern/contract/collections.ts';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import type { Kysely } from 'kysely';
import { newId } from '../../kernel/ids.ts';
import { toJson } from '../../store/json.ts';
import { lockTree } from '../../store/locking.ts';
import type { Store } from '../../store/ports.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { setTags } from '../tags/collection-tags.ts';
import { setMetadata } from './metadata.ts';
import { type ChunkParams, storedParams, trainingOf } from './params.ts';
import { planImport } from './plan-import.ts';
import { requireCollectionFolder } from './queries.ts';

/** What all ways of making a collection share. */
export interface CollectionInput extends ChunkParams {
  datasetId: string;
  name: string;
  parentId?: string | null | undefined;
  tags?: string[] | undefined;
  metadata?: Record<string, unknown> | undefined;
  createTime?: string | undefined;
}

/** A collection that is about to be written, with the names of its tags, which are rows of their own. */
export interface NewCollection extends CollectionRow {
  tagNames: string[];
}

/** The row of a new collection; nothing is written yet. */
export function newCollectionRow(
  caller: Pick<Caller, 'teamId' | 'memberId'>,
  input: CollectionInput,
  more: Pick<CollectionRow, 'type'> & Partial<CollectionRow>,
): NewCollection {
  const now = Date.now();
  return {
    id: newId(now),
    teamId: caller.teamId,
    datasetId: input.datasetId,
    memberId: caller.memberId,
    parentId: input.parentId ?? null,
    name: input.name,
    trainingType: trainingOf(input).trainingType,
    params: toJson(storedParams(input)),
    fileId: null,
    rawLink: null,
    externalFileId: null,
    externalFileUrl: null,
    apiFileId: null,
    externalId: null,
    contentHash: null,
    hash: null,
    rawTextLength: null,
    forbid: 0,
    ownForbid: 0,
    metadata: toJson(input.metadata ?? {}),
    tagNames: input.tags ?? [],
    createTime: input.createTime === undefined ? now : Date.parse(input.createTime),
    updateTime: now,
    deletedTime: null,
    deletionId: null,
    ...more,
  };
}

/** Writes a collection after checking that its dataset and folder are the team's own. What its folder forbids is forbidden from the start. */
export async function insertCollection(
  store: Pick<Store, 'engine'>,
  trx: Kysely<Database>,
  { tagNames, ...row }: NewCollection,
): Promise<void> {
  await lockTree(store, trx, `knowledge ${row.teamId}`, 'together');
  await requireContentDataset(trx, row.teamId, row.datasetId);
  const folder = await requireCollectionFolder(trx, row.teamId, row.datasetId, row.parentId);
  const forbid = folder?.forbid === 1 ? 1 : row.ownForbid;
  await trx
    .insertInto('collections')
    .values({ ...row, forbid })
    .execute();
  await setMetadata(trx, row);
  if (tagNames.length > 0) await setTags(trx, row, row.id, tagNames);
}

/** Makes a folder or an empty collection to push data into; answers its id. */
export async function createCollection(
  app: Pick<App, 'store' | 'parser' | 'models'>,
  caller: Caller,
  input: InputOf<typeof collectionEndpoints.createCollection>,
): Promise<string> {
  authorize(caller, 'dataset:write');
  const dataset = await requireContentDataset(app.store.db, caller.teamId, input.datasetId);
  await planImport(app, caller, dataset, input);
  const row = newCollectionRow(caller, input, { type: input.type ?? 'virtual' });
  await app.store.db.transaction().execute((trx) => insertCollection(app.store, trx, row));
  return row.id;
}
