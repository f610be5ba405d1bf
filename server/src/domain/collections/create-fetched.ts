import type { collectionEndpoints } from '@lectern/contract/collections.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { Kysely } from 'kysely';
import { importKind } from '../../jobs/import/import-collection.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { type CollectionInput, insertCollection, newCollectionRow } from './create-collection.ts';
import { planImport } from './plan-import.ts';

type Created = OutputOf<typeof collectionEndpoints.createFileCollection>;

/** Makes a collection whose document lies elsewhere; a job fetches and imports it. `first` is part of the transaction. */
export async function createFetchedCollection(
  app: Pick<App, 'store' | 'jobs' | 'parser' | 'models'>,
  caller: Caller,
  input: CollectionInput,
  source: Pick<CollectionRow, 'type'> & Partial<CollectionRow>,
  first: (trx: Kysely<Database>) => Promise<void> = async () => {},
): Promise<Created> {
  authorize(caller, 'dataset:write');
  const dataset = await requireContentDataset(app.store.db, caller.teamId, input.datasetId);
  const payload = await planImport(app, caller, dataset, input);
  const row = newCollectionRow(caller, input, source);
  await app.store.db.transaction().execute(async (trx) => {
    await first(trx);
    await insertCollection(app.store, trx, row);
    const { teamId, datasetId, id: collectionId } = row;
    await app.jobs.enqueue({ kind: importKind, teamId, datasetId, collectionId, payload }, trx);
  });
  app.jobs.wake();
  return { collectionId: row.id, results: { insertLen: 0, overToken: [], repeat: [], error: [] } };
}
