import type { trainingEndpoints } from '@lectern/contract/training.ts';
import { listTrainingErrors } from '../domain/collections/list-training-errors.ts';
import type { Handlers } from './handler.ts';

export const trainingHandlers: Handlers<typeof trainingEndpoints> = {
  getTrainingError: (input, { app, caller, lang }) => listTrainingErrors(app, caller, input, lang),
};
