import { useInfiniteQuery } from '@tanstack/react-query';
import { evaluationsQuery } from './queries.ts';

/** The evaluations of a dataset as far as they were read, the newest first, and the way to the older ones. */
export function useEvaluations(datasetId: string) {
  const { data, error, refetch, ...read } = useInfiniteQuery(evaluationsQuery(datasetId));
  return {
    list: data?.pages.flatMap(({ list }) => list),
    total: data?.pages.at(-1)?.total ?? 0,
    // What was read stays, also when it cannot be read once more.
    error: data ? null : error,
    refetch: () => void refetch(),
    older: {
      has: read.hasNextPage,
      loading: read.isFetchingNextPage,
      error: read.isFetchNextPageError && !read.isFetchingNextPage ? error : null,
      show: () => void read.fetchNextPage(),
    },
  };
}
