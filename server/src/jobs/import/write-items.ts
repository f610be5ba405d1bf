import type { Kysely } from 'kysely';
import { lockRows } from '../../store/locking.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import { insertItems, itemHash, type NewItem, type PreparedItem, prepareItems } from '../items.ts';
import type { Job, JobTools } from '../job.ts';
import { insertTrainingItems } from '../training/items.ts';
import { wantedIndexes } from '../training/wanted-indexes.ts';
import type { ImportDeps, ImportPayload } from './deps.ts';

/** Items in one transaction. */
const batchSize = 100;

/**
 * Stores what is missing of the items, and tells after each transaction how many were seen to so far. False when the
 * collection was deleted meanwhile.
 */
export async function writeItems(
  deps: ImportDeps,
  collection: CollectionRow,
  items: NewItem[],
  tools: Pick<JobTools, 'mustHold' | 'signal'> & Pick<ImportPayload, 'keyId'>,
  onWritten: (written: number) => void,
): Promise<boolean> {
  const prepare = (start: number): Promise<Batch> => {
    const batch = prepareBatch(deps, collection, items.slice(start, start + batchSize));
    // When it fails while another is written, whoever waits for it hears of it later.
    batch.catch(() => undefined);
    return batch;
  };
  let next = prepare(0);
  for (let start = 0; start < items.length; start += batchSize) {
    tools.signal.throwIfAborted();
    const batch = await next;
    // The search worker analyses the next items while the store writes these.
    next = prepare(start + batchSize);
    if (!(await writeBatch(deps, collection, batch, tools))) return false;
    deps.embedding.wanted(collection.datasetId);
    deps.training.wanted(collection.datasetId);
    onWritten(Math.min(items.length, start + batchSize));
  }
  return true;
}

/** The collection of the job, or nothing when it was deleted meanwhile. */
export function findCollection(db: Kysely<Database>, job: Pick<Job, 'teamId' | 'collectionId'>) {
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
