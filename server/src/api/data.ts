import type { dataEndpoints } from '@lectern/contract/data.ts';
import { deleteData } from '../domain/data/delete-data.ts';
import { getData } from '../domain/data/get-data.ts';
import { listData } from '../domain/data/list-data.ts';
import { pushData } from '../domain/data/push-data.ts';
import { updateData } from '../domain/data/update-data.ts';
import type { Handlers } from './handler.ts';

export const dataHandlers: Handlers<typeof dataEndpoints> = {
  pushData: (input, { app, caller }) => pushData(app, caller, input),
  listData: (input, { app, caller, origin }) => listData(app, caller, input, origin),
  getData: ({ id }, { app, caller, origin }) => getData(app, caller, id, origin),
  async updateData(input, { app, caller }) {
    await updateData(app, caller, input);
    return null;
  },
  async deleteData({ id }, { app, caller }) {
    await deleteData(app, caller, id);
    return 'success' as const;
  },
};
