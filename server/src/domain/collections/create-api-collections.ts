import type { apiDatasetEndpoints } from '@lectern/contract/api-datasets.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { importKind } from '../../jobs/import/import-collection.ts';
import { fail } from '../../kernel/errors.ts';
import { type ApiServer, apiServerOf, listApiFiles } from '../api-datasets/api-server.ts';
import { listExistId } from '../api-datasets/read-server.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { inBatches } from '../tree.ts';
import { insertCollection, newCollectionRow } from './create-collection.ts';
import { createFetchedCollection } from './create-fetched.ts';
import { planImport } from './plan-import.ts';

type Endpoints = typeof apiDatasetEndpoints;
type ApiApp = Pick<App, 'store' | 'jobs' | 'parser' | 'models' | 'secrets' | 'outbound'>;

const mostFiles = 5_000;
const mostFolders = 1_000;
/** Collections in one transaction. */
const batchSize = 50;

/** Makes a collection of one file of the dataset's API server. */
export async function createApiCollection(
  app: ApiApp,
  caller: Caller,
  input: InputOf<Endpoints['createApiCollection']>,
): Promise<OutputOf<Endpoints['createApiCollection']>> {
  authorize(caller, 'dataset:write');
  apiServerOf(app, await requireContentDataset(app.store.db, caller.teamId, input.datasetId));
  const { apiFileId } = input;
  const known = await listExistId(app, caller, input.datasetId);
  if (known.includes(apiFileId)) {
    throw fail('sameApiCollection', { params: { id: apiFileId }, param: 'apiFileId' });
  }
  return await createFetchedCollection(app, caller, input, { type: 'apiFile', apiFileId });
}

/** Makes collections of files, and of everything in folders; those that there are already are left out. */
export async function createApiCollections(
  app: ApiApp,
  caller: Caller,
  input: InputOf<Endpoints['createApiCollections']>,
  signal: AbortSignal,
): Promise<OutputOf<Endpoints['createApiCollections']>> {
  authorize(caller, 'dataset:write');
  const dataset = await requireContentDataset(app.store.db, caller.teamId, input.datasetId);
  const server = apiServerOf(app, dataset);
  const payload = await planImport(app, caller, dataset, input);
  const found = await filesBelow(app, server, input.apiFiles, signal);
  const known = new Set(await listExistId(app, caller, input.datasetId));
  const wanted = found.filter(({ id }) => !known.has(id));
  const collectionIds: string[] = [];
  for (const batch of inBatches(wanted, batchSize)) {
    await app.store.db.transaction().execute(async (trx) => {
      for (const { id: apiFileId, name } of batch) {
        const named = { ...input, name: name.trim().slice(0, 200) || apiFileId.slice(0, 200) };
        const row = newCollectionRow(caller, named, { type: 'apiFile', apiFileId });
        await insertCollection(app.store, trx, row);
        const { teamId, datasetId, id: collectionId } = row;
        await app.jobs.enqueue({ kind: importKind, teamId, datasetId, collectionId, payload }, trx);
        collectionIds.push(row.id);
      }
    });
  }
  app.jobs.wake();
  const results = { insertLen: 0, overToken: [], repeat: [], error: [] };
  return { collectionIds, skipped: found.length - wanted.length, results };
}

interface Named {
  id: string;
  name: string;
}

/** The files among those given and below the folders among them, each once. */
async function filesBelow(
  app: ApiApp,
  server: ApiServer,
  given: InputOf<Endpoints['createApiCollections']>['apiFiles'],
  signal: AbortSignal,
): Promise<Named[]> {
  const files = new Map<string, Named>();
  const folders = new Set<string>();
  let level: { id: string; name: string; type?: string | undefined; hasChild?: boolean | undefined }[] =
    given;
  while (level.length > 0) {
    const open: string[] = [];
    for (const { id, name, type, hasChild } of level) {
      if (type !== 'folder') files.set(id, { id, name });
      if ((type === 'folder' || hasChild) && !folders.has(id)) open.push(id);
      folders.add(id);
    }
    refuseTooMany(files.size, mostFiles);
    refuseTooMany(folders.size, mostFiles + mostFolders);
    level = [];
    for (const parentId of open) level.push(...(await listApiFiles(app, server, { parentId, signal })));
  }
  return [...files.values()];
}

function refuseTooMany(given: number, limit: number): void {
  if (given > limit) throw fail('tooManyItems', { params: { limit, given }, param: 'apiFiles' });
}
