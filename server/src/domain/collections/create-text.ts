import type { collectionEndpoints } from '@lectern/contract/collections.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { chunkText, itemOf, rawTextOf } from '../../jobs/import/chunks.ts';
import { insertItems, prepareItems } from '../../jobs/items.ts';
import { insertTrainingItems } from '../../jobs/training/items.ts';
import { wantedIndexes } from '../../jobs/training/wanted-indexes.ts';
import { fail } from '../../kernel/errors.ts';
import { hasInlinePictures } from '../../kernel/pictures.ts';
import { withoutPrivateUse } from '../../kernel/positions.ts';
import type { App, Caller, UploadedFile } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { insertCollection, newCollectionRow } from './create-collection.ts';
import { createFileCollection } from './create-file-collection.ts';
import { asFile, keepFile } from './keep-file.ts';
import { type ImportPlan, planImport } from './plan-import.ts';

type Endpoint = typeof collectionEndpoints.createTextCollection;
type TextApp = Pick<
  App,
  'tempDir' | 'store' | 'blobs' | 'jobs' | 'parser' | 'models' | 'textIndex' | 'embedding' | 'training'
>;

/** A text of at most this many bytes is stored within the call, in one transaction. */
const storedAtOnceBytes = 50_000;

/**
 * Makes a collection of a text. A short one is complete when this resolves (all or nothing); a long one is imported
 * by a job, and `insertLen` is 0. The text itself is kept as a file.
 */
export async function createTextCollection(
  app: TextApp,
  caller: Caller,
  input: InputOf<Endpoint>,
  options: { signal?: AbortSignal } = {},
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:write');
  const dataset = await requireContentDataset(app.store.db, caller.teamId, input.datasetId);
  // Of a user's text no character may pass for a mark of a place.
  const text = withoutPrivateUse(input.text);
  if (text.trim() === '') throw fail('textEmpty', { param: 'text' });
  const plan = await planImport(app, caller, dataset, input);
  return await asFile(app.tempDir, input.name, text, (file) =>
    file.size > storedAtOnceBytes || plan.inBackground || hasInlinePictures(text)
      ? createFileCollection(app, caller, input, file, 'virtual')
      : storeNow(app, caller, { ...input, text }, plan, file, options.signal ?? new AbortController().signal),
  );
}

async function storeNow(
  app: TextApp,
  caller: Caller,
  input: InputOf<Endpoint>,
  { settings, keyId }: ImportPlan,
  file: UploadedFile,
  signal: AbortSignal,
): Promise<OutputOf<Endpoint>> {
  const chunks = await chunkText(app.parser, input.text, settings, input.name, { signal });
  return await keepFile(app, caller, file, async (fileRow) => {
    const row = newCollectionRow(caller, input, {
      type: 'virtual',
      fileId: fileRow.id,
      ...rawTextOf(input.text),
    });
    const items = chunks.map((chunk, i) => itemOf(row, chunk, i));
    const prepared = await prepareItems(app.textIndex, row, caller.memberId, items);
    await app.store.db.transaction().execute(async (trx) => {
      await trx.insertInto('files').values(fileRow).execute();
      await insertCollection(app.store, trx, row);
      await insertItems(app.store, trx, prepared);
      const payer = keyId !== undefined && { keyId };
      await insertTrainingItems(trx, wantedIndexes(row, items, { ...payer }));
    });
    app.embedding.wanted(row.datasetId);
    app.training.wanted(row.datasetId);
    const results = { insertLen: prepared.length, overToken: [], repeat: [], error: [] };
    return { collectionId: row.id, results };
  });
}
