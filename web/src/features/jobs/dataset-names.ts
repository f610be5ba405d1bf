import { queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client.ts';

/** Datasets by name, to choose one: those at the top, or what a word finds in all folders. */
export const datasetNamesQuery = (find: string) =>
  queryOptions({
    queryKey: ['datasets', 'names', find],
    queryFn: async () => {
      const type = ['dataset', 'websiteDataset', 'apiDataset'];
      const list = await api.listDatasets({ type, ...(find ? { searchKey: find } : { parentId: null }) });
      return list.map(({ _id, name }) => ({ value: _id, label: name }));
    },
    staleTime: 30_000,
  });
