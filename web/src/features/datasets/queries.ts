import { queryOptions } from '@tanstack/react-query';
import { type Answer, api } from '../../api/client.ts';

export type Dataset = Answer<'getDataset'>;

/** One dataset with its models and what the caller may do to it. */
export const datasetQuery = (id: string) =>
  queryOptions({ queryKey: ['datasets', 'one', id], queryFn: () => api.getDataset({ id }) });

/** The folders above a dataset, from the root down. */
export const datasetPathQuery = (id: string | undefined, type: 'current' | 'parent') =>
  queryOptions({
    queryKey: ['datasets', 'path', id ?? '', type],
    queryFn: () => (id ? api.getDatasetPaths({ sourceId: id, type }) : []),
  });
