import { LecternError } from '@lectern/contract/client.ts';
import { api } from '../../../api/client.ts';
import { FolderMaker } from './folder-maker.ts';
import type { Upload, UploadPort } from './upload-store.ts';

const storageKey = ({ datasetId, folders, name, size }: Upload, file: File) =>
  ['lectern-upload', datasetId, ...folders, name, size, file.lastModified].join('/');

/** Kept in the tab, so that a page that was loaded again goes on with a file that is dropped again. */
function stored(key: string): string | undefined {
  try {
    return sessionStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

function store(key: string, token: string | undefined): void {
  try {
    if (token === undefined) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, token);
  } catch {
    // The upload works; after a reload it begins anew.
  }
}

const folders = new FolderMaker({
  find: async (datasetId, parentId, name) => {
    for (let offset = 0; ; offset += 100) {
      const request = { datasetId, parentId, selectFolder: true, offset, pageSize: 100 };
      const { list, total } = await api.scrollCollections(request);
      const found = list.find((each) => each.name === name);
      if (found || offset + 100 >= total) return found?._id;
    }
  },
  make: (datasetId, parentId, name) => api.createCollection({ datasetId, parentId, name, type: 'folder' }),
});

/** The folder of these names below `parentId`, made where there is none. */
export const requireFolder = (datasetId: string, parentId: string | null, names: readonly string[]) =>
  folders.require(datasetId, parentId, names);

export const serverPort: UploadPort = {
  remembered: (upload, file) => stored(storageKey(upload, file)),
  remember: (upload, file, token) => store(storageKey(upload, file), token),
  forget: (upload, file) => store(storageKey(upload, file), undefined),
  async begin(upload, file, signal) {
    const contentType = file.type || undefined;
    const { datasetId, name: filename, size } = upload;
    const request = { datasetId, filename, size, ...(contentType && { contentType }) };
    const { url } = await api.presignDatasetFile(request, { signal });
    return url.slice(url.lastIndexOf('/') + 1);
  },
  async offset(token, signal) {
    try {
      return await api.getUpload({ token }, { signal });
    } catch (error) {
      if (error instanceof LecternError && error.status < 500) return undefined;
      throw error;
    }
  },
  sendPiece: (token, content, range, signal) =>
    api.uploadBytes({ token }, { bytes: { content, range }, signal }),
  async createCollection({ datasetId, folders: names }, { parentId, params }, fileId) {
    const folder = await requireFolder(datasetId, parentId, names);
    const { collectionId } = await api.createFileIdCollection({
      datasetId,
      fileId,
      parentId: folder,
      ...params,
    });
    return collectionId;
  },
  pause: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    }),
};
