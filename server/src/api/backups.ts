import type { backupEndpoints } from '@lectern/contract/backups.ts';
import {
  cancelRestore,
  deleteBackup,
  listBackups,
  stageBackup,
  startBackup,
} from '../domain/backups/backups.ts';
import { downloadBackup, linkBackup } from '../domain/backups/download.ts';
import type { Handlers } from './handler.ts';

export const backupHandlers: Handlers<typeof backupEndpoints> = {
  listBackups: (_input, { app, caller, lang }) => listBackups(app, caller, lang),
  linkBackup: ({ name }, { app, caller, origin }) => linkBackup(app, caller, name, origin),
  makeBackup: (_input, { app, caller, lang }) => startBackup(app, caller, lang),
  async deleteBackup({ name }, { app, caller }) {
    await deleteBackup(app, caller, name);
    return null;
  },
  downloadBackup: ({ token }, { app }) => downloadBackup(app, token),
  async stageRestore({ name }, { app, caller }) {
    await stageBackup(app, caller, name);
    return null;
  },
  async cancelRestore(_input, { app, caller }) {
    await cancelRestore(app, caller);
    return null;
  },
};
