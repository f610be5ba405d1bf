import type { apiDatasetEndpoints } from '@lectern/contract/api-datasets.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { type ApiFile, getApiFile, listApiFiles, requireApiServer, systemRoot } from './api-server.ts';
import { checkedApiServer } from './server-input.ts';

type Endpoints = typeof apiDatasetEndpoints;
type ServerApp = Pick<App, 'store' | 'secrets' | 'outbound' | 'guard'>;

/** A path is not followed any deeper: what leads back to itself ends here. */
const deepest = 20;

function present({ createTime, updateTime, hasChild, ...file }: ApiFile) {
  return {
    ...file,
    rawId: file.id,
    hasChild: hasChild ?? file.type === 'folder',
    ...(createTime !== undefined && { createTime }),
    ...(updateTime !== undefined && { updateTime }),
  };
}

/** What a folder of the dataset's server holds. */
export async function listFiles(
  app: ServerApp,
  caller: Caller,
  { datasetId, parentId, searchKey }: InputOf<Endpoints['listApiFiles']>,
  signal: AbortSignal,
): Promise<OutputOf<Endpoints['listApiFiles']>> {
  authorize(caller, 'dataset:read');
  const server = await requireApiServer(app, caller.teamId, datasetId);
  return (await listApiFiles(app, server, { parentId, searchKey, signal })).map(present);
}

/** The folders of a server that no dataset names yet. */
export async function getCatalog(
  app: ServerApp,
  caller: Caller,
  { apiDatasetServer, parentId }: InputOf<Endpoints['getApiCatalog']>,
  signal: AbortSignal,
): Promise<OutputOf<Endpoints['getApiCatalog']>> {
  authorize(caller, 'dataset:write');
  const server = checkedApiServer(app, apiDatasetServer);
  const files = await listApiFiles(app, server, { parentId, signal });
  return files.filter(({ type, hasChild }) => type === 'folder' || hasChild === true).map(present);
}

/** The names of the folders from the top down to one of them. */
export async function getPathNames(
  app: ServerApp,
  caller: Caller,
  { datasetId, parentId }: InputOf<Endpoints['getApiPathNames']>,
  signal: AbortSignal,
): Promise<string> {
  authorize(caller, 'dataset:read');
  const server = await requireApiServer(app, caller.teamId, datasetId);
  const names: string[] = [];
  let at = parentId || null;
  while (at !== null && at !== systemRoot && at !== server.basePath && names.length < deepest) {
    const folder = await getApiFile(app, server, at, signal);
    names.unshift(folder.name);
    at = folder.parentId;
  }
  return names.map((name) => `/${name}`).join('');
}

/** The ids of the files that the dataset has. */
export async function listExistId(
  app: Pick<App, 'store'>,
  caller: Caller,
  datasetId: string,
): Promise<string[]> {
  authorize(caller, 'dataset:read');
  await requireDataset(app.store.db, caller.teamId, datasetId);
  return await importedFiles(app.store.db, caller.teamId, datasetId);
}

/** The same inside a transaction; what is decided by it needs the lock of the team's tree of knowledge. */
export async function importedFiles(
  db: Kysely<Database>,
  teamId: string,
  datasetId: string,
): Promise<string[]> {
  const rows = await db
    .selectFrom('collections')
    .select('apiFileId')
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .where('apiFileId', 'is not', null)
    // Folders of the other system are remembered, too.
    .where('type', '=', 'apiFile')
    .where('deletedTime', 'is', null)
    .orderBy('id')
    .execute();
  return rows.flatMap(({ apiFileId }) => (apiFileId === null ? [] : [apiFileId]));
}
