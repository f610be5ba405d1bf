import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { toJson } from '../../store/json.ts';
import { lockRows } from '../../store/locking.ts';
import type { CollectionRow, Database, TrainingItemRow } from '../../store/schema.ts';
import type { NewItem } from '../items.ts';
import type { Job, JobTools } from '../job.ts';
import { insertTrainingItems, newTrainingRow, trainingItemId } from '../training/items.ts';
import type { ImportDeps, ImportPayload, ImportTools } from './deps.ts';
import { tidyUp } from './replace-items.ts';
import { dropFile } from './stored-files.ts';
import { itemsOfCollection } from './trainings/index.ts';

/** Types of training in which a model makes the data items. */
const byModel = new Set(['qa', 'imageParse']);

/** Items in one transaction. */
const batchSize = 100;

export function isMadeByModel(collection: Pick<CollectionRow, 'trainingType'>): boolean {
  return byModel.has(collection.trainingType);
}

/**
 * Cuts the document into what a model is to be asked about, and hands it over. Everything is held until all of it is
 * there, and then given free with a note in the job: a run that is repeated after that would ask again.
 */
export async function handOver(
  deps: ImportDeps,
  job: Job,
  collection: CollectionRow,
  tools: ImportTools,
): Promise<void> {
  const payload = job.payload as ImportPayload;
  if (payload.handedOver) return;
  const { replacement } = payload;
  const from = replacement ? { ...collection, fileId: replacement.fileId } : collection;
  if (replacement) await dropWaiting(deps, collection, tools);
  const rows =
    collection.trainingType === 'imageParse'
      ? [await heldPicture(deps, from, payload.keyId)]
      : (await itemsOfCollection(deps, from, payload.settings, tools)).map((piece) =>
          heldRow(collection, piece, payload.keyId),
        );
  tools.progress({ stage: 'write', percent: 40, counts: { total: rows.length, written: 0 } });
  for (let start = 0; start < rows.length; start += batchSize) {
    const batch = rows.slice(start, start + batchSize);
    if (!(await write(deps, collection, tools, (trx) => insertTrainingItems(trx, batch)))) return;
    const written = start + batch.length;
    tools.progress({ percent: 40 + Math.floor((60 * written) / rows.length), counts: { written } });
  }
  await write(deps, collection, tools, async (trx) => {
    if (replacement) await replaceOld(deps, trx, collection, replacement.fileId);
    await trx
      .updateTable('training_items')
      .set({ state: 'waiting' })
      .where('teamId', '=', collection.teamId)
      .where('collectionId', '=', collection.id)
      .where('state', '=', 'held')
      .execute();
    const done: ImportPayload = { ...payload, handedOver: true };
    await trx
      .updateTable('jobs')
      .set({ payload: toJson(done) })
      .where('teamId', '=', job.teamId)
      .where('id', '=', job.id)
      .execute();
  });
  deps.training.wanted(collection.datasetId);
}

/** What was to be made of the document as it was. */
async function dropWaiting(
  deps: ImportDeps,
  { teamId, id }: CollectionRow,
  tools: Pick<JobTools, 'mustHold'>,
): Promise<void> {
  await deps.store.db.transaction().execute(async (trx) => {
    await tools.mustHold(trx);
    await trx
      .deleteFrom('training_items')
      .where('teamId', '=', teamId)
      .where('collectionId', '=', id)
      .where('state', '!=', 'held')
      .execute();
  });
}

/** Puts another document in the place of one that was: what a model made of that one goes with it. */
async function replaceOld(
  { store }: Pick<ImportDeps, 'store'>,
  trx: Kysely<Database>,
  { teamId, id, fileId: before }: CollectionRow,
  fileId: string,
): Promise<void> {
  const rows = await trx
    .selectFrom('data')
    .select('id')
    .where('teamId', '=', teamId)
    .where('collectionId', '=', id)
    .execute();
  await tidyUp(store, trx, { teamId, id }, { moved: [], gone: rows.map((row) => row.id) });
  await trx
    .updateTable('collections')
    .set({ fileId, updateTime: Date.now() })
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .execute();
  await dropFile(trx, teamId, before === fileId ? null : before, fileId);
}

function heldRow(collection: CollectionRow, piece: NewItem, keyId: string | undefined): TrainingItemRow {
  const { q, chunkIndex } = piece;
  return newTrainingRow({
    id: trainingItemId(piece.id, 'qa'),
    mode: 'qa',
    collection,
    q,
    chunkIndex,
    headings: toJson(piece.headings),
    position: piece.position ? toJson(piece.position) : null,
    keyId: keyId ?? null,
    held: true,
  });
}

/** The file itself is what a model is to describe. */
async function heldPicture(
  { store }: Pick<ImportDeps, 'store'>,
  collection: CollectionRow,
  keyId: string | undefined,
): Promise<TrainingItemRow> {
  const file = await store.db
    .selectFrom('files')
    .select(['id', 'contentType', 'name'])
    .where('teamId', '=', collection.teamId)
    .where('id', '=', collection.fileId)
    .executeTakeFirst();
  if (!file?.contentType.startsWith('image/')) {
    const details = {
      en: 'imageParse describes pictures, and this is none',
      zh: 'imageParse 只处理图片，而该文件不是图片',
    };
    throw fail('fileUnreadable', { params: { details } });
  }
  return newTrainingRow({
    id: trainingItemId(collection.id, 'imageParse'),
    mode: 'imageParse',
    collection,
    q: file.name,
    imageId: file.id,
    keyId: keyId ?? null,
    held: true,
  });
}

/** False when the collection was deleted meanwhile. */
async function write(
  { store }: Pick<ImportDeps, 'store'>,
  { teamId, id }: CollectionRow,
  tools: Pick<JobTools, 'mustHold'>,
  work: (trx: Kysely<Database>) => Promise<void>,
): Promise<boolean> {
  return await store.db.transaction().execute(async (trx) => {
    await lockRows(store, trx, 'collections', teamId, [id]);
    await tools.mustHold(trx);
    const collection = await trx
      .selectFrom('collections')
      .select('id')
      .where('teamId', '=', teamId)
      .where('id', '=', id)
      .where('deletedTime', 'is', null)
      .executeTakeFirst();
    if (collection) await work(trx);
    return collection !== undefined;
  });
}
