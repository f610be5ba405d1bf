import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import { type Answer, api } from '../../api/client.ts';

/** A key as lists show it: masked, with its limits and its use. */
export type ApiKey = Answer<'listKeys'>[number];
export type KeyLabel = Answer<'listKeyLabels'>[number];

/** The keys of an app, or all that this person may see. */
export const keysQuery = (appId?: string) =>
  queryOptions({
    queryKey: ['keys', 'list', appId ?? 'all'],
    queryFn: () => api.listKeys(appId === undefined ? { all: true } : { appId }),
  });

export const keyLabelsQuery = queryOptions({
  queryKey: ['keys', 'labels'],
  queryFn: () => api.listKeyLabels({}),
});

/** Apps to bind a key to: those of the root, or those of all folders that a search finds. */
export const appChoicesQuery = (search: string) =>
  queryOptions({
    queryKey: ['keys', 'apps', search],
    queryFn: () => api.listApps(search === '' ? { parentId: null } : { searchKey: search }),
    select: (apps) => apps.filter(({ type }) => type !== 'folder'),
    placeholderData: keepPreviousData,
  });

/** Everything known of keys is asked for again. */
export const forgetKeys = (client: QueryClient): Promise<void> =>
  client.invalidateQueries({ queryKey: ['keys'] });
