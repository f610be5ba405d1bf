import type { trainingEndpoints } from '@lectern/contract/training.ts';
import { listTrainingErrors } from '../domain/collections/list-training-errors.ts';
import { deleteTraining, getTrainingItem, updateTraining } from '../domain/training/control.ts';
import { getDatasetQueue, getQueueLengths } from '../domain/training/queue-counts.ts';
import type { Handlers } from './handler.ts';

export const trainingHandlers: Handlers<typeof trainingEndpoints> = {
  getTrainingError: (input, { app, caller, lang }) => listTrainingErrors(app, caller, input, lang),
  getTrainingDataDetail: (input, { app, caller }) => getTrainingItem(app, caller, input),
  async updateTrainingData(input, { app, caller }) {
    await updateTraining(app, caller, input);
    return {};
  },
  async deleteTrainingData(input, { app, caller }) {
    await deleteTraining(app, caller, input);
    return {};
  },
  getDatasetTrainingQueue: ({ datasetId }, { app, caller }) => getDatasetQueue(app, caller, datasetId),
  getQueueLen: (_input, { app, caller }) => getQueueLengths(app, caller),
  async unlockTask(_input, { app }) {
    await app.training.wake();
    app.jobs.wake();
    return null;
  },
};
