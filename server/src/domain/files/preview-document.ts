import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import type { fileEndpoints } from '@lectern/contract/files.ts';
import type { SourceDeps } from '../../jobs/import/deps.ts';
import { ocrOf } from '../../jobs/import/ocr.ts';
import { peekSource } from '../../jobs/import/sources/index.ts';
import { fail } from '../../kernel/errors.ts';
import type { ParsedDocument } from '../../retrieval/ports.ts';
import { toJson } from '../../store/json.ts';
import { newCollectionRow } from '../collections/create-collection.ts';
import { storedParams } from '../collections/params.ts';
import { requireCollection } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { fetchApiFile } from '../web/fetch-api-file.ts';
import { fetchDocument, fileLimits, pageLimits } from '../web/fetch-document.ts';
import { requireDocument } from './queries.ts';

type Input = InputOf<typeof fileEndpoints.getPreviewChunks>;
type PreviewApp = Pick<App, 'store' | 'outbound' | 'tempDir'> & SourceDeps;

/** A document as the import of it would read it, and what it would be called. */
export interface PreviewDocument {
  name: string;
  document: ParsedDocument;
}

/** Reads what `sourceId` names; nothing is stored. */
export async function previewDocument(
  app: PreviewApp,
  caller: Caller,
  input: Input,
  signal: AbortSignal,
): Promise<PreviewDocument> {
  const { db } = app.store;
  const tools = { signal, progress: () => undefined };
  if (input.type === 'reTraining') {
    const row = await requireCollection(db, caller.teamId, asId(input.sourceId));
    if (row.datasetId !== input.datasetId) throw fail('collectionNotFound', { param: 'sourceId' });
    if (row.fileId === null) throw fail('noOriginal', { param: 'sourceId' });
    const params = toJson(storedParams(input));
    return { name: row.name, document: await peekSource(app, { ...row, params }, tools) };
  }
  if (input.type === 'fileLocal') {
    const file = await requireDocument(db, caller.teamId, asId(input.sourceId));
    const row = newCollectionRow(caller, { ...input, name: file.name }, { type: 'file', fileId: file.id });
    return { name: file.name, document: await peekSource(app, row, tools) };
  }
  if (input.type === 'apiFile') return await previewApiFile(app, caller, input, signal);
  return await previewAddress(app, input, signal);
}

/** A file of the dataset's API server, fetched into a folder that goes again. */
async function previewApiFile(
  app: PreviewApp,
  caller: Caller,
  input: Input,
  signal: AbortSignal,
): Promise<PreviewDocument> {
  const apiFileId = input.sourceId;
  const row = newCollectionRow(caller, { ...input, name: apiFileId }, { type: 'apiFile', apiFileId });
  return await inFolder(app, async (folder) => {
    const { file, title } = await fetchApiFile(app, row, folder, signal);
    const document = await app.parser.parse({ ...file, ocr: ocrOf(input) }, { signal });
    return { name: title ?? file.name, document };
  });
}

/** The page or file at an address, fetched by the guarded client into a folder that goes again. */
async function previewAddress(app: PreviewApp, input: Input, signal: AbortSignal): Promise<PreviewDocument> {
  return await inFolder(app, async (folder) => {
    const limits = input.type === 'link' ? pageLimits : fileLimits;
    const found = await fetchDocument(app, input.sourceId, folder, { ...limits, signal });
    if (!found) throw new Error('A page answered that it has not changed although nobody asked.');
    const { name, path, contentType } = found.file;
    const selector = input.selector?.trim();
    const page = input.type === 'link' && { page: { url: found.url, ...(selector && { selector }) } };
    const file = { name, path, contentType, ocr: ocrOf(input), ...page };
    const document = await app.parser.parse(file, { signal });
    return { name, document };
  });
}

async function inFolder<T>(
  { tempDir }: Pick<App, 'tempDir'>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tempDir, 'preview-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function asId(sourceId: string): string {
  const id = sourceId.toLowerCase();
  if (/^[0-9a-f]{24}$/.test(id)) return id;
  const details = {
    en: 'sourceId: must be an id of 24 hexadecimal characters',
    zh: 'sourceId：必须是 24 位十六进制 id',
  };
  throw fail('validation', { params: { details }, param: 'sourceId' });
}
