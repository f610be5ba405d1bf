import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { CollectionRow, Database, TrainingItemRow } from '../../store/schema.ts';

export type TrainingMode = TrainingItemRow['mode'];

/** Tries of an item that is new, and of one that a person sent again. */
export const triesOfNew = 5;
const triesAgain = 3;

/** Rows in one statement. */
const batchSize = 50;

/** What tells one item from another when it is made. */
export interface NewTrainingItem {
  id: string;
  mode: TrainingMode;
  collection: Pick<CollectionRow, 'id' | 'teamId' | 'datasetId' | 'memberId'>;
  q: string;
  /** Default '[]'. */
  headings?: string;
  position?: string | null;
  chunkIndex?: number;
  dataId?: string;
  imageId?: string;
  prompt?: string;
  keyId?: string | null;
  billId?: string;
  memberId?: string;
  held?: boolean;
}

export function newTrainingRow(item: NewTrainingItem): TrainingItemRow {
  const now = Date.now();
  const { id: collectionId, teamId, datasetId } = item.collection;
  return {
    id: item.id,
    teamId,
    datasetId,
    collectionId,
    memberId: item.memberId ?? item.collection.memberId,
    keyId: item.keyId ?? null,
    billId: item.billId ?? '',
    mode: item.mode,
    state: item.held ? 'held' : 'waiting',
    dataId: item.dataId ?? null,
    imageId: item.imageId ?? null,
    q: item.q,
    a: '',
    headings: item.headings ?? '[]',
    position: item.position ?? null,
    chunkIndex: item.chunkIndex ?? 0,
    prompt: item.prompt ?? null,
    retryCount: triesOfNew,
    runTime: now,
    error: null,
    cause: null,
    version: 0,
    createTime: now,
    updateTime: now,
  };
}

/** The id of what a data item is still to be asked about in one mode: it is asked once. */
export function trainingItemId(dataId: string, mode: TrainingMode): string {
  return dataId.slice(0, 8) + digest(`${dataId}:${mode}`, 16);
}

/** The id of the n-th thing that a model made of an item; the same when it is made again. */
export function madeId(itemId: string, n: number): string {
  return itemId.slice(0, 8) + digest(itemId, 12) + n.toString(16).padStart(4, '0');
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length);
}

/** Lets what failed for good in a dataset or a collection be tried again. Say `training.wanted` afterwards. */
export async function retryFailedItems(
  db: Kysely<Database>,
  {
    teamId,
    datasetId,
    collectionIds,
  }: { teamId: string; datasetId: string; collectionIds?: readonly string[] },
): Promise<void> {
  await db
    .updateTable('training_items')
    .set((eb) => ({ ...triedAgain(), version: eb('version', '+', 1) }))
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .$if(collectionIds !== undefined, (query) => query.where('collectionId', 'in', collectionIds ?? ['']))
    .where('state', '=', 'failed')
    .execute();
}

/** What an item becomes that a person sent again. */
export const triedAgain = () => {
  const now = Date.now();
  return {
    state: 'waiting' as const,
    retryCount: triesAgain,
    error: null,
    cause: null,
    runTime: now,
    updateTime: now,
  };
};

/** Writes items; those that are there already stay as they are. Say `training.wanted` after the commit. */
export async function insertTrainingItems(
  trx: Kysely<Database>,
  rows: readonly TrainingItemRow[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += batchSize) {
    await trx
      .insertInto('training_items')
      .values(rows.slice(start, start + batchSize))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  }
}

/**
 * Drops what a document was cut into and no model has answered for yet: it becomes another document. With `held` only
 * what an import had not handed over when it was stopped. Part of a transaction that holds the collection.
 */
export async function dropPieces(
  trx: Kysely<Database>,
  { teamId, id }: Pick<CollectionRow, 'id' | 'teamId'>,
  which: 'held' | 'all',
): Promise<void> {
  const pieces = trx
    .deleteFrom('training_items')
    .where('teamId', '=', teamId)
    .where('collectionId', '=', id)
    .where('dataId', 'is', null);
  await (which === 'held' ? pieces.where('state', '=', 'held') : pieces).execute();
}
