import type { uploadEndpoints } from '@lectern/contract/uploads.ts';
import { createDatasetWithFiles } from '../domain/files/create-with-files.ts';
import { receiveBytes } from '../domain/files/receive-bytes.ts';
import { getUpload, presignUpload } from '../domain/files/uploads.ts';
import type { Handlers } from './handler.ts';

export const uploadHandlers: Handlers<typeof uploadEndpoints> = {
  presignDatasetFile: (input, { app, caller, origin }) => presignUpload(app, caller, input, origin),
  uploadBytes: ({ token }, { app, bytes, contentRange }) => receiveBytes(app, token, bytes, contentRange),
  getUpload: ({ token }, { app }) => getUpload(app, token),
  createDatasetWithFiles: (input, { app, caller }) => createDatasetWithFiles(app, caller, input),
};
