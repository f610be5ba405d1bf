import type { collectionFileEndpoints } from '@lectern/contract/collection-files.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { ImportPayload } from '../../jobs/import/deps.ts';
import { importKind } from '../../jobs/import/import-collection.ts';
import { lockTree } from '../../store/locking.ts';
import { insertCollection, newCollectionRow } from '../collections/create-collection.ts';
import { chunkSettings, refuseUnavailable } from '../collections/params.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { claimDocument, requireDocument } from './queries.ts';

type Endpoint = typeof collectionFileEndpoints.createFileIdCollection;

/** Imports a file that was uploaded before. */
export async function createFileIdCollection(
  app: Pick<App, 'store' | 'jobs'>,
  caller: Caller,
  input: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:write');
  refuseUnavailable(input);
  const { teamId } = caller;
  await requireContentDataset(app.store.db, teamId, input.datasetId);
  const file = await requireDocument(app.store.db, teamId, input.fileId);
  const payload: ImportPayload = { settings: chunkSettings(input) };
  const named = { ...input, name: input.name ?? (file.name.trim() || 'file') };
  const row = newCollectionRow(caller, named, { type: 'file', fileId: file.id });
  const { datasetId, id: collectionId } = row;
  await app.store.db.transaction().execute(async (trx) => {
    // While nothing can be deleted: a file that is in use now stays in use.
    await lockTree(app.store, trx, `knowledge ${teamId}`, 'together');
    await requireDocument(trx, teamId, file.id);
    await insertCollection(app.store, trx, row);
    await claimDocument(trx, teamId, file.id);
    await app.jobs.enqueue({ kind: importKind, teamId, datasetId, collectionId, payload }, trx);
  });
  app.jobs.wake();
  return { collectionId, results: { insertLen: 0, overToken: [], repeat: [], error: [] } };
}
