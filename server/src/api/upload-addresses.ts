import type { uploadEndpoints } from '@lectern/contract/uploads.ts';
import { avatarUpload, receiveAvatar } from '../domain/avatars/avatars.ts';
import { createDatasetWithFiles } from '../domain/files/create-with-files.ts';
import { receiveBytes } from '../domain/files/receive-bytes.ts';
import { getUpload, presignUpload } from '../domain/files/uploads.ts';
import type { Handlers } from './handler.ts';

export const uploadHandlers: Handlers<typeof uploadEndpoints> = {
  presignDatasetFile: (input, { app, caller, origin }) => presignUpload(app, caller, input, origin),
  uploadBytes: async ({ token }, { app, bytes, contentRange }) =>
    (await receiveAvatar(app, token, bytes)) ?? (await receiveBytes(app, token, bytes, contentRange)),
  getUpload: async ({ token }, { app }) => (await avatarUpload(app, token)) ?? (await getUpload(app, token)),
  createDatasetWithFiles: (input, { app, caller }) => createDatasetWithFiles(app, caller, input),
};
