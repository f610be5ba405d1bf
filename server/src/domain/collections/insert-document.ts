import type { Kysely } from 'kysely';
import type { ImportPayload } from '../../jobs/import/deps.ts';
import { importKind } from '../../jobs/import/import-collection.ts';
import type { Database } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { insertCollection, type NewCollection } from './create-collection.ts';

/** Writes a collection together with the job that imports its document; wake the queue after the commit. */
export async function insertDocument(
  app: Pick<App, 'store' | 'jobs'>,
  trx: Kysely<Database>,
  row: NewCollection,
  payload: ImportPayload,
): Promise<void> {
  await insertCollection(app.store, trx, row);
  const { teamId, datasetId, id: collectionId } = row;
  await app.jobs.enqueue({ kind: importKind, teamId, datasetId, collectionId, payload }, trx);
}
