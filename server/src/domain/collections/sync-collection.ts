import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Text } from '@lectern/contract/lang.ts';
import { toFailure } from '../../jobs/failure.ts';
import { rawTextOf } from '../../jobs/import/chunks.ts';
import { foundAt, webPageOf } from '../../jobs/import/sources/link.ts';
import { AppError, fail } from '../../kernel/errors.ts';
import type { WebPage } from '../../retrieval/ports.ts';
import { fromJson } from '../../store/json.ts';
import type { CollectionRow } from '../../store/schema.ts';
import type { App, Caller, UploadedFile } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { hintOf } from '../jobs/hints.ts';
import { authorize } from '../policy.ts';
import { fetchApiFile } from '../web/fetch-api-file.ts';
import { fetchDocument, pageLimits } from '../web/fetch-document.ts';
import { hasFailed, importInstead } from './imports.ts';
import type { MetadataChange } from './metadata.ts';
import type { ChunkParams } from './params.ts';
import { planImport } from './plan-import.ts';
import { requireCollection } from './queries.ts';

export type SyncApp = Pick<
  App,
  'store' | 'blobs' | 'jobs' | 'parser' | 'models' | 'outbound' | 'secrets' | 'tempDir' | 'log'
>;
export type SyncResult = 'sameRaw' | 'success' | 'failed';

/**
 * Fetches the document of a collection again, and imports it in place of the old one when it has changed. With `failed`
 * comes why, for a person.
 */
export async function syncCollection(
  app: SyncApp,
  caller: Caller,
  collectionId: string,
  signal: AbortSignal,
): Promise<{ result: SyncResult; reason?: Text }> {
  authorize(caller, 'dataset:write');
  const row = await requireCollection(app.store.db, caller.teamId, collectionId);
  if (row.type !== 'link' && row.type !== 'apiFile') {
    throw fail('notSupportSync', { params: { type: row.type }, param: 'collectionId' });
  }
  try {
    return { result: await syncDocument(app, caller, row, signal) };
  } catch (error) {
    if (!(error instanceof AppError) || error.status === 503 || signal.aborted) throw error;
    app.log.info({ collection: row.id, error: error.errorName }, 'a document could not be fetched again');
    return { result: 'failed', reason: reasonOf(error, row.id) };
  }
}

/** The same as a failed job would say: what went wrong, and what to do. */
function reasonOf(thrown: AppError, id: string): Text {
  const { cause, error } = toFailure(thrown, id);
  const hint = hintOf({ state: 'failed', cause }, error);
  const ended = (text: string, end: string) => (/[.!?。！？]$/.test(text) ? text : text + end);
  return {
    en: `${ended(error.en, '.')} ${hint.en}`.trim(),
    zh: `${ended(error.zh, '。')}${hint.zh}`,
  };
}

/** The same for a collection of type `link` or `apiFile`; throws why it could not be read. */
export async function syncDocument(
  app: SyncApp,
  caller: Caller | undefined,
  row: CollectionRow,
  signal: AbortSignal,
): Promise<'sameRaw' | 'success'> {
  const folder = await mkdtemp(join(app.tempDir, 'sync-'));
  try {
    const { file, page, metadata } = await fetchAgain(app, row, folder, signal);
    const open = await hasFailed(app, row);
    if (!open && (await isStored(app, row, file.hash))) return 'sameRaw';
    const { name, path, contentType } = file;
    const document = await app.parser.parse({ name, path, contentType, ...(page && { page }) }, { signal });
    if (!open && rawTextOf(document.markdown).hash === row.hash) return 'sameRaw';
    const dataset = await requireDataset(app.store.db, row.teamId, row.datasetId);
    const params = { ...fromJson<ChunkParams>(row.params, {}), trainingType: row.trainingType as never };
    const plan = await planImport(app, caller, dataset, params);
    await importInstead(app, row, file, { plan, ...(metadata && { metadata }) });
    return 'success';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Fetched {
  file: UploadedFile;
  page?: WebPage;
  metadata?: MetadataChange;
}

async function fetchAgain(
  app: SyncApp,
  row: CollectionRow,
  folder: string,
  signal: AbortSignal,
): Promise<Fetched> {
  if (row.type === 'apiFile') return await fetchApiFile(app, row, folder, signal);
  const found = await fetchDocument(app, row.rawLink ?? '', folder, { ...pageLimits, signal });
  if (!found) throw new Error('A page answered that it has not changed although nobody asked.');
  const metadata: MetadataChange = (now) => foundAt(now, found.url);
  return { file: found.file, page: webPageOf({ ...row, metadata: metadata(row) }), metadata };
}

/** Whether exactly these bytes are what the collection was made of. */
async function isStored(app: SyncApp, row: CollectionRow, hash: string): Promise<boolean> {
  const file = await app.store.db
    .selectFrom('files')
    .select('hash')
    .where('teamId', '=', row.teamId)
    .where('id', '=', row.fileId)
    .executeTakeFirst();
  return file?.hash === hash;
}
