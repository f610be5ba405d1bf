import type { appEndpoints } from '@lectern/contract/apps.ts';
import { createApp } from '../domain/apps/create-app.ts';
import { deleteApp } from '../domain/apps/delete-app.ts';
import { getApp } from '../domain/apps/get-app.ts';
import { listApps } from '../domain/apps/list-apps.ts';
import { publishApp } from '../domain/apps/publish-app.ts';
import { updateApp } from '../domain/apps/update-app.ts';
import type { Handlers } from './handler.ts';

export const appHandlers: Handlers<typeof appEndpoints> = {
  createApp: (input, { app, caller, lang }) => createApp(app, caller, input, lang),
  listApps: (input, { app, caller }) => listApps(app, caller, input),
  getApp: ({ appId }, { app, caller }) => getApp(app, caller, appId),
  updateApp: (input, { app, caller }) => updateApp(app, caller, input),
  deleteApp: ({ appId }, { app, caller }) => deleteApp(app, caller, appId),
  async publishApp(input, { app, caller }) {
    await publishApp(app, caller, input);
    return null;
  },
};
