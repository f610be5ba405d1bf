import { useEffect } from 'react';

/** What a list has read: how many there are on all pages, and whether that is how it stands. */
interface Read {
  data: { total: number } | undefined;
  isFetching: boolean;
  isPlaceholderData: boolean;
}

/** The last page there is; an empty list has one. */
export const lastPage = (total: number, perPage: number): number => Math.max(1, Math.ceil(total / perPage));

/**
 * Leads back to the last page of a list when the one that is open is no more: what stood on it was deleted, or an
 * address is old.
 * @param page from 1
 * @param onPage opens another, in the place of this one
 */
export function useLastPage(
  { data, isFetching, isPlaceholderData }: Read,
  { page, perPage, onPage }: { page: number; perPage: number; onPage: (page: number) => void },
): void {
  // While it is read again, nobody knows.
  const last = data && !isFetching && !isPlaceholderData ? lastPage(data.total, perPage) : page;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only that the page is past the end is news
  useEffect(() => {
    if (page > last) onPage(last);
  }, [page, last]);
}
