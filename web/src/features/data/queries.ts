import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, api } from '../../api/client.ts';

export type Collection = Answer<'getCollection'>;
export type ListedItem = Answer<'listData'>['list'][number];
export type Item = Answer<'getData'>;
export type ItemIndex = Item['indexes'][number];
export type FailedItem = Answer<'getTrainingError'>['list'][number];

/** Items on one page of a collection; the most that the server gives at once. */
export const pageSize = 30;

/** One collection with its source, counts and dataset. */
export const collectionQuery = (id: string) =>
  queryOptions({ queryKey: ['data', 'collection', id], queryFn: () => api.getCollection({ id }) });

/** How far the import of a collection is; asked again while it goes on. */
export const trainingQuery = (collectionId: string) =>
  queryOptions({
    queryKey: ['data', 'training', collectionId],
    queryFn: () => api.getTrainingDetail({ collectionId }),
    refetchInterval: ({ state }) => {
      const now = state.data?.progress?.state;
      return now === 'running' || now === 'waiting' ? 2000 : false;
    },
  });

export interface ItemsWanted {
  collectionId: string;
  find?: string;
  /** From 1. */
  page: number;
  /** The page on which this item stands, whatever `page` says. */
  around?: string;
}

/** A page of the items of a collection, in the order of the document. */
export const itemsQuery = ({ collectionId, find, page, around }: ItemsWanted) =>
  queryOptions({
    queryKey: ['data', 'items', collectionId, { find: find ?? '', page, around: around ?? '' }],
    queryFn: () =>
      api.listData({
        collectionId,
        pageSize,
        offset: (page - 1) * pageSize,
        ...(find && { searchText: find }),
        ...(around && { dataId: around }),
      }),
    placeholderData: keepPreviousData,
  });

/** One item with its indexes and earlier versions. */
export const itemQuery = (id: string) =>
  queryOptions({ queryKey: ['data', 'item', id], queryFn: () => api.getData({ id }) });

/** Items on one page of what failed. */
export const failedPerPage = 10;

/** What failed for good in a collection. */
export const failedQuery = (collectionId: string, page: number) =>
  queryOptions({
    queryKey: ['data', 'failed', collectionId, page],
    queryFn: () =>
      api.getTrainingError({ collectionId, pageSize: failedPerPage, offset: (page - 1) * failedPerPage }),
    placeholderData: keepPreviousData,
  });
