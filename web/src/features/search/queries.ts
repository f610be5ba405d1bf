import { queryOptions } from '@tanstack/react-query';
import { type Answer, api } from '../../api/client.ts';

export type SearchAnswer = Answer<'searchTest'>;
export type Found = SearchAnswer['list'][number];
export type Explanation = NonNullable<SearchAnswer['explain']>;
export type Stage = Explanation['stages'][number];
export type Model = Answer<'getMyModels'>[number];

/** The models of a type that this person may use, the default one first. */
export const modelsQuery = (type: Model['type']) =>
  queryOptions({ queryKey: ['search', 'models', type], queryFn: () => api.getMyModels({ type }) });

/** All tags of a dataset. */
export const tagsQuery = (datasetId: string) =>
  queryOptions({
    queryKey: ['datasets', 'tags', datasetId],
    queryFn: async () => (await api.getAllTags({ datasetId })).list,
  });

/** Collections of a dataset by a part of their name, in all folders; the first thirty. */
export const collectionsQuery = (datasetId: string, find: string) =>
  queryOptions({
    queryKey: ['search', 'collections', datasetId, find],
    queryFn: async () =>
      (await api.listCollections({ datasetId, pageSize: 30, ...(find && { searchText: find }) })).list,
    staleTime: 30_000,
  });
