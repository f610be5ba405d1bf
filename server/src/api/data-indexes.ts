import type { dataIndexEndpoints } from '@lectern/contract/data-indexes.ts';
import { createIndex, deleteIndex, updateIndex } from '../domain/data/change-indexes.ts';
import { insertData } from '../domain/data/insert-data.ts';
import type { Handlers } from './handler.ts';

export const dataIndexHandlers: Handlers<typeof dataIndexEndpoints> = {
  insertData: (input, { app, caller, signal }) => insertData(app, caller, input, signal),
  createDataIndex: (input, { app, caller, signal }) => createIndex(app, caller, input, signal),
  updateDataIndex: (input, { app, caller, signal }) => updateIndex(app, caller, input, signal),
  async deleteDataIndex(input, { app, caller }) {
    await deleteIndex(app, caller, input);
    return null;
  },
};
