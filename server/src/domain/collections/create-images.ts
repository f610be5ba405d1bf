import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { imageEndpoints } from '@lectern/contract/images.ts';
import type { Kysely } from 'kysely';
import { insertItems, type NewItem, prepareItems } from '../../jobs/items.ts';
import { insertTrainingItems } from '../../jobs/training/items.ts';
import { wantedDescriptions } from '../../jobs/training/wanted-indexes.ts';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { lockRows } from '../../store/locking.ts';
import type { CollectionRow, Database, DatasetRow, FileRow } from '../../store/schema.ts';
import type { App, Caller, UploadedFile } from '../context.ts';
import { requireContentDataset, requireDataset } from '../datasets/queries.ts';
import { type Given, withGivenFiles } from '../files/given-files.ts';
import { pictureTypeOf } from '../files/picture-type.ts';
import { authorize } from '../policy.ts';
import { insertCollection, newCollectionRow } from './create-collection.ts';
import { keepFile } from './keep-file.ts';
import { requireCollection } from './queries.ts';

type ImageApp = Pick<App, 'store' | 'blobs' | 'models' | 'textIndex' | 'embedding' | 'training'>;
type Create = typeof imageEndpoints.createImageCollection;

/**
 * Makes a collection of pictures: each is an item with the name of its file as text
 * until a vision model has described it. All or nothing.
 */
export async function createImageCollection(
  app: ImageApp,
  caller: Caller,
  input: InputOf<Create>,
  given: Given,
): Promise<OutputOf<Create>> {
  authorize(caller, 'dataset:write');
  const dataset = await requireContentDataset(app.store.db, caller.teamId, input.datasetId);
  requireVision(app, caller, dataset);
  return await withGivenFiles(app, caller, given, async (files) => {
    const name = input.collectionName ?? (files[0].name.trim() || 'images');
    const row = newCollectionRow(caller, { ...input, name }, { type: 'images', trainingType: 'imageParse' });
    const results = await storeImages(app, caller, row, files, (trx) =>
      insertCollection(app.store, trx, row),
    );
    return { collectionId: row.id, results };
  });
}

/** Adds pictures to a collection. */
export async function insertImages(
  app: ImageApp,
  caller: Caller,
  collectionId: string,
  given: Given,
): Promise<OutputOf<typeof imageEndpoints.insertImages>> {
  authorize(caller, 'dataset:write');
  const { db } = app.store;
  const { teamId } = caller;
  const collection = await requireCollection(db, teamId, collectionId);
  if (collection.type === 'folder') {
    const details = {
      en: 'collectionId is a folder and cannot hold data',
      zh: 'collectionId 是文件夹，不能存放数据',
    };
    throw fail('validation', { params: { details }, param: 'collectionId' });
  }
  requireVision(app, caller, await requireDataset(db, teamId, collection.datasetId));
  const lock = async (trx: Kysely<Database>) => {
    await lockRows(app.store, trx, 'collections', teamId, [collectionId]);
    await requireCollection(trx, teamId, collectionId);
  };
  return await withGivenFiles(app, caller, given, (files) =>
    storeImages(app, caller, collection, files, lock),
  );
}

function requireVision({ models }: Pick<App, 'models'>, caller: Caller, dataset: DatasetRow): void {
  if (dataset.vlmModel || models.vision(undefined, caller)) return;
  throw fail('visionModelNeeded', { params: { what: { en: 'A collection of pictures', zh: '图片集合' } } });
}

async function storeImages(
  app: ImageApp,
  caller: Caller,
  collection: CollectionRow,
  files: UploadedFile[],
  first: (trx: Kysely<Database>) => Promise<void>,
) {
  const types = await Promise.all(files.map((file) => pictureTypeOf(file.path)));
  const pictures = files.map((file, i) => {
    const contentType = types[i];
    if (!contentType) throw fail('notAPicture', { params: { name: file.name }, param: 'file' });
    return { ...file, contentType };
  });
  const write = async (rows: FileRow[]): Promise<void> => {
    const items = rows.map((row, i): NewItem => {
      const q = row.name.trim() || 'image';
      return { id: newId(), q, a: '', chunkIndex: i, headings: [], imageId: row.id, indexes: [] };
    });
    const prepared = await prepareItems(app.textIndex, collection, caller.memberId, items);
    await app.store.db.transaction().execute(async (trx) => {
      await first(trx);
      await trx.insertInto('files').values(rows).execute();
      const last = await trx
        .selectFrom('data')
        .select((eb) => eb.fn.max('chunkIndex').as('chunkIndex'))
        .where('teamId', '=', caller.teamId)
        .where('collectionId', '=', collection.id)
        .executeTakeFirst();
      const next = Number(last?.chunkIndex ?? -1) + 1;
      for (const item of prepared) item.row.chunkIndex += next;
      await insertItems(app.store, trx, prepared);
      const payer = caller.kind === 'session' ? {} : { keyId: caller.keyId };
      const stored = prepared.map((item) => item.row);
      await insertTrainingItems(trx, wantedDescriptions(collection, stored, payer));
    });
  };
  await keepAll(app, caller, pictures, collection.id, [], write);
  app.embedding.wanted(collection.datasetId);
  app.training.wanted(collection.datasetId);
  return { insertLen: pictures.length, overToken: [], repeat: [], error: [] };
}

/** Keeps one file after the other; when the last step fails, all of them go again. */
async function keepAll(
  app: Pick<App, 'blobs'>,
  caller: Caller,
  [file, ...rest]: UploadedFile[],
  collectionId: string,
  kept: FileRow[],
  write: (rows: FileRow[]) => Promise<void>,
): Promise<void> {
  if (!file) return await write(kept);
  const next = (row: FileRow) => keepAll(app, caller, rest, collectionId, [...kept, row], write);
  await keepFile(app, caller, file, next, { collectionId });
}
