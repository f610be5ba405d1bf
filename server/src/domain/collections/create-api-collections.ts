import type { apiDatasetEndpoints } from '@lectern/contract/api-datasets.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { Kysely } from 'kysely';
import { importKind } from '../../jobs/import/import-collection.ts';
import { fail } from '../../kernel/errors.ts';
import { lockTree } from '../../store/locking.ts';
import type { Database } from '../../store/schema.ts';
import { type ApiServer, apiServerOf, listApiFiles } from '../api-datasets/api-server.ts';
import { importedFiles } from '../api-datasets/read-server.ts';
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
  return await createFetchedCollection(app, caller, input, { type: 'apiFile', apiFileId }, async (trx) => {
    const known = await lockedFiles(app, trx, caller.teamId, input.datasetId);
    if (known.has(apiFileId)) {
      throw fail('sameApiCollection', { params: { id: apiFileId }, param: 'apiFileId' });
    }
  });
}

/**
 * Makes collections of files, and of folders everything in them, in folders of their own; files that there are already
 * are left out, and folders that were made before are filled up.
 */
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
  const { files, folders } = await treeBelow(app, server, input.apiFiles, signal);
  const known = new Set(await importedFiles(app.store.db, caller.teamId, input.datasetId));
  const wanted = [...files.values()].filter(({ id }) => !known.has(id));
  const parentOf = await makeFolders(app, caller, input, foldersOf(wanted, folders));
  const collectionIds: string[] = [];
  for (const batch of inBatches(wanted, batchSize)) {
    await app.store.db.transaction().execute(async (trx) => {
      // Others may have imported some of them since.
      const there = await lockedFiles(app, trx, caller.teamId, input.datasetId);
      for (const { id: apiFileId, name, folder } of batch) {
        if (there.has(apiFileId)) continue;
        const place = { parentId: parentOf(folder), name: shownName(name, apiFileId) };
        const row = newCollectionRow(caller, { ...input, ...place }, { type: 'apiFile', apiFileId });
        await insertCollection(app.store, trx, row);
        const { teamId, datasetId, id: collectionId } = row;
        await app.jobs.enqueue({ kind: importKind, teamId, datasetId, collectionId, payload }, trx);
        collectionIds.push(row.id);
      }
    });
  }
  app.jobs.wake();
  const results = { insertLen: 0, overToken: [], repeat: [], error: [] };
  return { collectionIds, skipped: files.size - collectionIds.length, results };
}

/** The files that the dataset has; until the transaction ends nobody else imports any. */
async function lockedFiles(
  app: ApiApp,
  trx: Kysely<Database>,
  teamId: string,
  datasetId: string,
): Promise<Set<string>> {
  await lockTree(app.store, trx, `knowledge ${teamId}`, 'alone');
  return new Set(await importedFiles(trx, teamId, datasetId));
}

/** A file or folder of the other system; `folder` is the one among those found that it is in. */
interface Named {
  id: string;
  name: string;
  folder: string | undefined;
}

interface Tree {
  files: Map<string, Named>;
  folders: Map<string, Named>;
}

const shownName = (name: string, id: string) => name.trim().slice(0, 200) || id.slice(0, 200);

/** What is given, and everything below the folders among it, each once. A file can have files below it as well. */
async function treeBelow(
  app: ApiApp,
  server: ApiServer,
  given: InputOf<Endpoints['createApiCollections']>['apiFiles'],
  signal: AbortSignal,
): Promise<Tree> {
  const files = new Map<string, Named>();
  const folders = new Map<string, Named>();
  type Found = {
    id: string;
    name: string;
    type?: string | undefined;
    hasChild?: boolean | undefined;
    folder?: string;
  };
  let level: Found[] = given;
  while (level.length > 0) {
    const open: string[] = [];
    for (const { id, name, type, hasChild, folder } of level) {
      const named = { id, name, folder };
      if (type !== 'folder' && !files.has(id)) files.set(id, named);
      if ((type !== 'folder' && !hasChild) || folders.has(id)) continue;
      folders.set(id, named);
      open.push(id);
    }
    refuseTooMany(files.size, mostFiles);
    refuseTooMany(folders.size, mostFolders);
    level = [];
    for (const parentId of open) {
      const below = await listApiFiles(app, server, { parentId, signal });
      level.push(...below.map((file) => ({ ...file, folder: parentId })));
    }
  }
  return { files, folders };
}

/** The folders that these files are in, each after the one that it is in itself. */
function foldersOf(files: readonly Named[], folders: ReadonlyMap<string, Named>): Named[] {
  const wanted = new Map<string, Named>();
  const add = (id: string | undefined): void => {
    const folder = id === undefined || wanted.has(id) ? undefined : folders.get(id);
    if (!folder) return;
    add(folder.folder);
    wanted.set(folder.id, folder);
  };
  for (const { folder } of files) add(folder);
  return [...wanted.values()];
}

/** Makes those folders that were not made before; answers where what is in one of them belongs. */
async function makeFolders(
  app: ApiApp,
  caller: Caller,
  input: InputOf<Endpoints['createApiCollections']>,
  folders: readonly Named[],
): Promise<(folder: string | undefined) => string | null> {
  const top = input.parentId ?? null;
  const made = new Map<string, string>();
  const parentOf = (folder: string | undefined) => (folder === undefined ? top : (made.get(folder) ?? top));
  if (folders.length === 0) return parentOf;
  await app.store.db.transaction().execute(async (trx) => {
    // So that nobody else makes the same folders at this moment.
    await lockTree(app.store, trx, `knowledge ${caller.teamId}`, 'alone');
    const known = await trx
      .selectFrom('collections')
      .select(['id', 'apiFileId'])
      .where('teamId', '=', caller.teamId)
      .where('datasetId', '=', input.datasetId)
      .where('type', '=', 'folder')
      .where('apiFileId', 'is not', null)
      .where('deletedTime', 'is', null)
      .execute();
    for (const { id, apiFileId } of known) made.set(apiFileId ?? '', id);
    for (const { id: apiFileId, name, folder } of folders) {
      if (made.has(apiFileId)) continue;
      const place = {
        datasetId: input.datasetId,
        parentId: parentOf(folder),
        name: shownName(name, apiFileId),
      };
      const row = newCollectionRow(caller, place, { type: 'folder', apiFileId });
      await insertCollection(app.store, trx, row);
      made.set(apiFileId, row.id);
    }
  });
  return parentOf;
}

function refuseTooMany(given: number, limit: number): void {
  if (given > limit) throw fail('tooManyItems', { params: { limit, given }, param: 'apiFiles' });
}
