import type { apiDatasetEndpoints } from '@lectern/contract/api-datasets.ts';
import { getCatalog, getPathNames, listExistId, listFiles } from '../domain/api-datasets/read-server.ts';
import { createApiCollection, createApiCollections } from '../domain/collections/create-api-collections.ts';
import type { Handlers } from './handler.ts';

export const apiDatasetHandlers: Handlers<typeof apiDatasetEndpoints> = {
  listApiFiles: (input, { app, caller, signal }) => listFiles(app, caller, input, signal),
  listExistingApiFiles: ({ datasetId }, { app, caller }) => listExistId(app, caller, datasetId),
  getApiPathNames: (input, { app, caller, signal }) => getPathNames(app, caller, input, signal),
  getApiCatalog: (input, { app, caller, signal }) => getCatalog(app, caller, input, signal),
  createApiCollection: (input, { app, caller }) => createApiCollection(app, caller, input),
  createApiCollections: (input, { app, caller, signal }) => createApiCollections(app, caller, input, signal),
};
