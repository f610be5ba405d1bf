import type { collectionEndpoints } from '@lectern/contract/collections.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import { importKind } from '../../jobs/import/import-collection.ts';
import type { App, Caller, UploadedFile } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { refuseDocument } from '../files/refuse-file.ts';
import { authorize } from '../policy.ts';
import { type CollectionInput, insertCollection, newCollectionRow } from './create-collection.ts';
import { keepFile } from './keep-file.ts';
import { planImport } from './plan-import.ts';

type Answer = OutputOf<typeof collectionEndpoints.createFileCollection>;

/** Keeps a file and imports it in the background. The name of the file is the name of the collection by default. */
export async function createFileCollection(
  app: Pick<App, 'store' | 'blobs' | 'jobs' | 'parser' | 'models'>,
  caller: Caller,
  input: Omit<CollectionInput, 'name'> & { name?: string | undefined },
  file: UploadedFile,
  type: 'file' | 'virtual' = 'file',
): Promise<Answer> {
  authorize(caller, 'dataset:write');
  const dataset = await requireContentDataset(app.store.db, caller.teamId, input.datasetId);
  const payload = await planImport(app, caller, dataset, input);
  if (type === 'file') await refuseDocument(file);
  const named = { ...input, name: input.name ?? (file.name.trim() || 'file') };
  const id = await keepFile(app, caller, file, async (fileRow) => {
    const row = newCollectionRow(caller, named, { type, fileId: fileRow.id });
    await app.store.db.transaction().execute(async (trx) => {
      await trx.insertInto('files').values(fileRow).execute();
      await insertCollection(app.store, trx, row);
      const { teamId, datasetId, id: collectionId } = row;
      await app.jobs.enqueue({ kind: importKind, teamId, datasetId, collectionId, payload }, trx);
    });
    return row.id;
  });
  app.jobs.wake();
  return { collectionId: id, results: { insertLen: 0, overToken: [], repeat: [], error: [] } };
}
