import { LecternError } from '@lectern/contract/client.ts';
import i18next from 'i18next';
import { api } from '../../../api/client.ts';
import { notifyDone } from '../../../ui/notify.ts';
import { FolderMaker } from './folder-maker.ts';
import type {
  ArrivedUpload,
  ArrivedUploads,
  ImportOrder,
  Upload,
  UploadKind,
  UploadPort,
} from './upload-store.ts';

const storageKey = ({ kind, datasetId, folders, name, size }: Upload, file: File) =>
  ['lectern-upload', kind, datasetId, ...folders, name, size, file.lastModified].join('/');

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

type Bring = (uploads: ArrivedUploads, order: ImportOrder) => Promise<string>;

/** How one file is brought. */
const one =
  (bring: (upload: ArrivedUpload, order: ImportOrder) => Promise<string>): Bring =>
  ([upload], order) =>
    bring(upload, order);

const bringers: Record<UploadKind, Bring> = {
  document: one(async ({ datasetId, fileId, folders: names }, { parentId, params }) => {
    const folder = await requireFolder(datasetId, parentId, names);
    const made = await api.createFileIdCollection({ datasetId, fileId, parentId: folder, ...params });
    return made.collectionId;
  }),
  table: one(async ({ datasetId, fileId, folders: names }, { parentId }) => {
    const folder = await requireFolder(datasetId, parentId, names);
    const made = await api.createTemplateCollection({ datasetId, fileId, parentId: folder });
    return made.collectionId;
  }),
  async picture(uploads, { parentId, name }) {
    const [{ datasetId }] = uploads;
    const fileIds = uploads.map(({ fileId }) => fileId);
    const named = name ? { collectionName: name } : {};
    return (await api.createImageCollection({ datasetId, parentId, fileIds, ...named })).collectionId;
  },
  archive: one(async ({ fileId, name: fileName }, { parentId, name }) => {
    const made = await api.importArchive({ fileId, parentId, ...(name && { name }) });
    notifyDone(i18next.t('datasets:archive.begun', { name: fileName }));
    return made.datasetId;
  }),
};

export const serverPort: UploadPort = {
  remembered: (upload, file) => stored(storageKey(upload, file)),
  remember: (upload, file, token) => store(storageKey(upload, file), token),
  forget: (upload, file) => store(storageKey(upload, file), undefined),
  async begin(upload, file, signal) {
    const contentType = file.type || undefined;
    const { kind, datasetId, name: filename, size } = upload;
    const purpose = kind === 'archive' ? kind : 'document';
    const request = {
      ...{ filename, size, purpose },
      ...(datasetId && { datasetId }),
      ...(contentType && { contentType }),
    } as const;
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
  bring: (uploads, order) => bringers[uploads[0].kind](uploads, order),
  pause: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    }),
};
