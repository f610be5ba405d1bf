import type { collectionFileEndpoints } from '@lectern/contract/collection-files.ts';
import type { fileEndpoints } from '@lectern/contract/files.ts';
import { reTrainCollection } from '../domain/collections/re-train-collection.ts';
import type { UploadedFile } from '../domain/context.ts';
import { createFileIdCollection } from '../domain/files/create-file-id-collection.ts';
import type { Given } from '../domain/files/given-files.ts';
import { parseFile } from '../domain/files/parse-file.ts';
import { previewChunks } from '../domain/files/preview-chunks.ts';
import { readCollection } from '../domain/files/read-collection.ts';
import { readFile } from '../domain/files/read-file.ts';
import { uploadFile } from '../domain/files/upload-file.ts';
import { fail } from '../kernel/errors.ts';
import type { Handlers } from './handler.ts';

/** The file of a form that takes one. */
export function only([file]: UploadedFile[]): UploadedFile {
  if (!file) throw fail('missingParams', { params: { field: 'file' }, param: 'file' });
  return file;
}

/** The file of a route that takes one in a form or by its id. */
export const given = ({ fileId }: { fileId?: string | undefined }, files: UploadedFile[]): Given => ({
  files,
  ids: fileId === undefined ? undefined : [fileId],
  param: 'fileId',
});

/** The files of a route that takes several. */
export const givenSeveral = (input: { fileIds?: string[] | undefined }, files: UploadedFile[]): Given => ({
  files,
  ids: input.fileIds,
  param: 'fileIds',
});

export const fileHandlers: Handlers<typeof fileEndpoints> = {
  uploadFile: (input, { app, caller, files, origin }) => uploadFile(app, caller, input, only(files), origin),
  readFile: ({ token }, { app, range }) => readFile(app, { token, range }),
  readPicture: ({ token, imageId }, { app, range }) => readFile(app, { token, id: imageId, range }),
  parseFile: (input, { app, caller, files, signal }) => parseFile(app, caller, input, only(files), signal),
  getPreviewChunks: (input, { app, caller, signal }) => previewChunks(app, caller, input, signal),
};

export const collectionFileHandlers: Handlers<typeof collectionFileEndpoints> = {
  createFileIdCollection: (input, { app, caller }) => createFileIdCollection(app, caller, input),
  reTrainCollection: (input, { app, caller }) => reTrainCollection(app, caller, input),
  readCollection: (input, { app, caller, origin, signal }) =>
    readCollection(app, caller, input, { origin, signal }),
};
