import type { Training } from '../deps.ts';
import { chunkTraining } from './chunk.ts';
import { tableTraining } from './table.ts';

/** What becomes of a document in each type of training; a new one is a file beside this and a line here. */
const trainings: Record<string, Training> = {
  chunk: chunkTraining,
  backup: tableTraining,
  template: tableTraining,
};

/** The data items of a collection, by its type of training. */
export const itemsOfCollection: Training = (deps, collection, settings, tools) =>
  (trainings[collection.trainingType] ?? chunkTraining)(deps, collection, settings, tools);
