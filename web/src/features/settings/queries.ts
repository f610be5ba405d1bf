import { queryOptions } from '@tanstack/react-query';
import { type Answer, api } from '../../api/client.ts';

export type Model = Answer<'listAllModels'>[number];
export type Channel = Answer<'listChannels'>[number];
export type Member = Answer<'listMembers'>['list'][number];

/** Keys begin with the area and what a change of it concerns. */
export const modelsQuery = queryOptions({
  queryKey: ['settings', 'models', 'list'],
  queryFn: () => api.listAllModels({}),
});

export const modelDetailQuery = (model: string) =>
  queryOptions({
    queryKey: ['settings', 'models', 'detail', model],
    queryFn: () => api.getModelDetail({ model }),
  });

export const channelsQuery = queryOptions({
  queryKey: ['settings', 'models', 'channels'],
  queryFn: () => api.listChannels({}),
});

export const originsQuery = queryOptions({
  queryKey: ['settings', 'models', 'origins'],
  queryFn: () => api.listTrustedOrigins({}),
});

/** How models did in the last hours, by hour. */
export const modelHealthQuery = (hours: number) =>
  queryOptions({
    queryKey: ['settings', 'health', hours],
    queryFn: () => api.getModelHealth({ hours }),
    refetchInterval: 60_000,
  });

export const membersQuery = (input: { status: 'active' | 'inactive'; searchKey: string; pageNum: number }) =>
  queryOptions({
    queryKey: ['settings', 'members', input],
    queryFn: () => api.listMembers({ ...input, pageSize: 50 }),
  });

export const systemQuery = queryOptions({
  queryKey: ['settings', 'system'],
  queryFn: () => api.getSystemStatus({}),
  refetchInterval: 10_000,
});

export const planQuery = queryOptions({
  queryKey: ['settings', 'plan'],
  queryFn: () => api.getTeamPlanStatus({}),
});

/** While one is being made it is looked at often. */
export const backupsQuery = queryOptions({
  queryKey: ['settings', 'backups'],
  queryFn: () => api.listBackups({}),
  refetchInterval: ({ state }) =>
    state.data?.list.some((backup) => backup.state === 'making') ? 1_000 : 60_000,
});
