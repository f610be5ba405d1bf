import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { fileEndpoints } from '@lectern/contract/files.ts';
import { chunkText } from '../../jobs/import/chunks.ts';
import type { ImportDeps } from '../../jobs/import/deps.ts';
import { readSource } from '../../jobs/import/sources/index.ts';
import { fail } from '../../kernel/errors.ts';
import { readableMarkdown } from '../../kernel/pictures.ts';
import { toJson } from '../../store/json.ts';
import type { CollectionRow } from '../../store/schema.ts';
import { newCollectionRow } from '../collections/create-collection.ts';
import { planImport } from '../collections/plan-import.ts';
import { requireCollection } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { requireDocument } from './queries.ts';

type Endpoint = typeof fileEndpoints.getPreviewChunks;
type Input = InputOf<Endpoint>;

const shown = 10;

/** The first pieces that an import with the same parameters would make, by the same code; nothing is stored. */
export async function previewChunks(
  app: Pick<App, 'store' | 'models'> & ImportDeps,
  caller: Caller,
  input: Input,
  signal: AbortSignal,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:write');
  const dataset = await requireContentDataset(app.store.db, caller.teamId, input.datasetId);
  const { settings } = await planImport(app, caller, dataset, input);
  const collection = await collectionOf(app, caller, input);
  const document = await readSource(app, collection, { signal, progress: () => undefined });
  const chunks = await chunkText(app.parser, document.markdown, settings, collection.name, signal);
  return {
    chunks: chunks.slice(0, shown).map((chunk) => ({ q: readableMarkdown(chunk.text), a: '' })),
    total: chunks.length,
  };
}

/** The collection as it would be made; it is never written. */
async function collectionOf(app: Pick<App, 'store'>, caller: Caller, input: Input): Promise<CollectionRow> {
  const { db } = app.store;
  const { sourceId } = input;
  if (input.type === 'reTraining') {
    const row = await requireCollection(db, caller.teamId, asId(sourceId));
    if (row.datasetId !== input.datasetId) throw fail('collectionNotFound', { param: 'sourceId' });
    return {
      ...row,
      params: newCollectionRow(caller, { ...input, name: row.name }, { type: row.type }).params,
    };
  }
  if (input.type === 'fileLocal') {
    const file = await requireDocument(db, caller.teamId, asId(sourceId));
    return newCollectionRow(caller, { ...input, name: file.name }, { type: 'file', fileId: file.id });
  }
  const named = { ...input, name: sourceId, metadata: { webPageSelector: input.selector } };
  if (input.type === 'apiFile') {
    return newCollectionRow(caller, named, { type: 'apiFile', externalFileId: sourceId });
  }
  return newCollectionRow(caller, named, {
    type: input.type,
    rawLink: sourceId,
    externalFileId: input.externalFileId ?? null,
    metadata: toJson({ ...(input.selector !== undefined && { webPageSelector: input.selector }) }),
  });
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
