import type { limitEndpoints } from '@lectern/contract/limits.ts';
import { createTrainingUsage } from '../domain/datasets/create-training-usage.ts';
import { checkExport } from '../domain/export/check-export.ts';
import type { Handlers } from './handler.ts';

export const limitHandlers: Handlers<typeof limitEndpoints> = {
  checkDatasetSize: () => null,
  async checkDatasetExport({ datasetId }, { app, caller }) {
    await checkExport(app, caller, datasetId);
    return null;
  },
  checkWebSync: () => null,
  createTrainingUsage: (input, { app, caller }) => createTrainingUsage(app, caller, input),
};
