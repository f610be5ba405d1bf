import type { csvEndpoints } from '@lectern/contract/csv.ts';
import { createTableCollection } from '../domain/collections/create-table-collection.ts';
import { exportCollection, exportDataset } from '../domain/export/export-csv.ts';
import { given } from './files.ts';
import type { Handlers } from './handler.ts';

export const csvHandlers: Handlers<typeof csvEndpoints> = {
  createBackupCollection: (input, { app, caller, files }) =>
    createTableCollection(app, caller, input, given(input, files), 'backup'),
  createTemplateCollection: (input, { app, caller, files }) =>
    createTableCollection(app, caller, input, given(input, files), 'template'),
  exportCollection: (input, { app, caller }) => exportCollection(app, caller, input),
  exportDataset: ({ datasetId }, { app, caller }) => exportDataset(app, caller, datasetId),
};
