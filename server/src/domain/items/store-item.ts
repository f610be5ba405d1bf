import type { Kysely } from 'kysely';
import { chunkText, itemOf, rawTextOf } from '../../jobs/import/chunks.ts';
import type { ImportPayload } from '../../jobs/import/deps.ts';
import { importKind } from '../../jobs/import/import-collection.ts';
import { differences, tidyUp } from '../../jobs/import/replace-items.ts';
import { dropFile, waitingFileMs } from '../../jobs/import/stored-files.ts';
import { insertItems, type NewItem, type PreparedItem, prepareItems } from '../../jobs/items.ts';
import { dropPieces, insertTrainingItems } from '../../jobs/training/items.ts';
import { wantedIndexes } from '../../jobs/training/wanted-indexes.ts';
import { newId } from '../../kernel/ids.ts';
import { hasInlinePictures } from '../../kernel/pictures.ts';
import { toJson } from '../../store/json.ts';
import { lockRows, lockTree } from '../../store/locking.ts';
import type { CollectionRow, Database, FileRow } from '../../store/schema.ts';
import { insertCollection, type NewCollection, newCollectionRow } from '../collections/create-collection.ts';
import { clearFiles, openJobs, stopImports } from '../collections/imports.ts';
import { asFile, keepFile } from '../collections/keep-file.ts';
import { storedParams } from '../collections/params.ts';
import type { ImportPlan } from '../collections/plan-import.ts';
import type { Caller } from '../context.ts';
import { findItem } from './queries.ts';
import type { ItemApp, ItemInput } from './upsert-item.ts';

/** Another call changed the same document meanwhile. */
export class Overtaken extends Error {}

interface Wanted {
  input: ItemInput;
  plan: ImportPlan;
  hash: string;
  /** The document as it was when this was decided. */
  before: CollectionRow | undefined;
  signal: AbortSignal;
}

interface Stored {
  collectionId: string;
  insertLen: number;
}

/** A text of at most this many bytes is stored within the call, in one transaction. */
const storedAtOnceBytes = 50_000;

/** Stores what was sent as the content of a new or of the present document. Throws Overtaken or a unique violation. */
export async function storeItem(app: ItemApp, caller: Caller, wanted: Wanted): Promise<Stored> {
  const { input, before } = wanted;
  const fresh = newCollectionRow(
    caller,
    { ...input, name: input.name ?? input.externalId.slice(0, 200) },
    { type: 'virtual', externalId: input.externalId, contentHash: wanted.hash },
  );
  const row = before ?? fresh;
  const { text } = input;
  if (text === undefined)
    return await storeNow(app, caller, wanted, { row, fresh, items: given(row, input) });
  return await asFile(app.tempDir, input.name ?? row.name, text, async (file) => {
    if (file.size > storedAtOnceBytes || wanted.plan.inBackground || hasInlinePictures(text)) {
      const owner = before ? { expireTime: Date.now() + waitingFileMs } : {};
      return await keepFile(
        app,
        caller,
        file,
        (kept) => storeLater(app, caller, wanted, { fresh, kept }),
        owner,
      );
    }
    const chunks = await chunkText(app.parser, text, wanted.plan.settings, row.name, {
      signal: wanted.signal,
    });
    const items = chunks.map((chunk, i) => ({ ...itemOf(row, chunk, i), id: newId() }));
    return await keepFile(app, caller, file, (kept) =>
      storeNow(app, caller, wanted, { row, fresh, items, kept }),
    );
  });
}

function given(row: CollectionRow, { data }: ItemInput): NewItem[] {
  return (data ?? []).map(({ q, a, indexes }, chunkIndex) => ({
    id: newId(row.createTime),
    q,
    a: a ?? '',
    chunkIndex,
    headings: [],
    indexes: (indexes ?? []).map((index) => ({ type: 'custom' as const, text: index.text })),
  }));
}

/** All or nothing, in one transaction. */
async function storeNow(
  app: ItemApp,
  caller: Caller,
  { input, plan: { keyId }, before, hash }: Wanted,
  { row, fresh, items, kept }: { row: CollectionRow; fresh: NewCollection; items: NewItem[]; kept?: FileRow },
): Promise<Stored> {
  const { teamId } = caller;
  // While an import still writes, nobody can say what it will have written.
  const settled = before && (await openJobs(app.store.db, before)).includes(importKind) === false;
  const fit = settled ? (await differences(app.store.db, before, items)).fresh : items;
  const prepared = await prepareItems(app.textIndex, row, caller.memberId, fit);
  const content = {
    fileId: kept?.id ?? null,
    contentHash: hash,
    ...(input.text === undefined ? { hash: null, rawTextLength: null } : rawTextOf(input.text)),
  };
  const params = toJson(storedParams(input));
  const insert = async (trx: Kysely<Database>, rest: PreparedItem[]) => {
    if (rest.length === 0) return;
    await insertItems(app.store, trx, rest);
    const rows = rest.map((item) => item.row);
    await insertTrainingItems(
      trx,
      wantedIndexes({ ...row, params }, rows, keyId === undefined ? {} : { keyId }),
    );
  };
  const insertLen = await app.store.db.transaction().execute(async (trx) => {
    if (kept) await trx.insertInto('files').values(kept).execute();
    if (!before) {
      await insertCollection(app.store, trx, { ...fresh, ...content });
      await insert(trx, prepared);
      return prepared.length;
    }
    await hold(app, trx, before, input);
    await stopImports(app, trx, before);
    await dropPieces(trx, before, 'all');
    const plan = await differences(trx, before, items);
    const missing = new Set(plan.fresh.map(({ id }) => id));
    const rest = prepared.filter((item) => missing.has(item.row.id));
    if (rest.length < missing.size) throw new Overtaken();
    await tidyUp(app.store, trx, before, plan);
    await change(trx, before, { ...content, params, trainingType: fresh.trainingType });
    await dropFile(trx, teamId, before.fileId, kept?.id ?? '');
    await insert(trx, rest);
    return rest.length;
  });
  app.embedding.wanted(row.datasetId);
  app.training.wanted(row.datasetId);
  if (before?.fileId) await clearFiles(app, teamId);
  return { collectionId: row.id, insertLen };
}

/** The import runs as a job; until it has ended, the document is what it was. */
async function storeLater(
  app: ItemApp,
  { teamId }: Caller,
  { input, before, hash, plan: { settings, keyId } }: Wanted,
  { fresh, kept }: { fresh: NewCollection; kept: FileRow },
): Promise<Stored> {
  const collectionId = before?.id ?? fresh.id;
  const payload: ImportPayload = {
    settings,
    ...(keyId !== undefined && { keyId }),
    ...(before && { replacement: { fileId: kept.id } }),
  };
  await app.store.db.transaction().execute(async (trx) => {
    await trx.insertInto('files').values(kept).execute();
    if (before) {
      await hold(app, trx, before, input);
      await stopImports(app, trx, before);
      const { params, trainingType } = fresh;
      await change(trx, before, { contentHash: hash, params, trainingType });
    } else {
      await insertCollection(app.store, trx, { ...fresh, fileId: kept.id });
    }
    const { datasetId } = input;
    await app.jobs.enqueue({ kind: importKind, teamId, datasetId, collectionId, payload }, trx);
  });
  app.jobs.wake();
  if (before) await clearFiles(app, teamId);
  return { collectionId, insertLen: 0 };
}

/** Keeps the document from others until the transaction ends; throws Overtaken when it is not as it was. */
async function hold(
  app: ItemApp,
  trx: Kysely<Database>,
  before: CollectionRow,
  input: ItemInput,
): Promise<void> {
  await lockTree(app.store, trx, `knowledge ${before.teamId}`, 'together');
  await lockRows(app.store, trx, 'collections', before.teamId, [before.id]);
  const now = await findItem(trx, before.teamId, input);
  const same =
    now?.id === before.id && now.contentHash === before.contentHash && now.fileId === before.fileId;
  if (!same) throw new Overtaken();
}

async function change(
  trx: Kysely<Database>,
  { teamId, id }: CollectionRow,
  columns: Partial<CollectionRow>,
): Promise<void> {
  await trx
    .updateTable('collections')
    .set({ ...columns, updateTime: Date.now() })
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .execute();
}
