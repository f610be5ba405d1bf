import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Answer, api } from '../../api/client.ts';

/** What was deleted: datasets with their folders, or apps with theirs. */
export type DeletedKind = 'datasets' | 'apps';

type Contents = Partial<
  Answer<'listDeletedDatasets'>['list'][number]['contents'] &
    Answer<'listDeletedApps'>['list'][number]['contents']
>;
/** Something that can be restored. */
export interface DeletedItem extends Omit<Answer<'listDeletedApps'>['list'][number], 'contents'> {
  contents: Contents;
}

interface Calls {
  list: (page: { pageNum: number; pageSize: number }) => Promise<{ list: DeletedItem[]; total: number }>;
  restore: (ids: string[]) => Promise<unknown>;
  clear: (ids: string[]) => Promise<unknown>;
}

/** How each kind is asked for. */
export const deletedCalls: Record<DeletedKind, Calls> = {
  datasets: {
    list: (page) => api.listDeletedDatasets(page),
    restore: (ids) => api.restoreDatasets({ ids }),
    clear: (ids) => api.clearDatasets({ ids }),
  },
  apps: {
    list: (page) => api.listDeletedApps(page),
    restore: (ids) => api.restoreApps({ ids }),
    clear: (ids) => api.clearApps({ ids }),
  },
};

/** Entries of a page. */
export const deletedPerPage = 20;

/** A page of what can be restored, the latest first. */
export const deletedQuery = (kind: DeletedKind, page: number) =>
  queryOptions({
    queryKey: [kind, 'deleted', page],
    queryFn: () => deletedCalls[kind].list({ pageNum: page, pageSize: deletedPerPage }),
    placeholderData: keepPreviousData,
  });

/** How much can be restored. */
export const deletedCountQuery = (kind: DeletedKind) =>
  queryOptions({
    queryKey: [kind, 'deleted', 'count'],
    queryFn: async () => (await deletedCalls[kind].list({ pageNum: 1, pageSize: 1 })).total,
  });
