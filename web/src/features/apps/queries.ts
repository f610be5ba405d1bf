import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import { type Answer, api } from '../../api/client.ts';

/** An app as the list shows it. */
export type AppItem = Answer<'listApps'>[number];
/** An app in full. */
export type AppDetail = Answer<'getApp'>;

/** Apps and folders of a folder (null = the root), or those of all folders that a search finds. */
export const appsQuery = (folder: string | null, search: string) =>
  queryOptions({
    queryKey: ['apps', 'list', folder, search],
    queryFn: ({ signal }) =>
      api.listApps(search === '' ? { parentId: folder } : { searchKey: search }, { signal }),
    placeholderData: keepPreviousData,
  });

/** The folders inside a folder, to move something into. */
export const foldersQuery = (folder: string | null) =>
  queryOptions({
    queryKey: ['apps', 'folders', folder],
    queryFn: () => api.listApps({ parentId: folder, type: 'folder' }),
  });

/** The folders from the root down to this one; none for the root. */
export const appPathQuery = (folder: string | null) =>
  queryOptions({
    queryKey: ['apps', 'path', folder],
    queryFn: () => (folder === null ? [] : api.getAppPath({ sourceId: folder })),
  });

export const appQuery = (appId: string) =>
  queryOptions({ queryKey: ['apps', 'detail', appId], queryFn: () => api.getApp({ appId }) });

export type ModelType = 'llm' | 'embedding' | 'rerank';
/** The models of a kind that this person may choose, the default one first. */
export const myModelsQuery = (type: ModelType) =>
  queryOptions({ queryKey: ['models', 'mine', type], queryFn: () => api.getMyModels({ type }) });

/** Everything known of apps is asked for again: lists, folders, details. */
export const forgetApps = (client: QueryClient): Promise<void> =>
  client.invalidateQueries({ queryKey: ['apps'] });

/** Datasets and folders to choose from: those of a folder, or those of all folders that a search finds. */
export const datasetsToPickQuery = (folder: string | null, search: string) =>
  queryOptions({
    queryKey: ['datasets', 'pick', folder, search],
    queryFn: () => api.listDatasets(search === '' ? { parentId: folder } : { searchKey: search }),
    placeholderData: keepPreviousData,
  });
