import { queryOptions, replaceEqualDeep, useSuspenseQuery } from '@tanstack/react-query';
import { type Answer, api } from './client.ts';

type Init = Answer<'getInitData'>;
export type Session = NonNullable<Init['session']>;
export type Right = Session['rights'][number];

const withSession = (now: Init, before: Init | undefined): Init => ({
  ...now,
  session: now.session ?? before?.session ?? null,
});

/** What the server says to begin with: limits, rights, and how far the installation is set up. */
export const initQuery = queryOptions({
  queryKey: ['init'],
  queryFn: () => api.getInitData({}),
  staleTime: 60_000,
  // A session that ended takes no rights off the page that is open: it asks for the password again.
  structuralSharing: (before, now) =>
    replaceEqualDeep(before, withSession(now as Init, before as Init | undefined)),
});

/** Whether the logged-in member has a right. */
export function useMay(): (right: Right) => boolean {
  const { session } = useSuspenseQuery(initQuery).data;
  return (right) => session?.rights.includes(right) ?? false;
}
