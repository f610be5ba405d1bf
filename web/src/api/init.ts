import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { type Answer, api } from './client.ts';

type Init = Answer<'getInitData'>;
export type Session = NonNullable<Init['session']>;
export type Right = Session['rights'][number];

/** What the server says to begin with: limits, rights, and how far the installation is set up. */
export const initQuery = queryOptions({
  queryKey: ['init'],
  queryFn: () => api.getInitData({}),
  staleTime: 60_000,
});

/** Whether the logged-in member has a right. */
export function useMay(): (right: Right) => boolean {
  const { session } = useSuspenseQuery(initQuery).data;
  return (right) => session?.rights.includes(right) ?? false;
}
