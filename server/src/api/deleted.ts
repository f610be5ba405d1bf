import type { deletedEndpoints } from '@lectern/contract/deleted.ts';
import { clearDeleted } from '../domain/deleted/clear-deleted.ts';
import { listDeletedApps, listDeletedDatasets } from '../domain/deleted/list-deleted.ts';
import { restoreApps } from '../domain/deleted/restore-apps.ts';
import { restoreDatasets } from '../domain/deleted/restore-datasets.ts';
import type { Handlers } from './handler.ts';

export const deletedHandlers: Handlers<typeof deletedEndpoints> = {
  listDeletedDatasets: (input, { app, caller }) => listDeletedDatasets(app, caller, input),
  async restoreDatasets({ ids }, { app, caller }) {
    await restoreDatasets(app, caller, ids);
    return null;
  },
  async clearDatasets({ ids }, { app, caller }) {
    await clearDeleted(app, caller, { objectType: 'dataset', ids });
    return null;
  },
  listDeletedApps: (input, { app, caller }) => listDeletedApps(app, caller, input),
  async restoreApps({ ids }, { app, caller }) {
    await restoreApps(app, caller, ids);
    return null;
  },
  async clearApps({ ids }, { app, caller }) {
    await clearDeleted(app, caller, { objectType: 'app', ids });
    return null;
  },
};
