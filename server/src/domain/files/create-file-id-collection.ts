import type { collectionFileEndpoints } from '@lectern/contract/collection-files.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { lockTree } from '../../store/locking.ts';
import { newCollectionRow } from '../collections/create-collection.ts';
import { insertDocument } from '../collections/insert-document.ts';
import { planImport } from '../collections/plan-import.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { claimDocument, requireDocument } from './queries.ts';

type Endpoint = typeof collectionFileEndpoints.createFileIdCollection;

/** Imports a file that was uploaded before. */
export async function createFileIdCollection(
  app: Pick<App, 'store' | 'jobs' | 'parser' | 'models'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:write');
  const { teamId } = caller;
  const dataset = await requireContentDataset(app.store.db, teamId, input.datasetId);
  const plan = await planImport(app, caller, dataset, input);
  const file = await requireDocument(app.store.db, teamId, input.fileId);
  const named = { ...input, name: input.name ?? (file.name.trim() || 'file') };
  const row = newCollectionRow(caller, named, { type: 'file', fileId: file.id });
  await app.store.db.transaction().execute(async (trx) => {
    // While nothing can be deleted: a file that is in use now stays in use.
    await lockTree(app.store, trx, `knowledge ${teamId}`, 'together');
    await requireDocument(trx, teamId, file.id);
    await claimDocument(trx, teamId, file.id);
    await insertDocument(app, trx, row, plan);
  });
  app.jobs.wake();
  return { collectionId: row.id, results: { insertLen: 0, overToken: [], repeat: [], error: [] } };
}
