import type { csvEndpoints } from '@lectern/contract/csv.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { App, Caller, UploadedFile } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { type Given, withGivenFiles } from '../files/given-files.ts';
import { refuseTable } from '../files/refuse-file.ts';
import { authorize } from '../policy.ts';
import { newCollectionRow } from './create-collection.ts';
import { insertDocument } from './insert-document.ts';
import { keepFile } from './keep-file.ts';
import { chunkSettings } from './params.ts';

type Endpoint = typeof csvEndpoints.createBackupCollection;

/** Imports a CSV of questions and answers in the background, each row as it stands. */
export async function createTableCollection(
  app: Pick<App, 'store' | 'blobs' | 'jobs'>,
  caller: Caller,
  input: InputOf<Endpoint>,
  given: Given,
  trainingType: 'backup' | 'template',
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:write');
  await requireContentDataset(app.store.db, caller.teamId, input.datasetId);
  const store = ([file]: [UploadedFile, ...unknown[]]) => storeTable(app, caller, input, file, trainingType);
  const collectionId = await withGivenFiles(app, caller, given, store);
  app.jobs.wake();
  return { collectionId, results: { insertLen: 0, overToken: [], repeat: [], error: [] } };
}

async function storeTable(
  app: Pick<App, 'store' | 'blobs' | 'jobs'>,
  caller: Caller,
  input: InputOf<Endpoint>,
  file: UploadedFile,
  trainingType: 'backup' | 'template',
): Promise<string> {
  await refuseTable(file);
  const named = { ...input, name: input.name ?? (file.name.trim() || 'file') };
  return await keepFile(app, caller, file, async (fileRow) => {
    const row = newCollectionRow(caller, named, { type: 'file', fileId: fileRow.id, trainingType });
    await app.store.db.transaction().execute(async (trx) => {
      await trx.insertInto('files').values(fileRow).execute();
      await insertDocument(app, trx, row, { settings: chunkSettings({}) });
    });
    return row.id;
  });
}
