import type { datasetEndpoints } from '@lectern/contract/datasets.ts';
import { createDataset } from '../domain/datasets/create-dataset.ts';
import { deleteDataset } from '../domain/datasets/delete-dataset.ts';
import { getDataset } from '../domain/datasets/get-dataset.ts';
import { listDatasets } from '../domain/datasets/list-datasets.ts';
import { updateDataset } from '../domain/datasets/update-dataset.ts';
import type { Handlers } from './handler.ts';

export const datasetHandlers: Handlers<typeof datasetEndpoints> = {
  createDataset: (input, { app, caller }) => createDataset(app, caller, input),
  listDatasets: (input, { app, caller }) => listDatasets(app, caller, input),
  getDataset: ({ id }, { app, caller }) => getDataset(app, caller, id),
  async updateDataset(input, { app, caller }) {
    await updateDataset(app, caller, input);
    return null;
  },
  async deleteDataset({ id }, { app, caller }) {
    await deleteDataset(app, caller, id);
    return null;
  },
};
