import type { itemEndpoints } from '@lectern/contract/items.ts';
import { getItem } from '../domain/items/get-item.ts';
import { listItems } from '../domain/items/list-items.ts';
import { deleteItem, pruneItems } from '../domain/items/prune-items.ts';
import { upsertItem } from '../domain/items/upsert-item.ts';
import type { Handlers } from './handler.ts';

export const itemHandlers: Handlers<typeof itemEndpoints> = {
  upsertItem: (input, { app, caller, signal }) => upsertItem(app, caller, input, signal),
  getItem: (input, { app, caller, lang }) => getItem(app, caller, input, lang),
  async deleteItem(input, { app, caller }) {
    await deleteItem(app, caller, input);
    return null;
  },
  listItems: (input, { app, caller }) => listItems(app, caller, input),
  pruneItems: (input, { app, caller }) => pruneItems(app, caller, input),
};
