import type { appFolderEndpoints } from '@lectern/contract/app-folders.ts';
import { copyApp } from '../domain/apps/copy-app.ts';
import { createAppFolder } from '../domain/apps/create-app-folder.ts';
import { getAppPath } from '../domain/apps/get-app-path.ts';
import { getBasicInfo } from '../domain/apps/get-basic-info.ts';
import { getContents } from '../domain/apps/get-contents.ts';
import type { Handlers } from './handler.ts';

export const appFolderHandlers: Handlers<typeof appFolderEndpoints> = {
  copyApp: async ({ appId }, { app, caller, lang }) => ({ appId: await copyApp(app, caller, appId, lang) }),
  getAppBasicInfo: ({ ids }, { app, caller }) => getBasicInfo(app, caller, ids),
  getAppContents: ({ appId }, { app, caller }) => getContents(app, caller, appId),
  async createAppFolder(input, { app, caller }) {
    await createAppFolder(app, caller, input);
    return null;
  },
  getAppPath: (input, { app, caller }) => getAppPath(app, caller, input),
};
