import { queryOptions } from '@tanstack/react-query';
import { type Answer, api } from '../../api/client.ts';

export type Dataset = Answer<'getDataset'>;
export type DatasetEntry = Answer<'listDatasets'>[number];
export type Collection = Answer<'listCollections'>['list'][number];
export type Tag = Answer<'getAllTags'>['list'][number];
/** How text becomes data items, as the screens choose it. */
export interface ChunkParams {
  trainingType?: 'chunk' | 'qa';
  chunkSettingMode?: 'auto' | 'custom';
  chunkSplitMode?: 'paragraph' | 'size' | 'char';
  chunkTriggerType?: 'minSize' | 'maxSize' | 'forceChunk';
  chunkTriggerMinSize?: number;
  paragraphChunkAIMode?: 'auto' | 'force' | 'forbid';
  paragraphChunkDeep?: number;
  paragraphChunkMinSize?: number;
  /** Tokens. */
  chunkSize?: number;
  /** Share of a chunk, 0 to 0.5. */
  overlapRatio?: number;
  /** Tokens. */
  indexSize?: number;
  chunkSplitter?: string;
  chunkSplitterRegex?: string;
  qaPrompt?: string;
  indexPrefixTitle?: boolean;
  ocr?: 'auto' | 'force' | 'off';
  autoIndexes?: boolean;
  imageIndex?: boolean;
}

/** One dataset with its models and what the caller may do to it. */
export const datasetQuery = (id: string) =>
  queryOptions({ queryKey: ['datasets', 'one', id], queryFn: () => api.getDataset({ id }) });

/** The folders above a dataset, from the root down. */
export const datasetPathQuery = (id: string | undefined, type: 'current' | 'parent') =>
  queryOptions({
    queryKey: ['datasets', 'path', id ?? '', type],
    queryFn: () => (id ? api.getDatasetPaths({ sourceId: id, type }) : []),
  });

/** Datasets of a folder, or what a word finds in all of them, with their counts. */
export const datasetsQuery = (folder: string | undefined, find: string | undefined) =>
  queryOptions({
    queryKey: ['datasets', 'list', folder ?? '', find ?? ''],
    queryFn: () =>
      api.listDatasets({ parentId: folder ?? null, withCounts: true, ...(find && { searchKey: find }) }),
    // Counts move while something is imported.
    refetchInterval: (query) =>
      query.state.data?.some((each) => (each.counts?.running ?? 0) > 0) ? 4000 : false,
  });

/** The models that the caller may choose for datasets. */
export const modelsQuery = queryOptions({
  queryKey: ['datasets', 'models'],
  queryFn: () => api.getMyModels({}),
  staleTime: 60_000,
});

export interface CollectionsFilter {
  folder?: string | undefined;
  find?: string | undefined;
  tags: string[];
  state?: 'importing' | 'failed' | 'off' | undefined;
  sort?: CollectionsSort | undefined;
  page: number;
}

/** In which order collections are listed; by the latest update where nothing is said. */
export const collectionsSorts = ['name', 'nameDesc', 'size', 'sizeAsc', 'oldest'] as const;
export type CollectionsSort = (typeof collectionsSorts)[number];

const orders = {
  name: { sort: 'name', order: 'asc' },
  nameDesc: { sort: 'name', order: 'desc' },
  size: { sort: 'size', order: 'desc' },
  sizeAsc: { sort: 'size', order: 'asc' },
  oldest: { sort: 'updateTime', order: 'asc' },
} as const satisfies Record<CollectionsSort, object>;

/** Which collections are asked for, and in which order: what is looked for is looked for in all folders. */
export const filterRequest = ({ folder, find, tags, state, sort }: CollectionsFilter) => ({
  parentId: folder ?? null,
  ...(find && { searchText: find }),
  ...(tags.length > 0 && { filterTags: tags, allFolders: true }),
  ...(state && { state }),
  ...(sort && orders[sort]),
});

/** Entries of a page of collections: the most that the server gives at once. */
export const collectionsPerPage = 30;

/** A page of the collections of a dataset. */
export const collectionsQuery = (datasetId: string, filter: CollectionsFilter) =>
  queryOptions({
    queryKey: ['datasets', 'collections', datasetId, filter],
    queryFn: () =>
      api.listCollections({
        datasetId,
        ...filterRequest(filter),
        pageNum: filter.page,
        pageSize: collectionsPerPage,
      }),
    refetchInterval: (query) => (query.state.data?.list.some(isBusy) ? 5000 : false),
  });

/** Whether an import still has something to do for a collection. */
export const isBusy = (collection: Pick<Collection, 'trainingAmount' | 'hasError'>): boolean =>
  collection.trainingAmount > 0 && !collection.hasError;

/** The folders above a folder of collections, and itself. */
export const collectionPathQuery = (id: string | undefined) =>
  queryOptions({
    queryKey: ['datasets', 'collection-path', id ?? ''],
    queryFn: () => (id ? api.getCollectionPaths({ parentId: id }) : []),
  });

/** All tags of a dataset by name. */
export const tagsQuery = (datasetId: string) =>
  queryOptions({
    queryKey: ['datasets', 'tags', datasetId],
    queryFn: async () => (await api.getAllTags({ datasetId })).list,
  });
