import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { type Answer, api } from './client.ts';

export type Me = Answer<'tokenLogin'>;

/** The person who is logged in, and their team and role. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: () => api.tokenLogin({}),
  staleTime: 60_000,
});

/** Inside the shell, where somebody is always logged in. */
export const useMe = (): Me => useSuspenseQuery(meQuery).data;

/** Whether a person may open the settings of the team: models, members, audit, health. */
export const maySeeSettings = (me: Me): boolean => me.team.role === 'owner' || me.team.role === 'admin';

/** Whether a person may change apps and datasets, not only use them. */
export const mayEdit = (me: Me): boolean => me.team.role !== 'viewer';
