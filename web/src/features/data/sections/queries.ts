import { queryOptions } from '@tanstack/react-query';
import { type Answer, api } from '../../../api/client.ts';

export type Rebuild = NonNullable<Answer<'getEmbeddingRebuild'>['rebuild']>;
export type Archive = Answer<'listArchives'>[number];

const going = (state: string | undefined) => state === 'running' || state === 'waiting';

/** The latest change of the embedding model; asked again while it goes on. */
export const rebuildQuery = (datasetId: string) =>
  queryOptions({
    queryKey: ['data', 'rebuild', datasetId],
    queryFn: async () => (await api.getEmbeddingRebuild({ datasetId })).rebuild,
    refetchInterval: ({ state }) =>
      state.data && ['building', 'comparing'].includes(state.data.state) ? 1500 : false,
  });

/** The archives of a dataset, the latest first; asked again while one is made. */
export const archivesQuery = (datasetId: string) =>
  queryOptions({
    queryKey: ['data', 'archives', datasetId],
    queryFn: () => api.listArchives({ datasetId }),
    // The links work for an hour.
    refetchInterval: ({ state }) => (state.data?.some((one) => going(one.state)) ? 1500 : 1_800_000),
  });
