import type { Kysely } from 'kysely';
import { lockRows } from '../../store/locking.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import { insertItems, itemHash, type NewItem, type PreparedItem, prepareItems } from '../items.ts';
import type { Job, JobHandler, JobTools } from '../job.ts';
import { insertTrainingItems } from '../training/items.ts';
import { wantedIndexes } from '../training/wanted-indexes.ts';
import type { ImportDeps, ImportPayload } from './deps.ts';
import { handOver, isMadeByModel } from './hand-over.ts';
import { replaceItems } from './replace-items.ts';
import { dropFile } from './stored-files.ts';
import { itemsOfCollection } from './trainings/index.ts';

export const importKind = 'import';

/** Items in one transaction. */
const batchSize = 100;

/**
 * Turns the file of a collection into data items. Items have ids made of the collection and their position, so a
 * repeated run (after a crash) writes what is missing and nothing twice.
 */
export function importCollection(deps: ImportDeps): JobHandler {
  return async (job, tools) => {
    const collection = await findCollection(deps.store.db, job);
    if (!collection) return;
    const { settings, keyId, replacement } = job.payload as ImportPayload;
    if (isMadeByModel(collection)) {
      if (replacement) await startOver(deps, collection, replacement.fileId, tools);
      return await handOver(deps, job, collection, tools);
    }
    if (replacement) return await replaceDocument(deps, collection, settings, replacement.fileId, tools);
    const items = await itemsOfCollection(deps, collection, settings, tools);
    const total = items.length;
    tools.progress({ stage: 'write', percent: 40, counts: { total, written: 0 } });
    const prepare = (start: number): Promise<Batch> => {
      const batch = prepareBatch(deps, collection, items.slice(start, start + batchSize));
      // When it fails while another is written, whoever waits for it hears of it later.
      batch.catch(() => undefined);
      return batch;
    };
    let next = prepare(0);
    for (let start = 0; start < total; start += batchSize) {
      tools.signal.throwIfAborted();
      const batch = await next;
      // The search worker analyses the next items while the store writes these.
      next = prepare(start + batchSize);
      if (!(await writeBatch(deps, collection, batch, { ...tools, keyId }))) return;
      deps.embedding.wanted(collection.datasetId);
      deps.training.wanted(collection.datasetId);
      const written = Math.min(total, start + batchSize);
      tools.progress({
        percent: 40 + Math.floor((60 * written) / total),
        counts: { written },
        done: { amount: written, unit: 'items' },
      });
    }
  };
}

/** Reads another file in place of the one that the collection was made of, and drops that one in the end. */
async function replaceDocument(
  deps: ImportDeps,
  collection: CollectionRow,
  settings: ImportPayload['settings'],
  fileId: string,
  tools: JobTools,
): Promise<void> {
  const items = await itemsOfCollection(deps, { ...collection, fileId }, settings, tools);
  await replaceItems(deps, collection, items, tools, (trx) => takeFile(trx, collection, fileId));
}

/** What a model makes comes one after the other: what was made of the file before goes first. */
async function startOver(
  deps: ImportDeps,
  collection: CollectionRow,
  fileId: string,
  tools: JobTools,
): Promise<void> {
  if (collection.fileId === fileId) return;
  await replaceItems(deps, collection, [], tools, (trx) => takeFile(trx, collection, fileId));
  collection.fileId = fileId;
}

async function takeFile(trx: Kysely<Database>, collection: CollectionRow, fileId: string): Promise<void> {
  await trx
    .updateTable('collections')
    .set({ fileId, updateTime: Date.now() })
    .where('teamId', '=', collection.teamId)
    .where('id', '=', collection.id)
    .execute();
  await dropFile(trx, collection.teamId, collection.fileId === fileId ? null : collection.fileId, fileId);
}

/** The collection of the job, or nothing when it was deleted meanwhile. */
function findCollection(db: Kysely<Database>, job: Pick<Job, 'teamId' | 'collectionId'>) {
  return db
    .selectFrom('collections')
    .selectAll()
    .where('teamId', '=', job.teamId)
    .where('id', '=', job.collectionId)
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
}

/** Items that are ready to be written. */
interface Batch {
  prepared: PreparedItem[];
  /** Left by an earlier version of the splitter: replaced, not doubled. */
  stale: string[];
}

async function prepareBatch(deps: ImportDeps, collection: CollectionRow, items: NewItem[]): Promise<Batch> {
  if (items.length === 0) return { prepared: [], stale: [] };
  const before = await storedHashes(
    deps.store.db,
    collection.teamId,
    items.map((item) => item.id),
  );
  const missing = items.filter((item) => before.get(item.id) !== itemHash(item.q, item.a));
  if (missing.length === 0) return { prepared: [], stale: [] };
  return {
    prepared: await prepareItems(deps.textIndex, collection, collection.memberId, missing),
    stale: missing.map((item) => item.id).filter((id) => before.has(id)),
  };
}

/** False when the collection was deleted meanwhile. */
async function writeBatch(
  deps: ImportDeps,
  collection: CollectionRow,
  { prepared, stale }: Batch,
  tools: Pick<JobTools, 'mustHold'> & Pick<ImportPayload, 'keyId'>,
): Promise<boolean> {
  if (prepared.length === 0) return true;
  const { db } = deps.store;
  return await db.transaction().execute(async (trx) => {
    await lockRows(deps.store, trx, 'collections', collection.teamId, [collection.id]);
    await tools.mustHold(trx);
    if (!(await findCollection(trx, { teamId: collection.teamId, collectionId: collection.id })))
      return false;
    if (stale.length > 0) {
      await deps.store.index.remove(trx, stale);
      await trx.deleteFrom('data').where('teamId', '=', collection.teamId).where('id', 'in', stale).execute();
    }
    await insertItems(deps.store, trx, prepared);
    const payer = tools.keyId !== undefined && { keyId: tools.keyId };
    const rows = prepared.map(({ row }) => row);
    await insertTrainingItems(trx, wantedIndexes(collection, rows, { ...payer }));
    return true;
  });
}

async function storedHashes(
  db: Kysely<Database>,
  teamId: string,
  ids: string[],
): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('data')
    .select(['id', 'hash'])
    .where('teamId', '=', teamId)
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row.hash]));
}
