import { api } from '../../../api/client.ts';
import type { Folder } from '../folder-picker.tsx';

const pageSize = 100;

/** All folders of a dataset directly in one, or at its top. */
export async function collectionFolders(datasetId: string, parentId: string | null): Promise<Folder[]> {
  const folders: Folder[] = [];
  for (let offset = 0; ; offset += pageSize) {
    const page = await api.scrollCollections({ datasetId, parentId, selectFolder: true, offset, pageSize });
    folders.push(...page.list.map(({ _id, name }) => ({ id: _id, name })));
    if (offset + pageSize >= page.total) return folders;
  }
}
