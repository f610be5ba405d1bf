import type { datasetEndpoints } from '@lectern/contract/datasets.ts';
import { createDataset } from '../domain/datasets/create-dataset.ts';
import { deleteDatasets } from '../domain/datasets/delete-dataset.ts';
import { getDataset } from '../domain/datasets/get-dataset.ts';
import { getDatasetUsage } from '../domain/datasets/get-dataset-usage.ts';
import { getDatasetPaths } from '../domain/datasets/get-paths.ts';
import { listDatasets } from '../domain/datasets/list-datasets.ts';
import { moveDatasets, namedDatasets } from '../domain/datasets/move-datasets.ts';
import { updateDataset } from '../domain/datasets/update-dataset.ts';
import type { Handlers } from './handler.ts';

export const datasetHandlers: Handlers<typeof datasetEndpoints> = {
  createDataset: (input, { app, caller }) => createDataset(app, caller, input),
  listDatasets: (input, { app, caller }) => listDatasets(app, caller, input),
  getDataset: ({ id }, { app, caller, lang }) => getDataset(app, caller, id, lang),
  async updateDataset(input, { app, caller }) {
    await updateDataset(app, caller, input);
    return null;
  },
  async deleteDataset({ id }, { app, caller }) {
    await deleteDatasets(app, caller, [id]);
    return null;
  },
  async createDatasetFolder(input, { app, caller }) {
    await createDataset(app, caller, { ...input, type: 'folder' });
    return {};
  },
  getDatasetPaths: (input, { app, caller }) => getDatasetPaths(app, caller, input),
  getDatasetUsage: (input, { app, caller }) => getDatasetUsage(app, caller, input),
  async deleteDatasets(input, { app, caller }) {
    await deleteDatasets(app, caller, namedDatasets(input));
    return null;
  },
  async moveDatasets(input, { app, caller }) {
    await moveDatasets(app, caller, namedDatasets(input), input.parentId ?? null);
    return null;
  },
};
