import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type Answer, api } from '../../api/client.ts';

export type ListedChat = Answer<'listChats'>['list'][number];
export type UsedApp = Answer<'listRecentlyUsed'>[number];

/** The apps that the reader chatted with last. */
export const recentAppsQuery = queryOptions({
  queryKey: ['chat', 'recent'],
  queryFn: () => api.listRecentlyUsed({ pageSize: 20 }),
});

/** Apps to chat with, in whichever folder: the first of all, or what a search finds. */
export const appsQuery = (searchKey: string) =>
  queryOptions({
    queryKey: ['chat', 'apps', searchKey],
    queryFn: async () => {
      const apps = await api.listApps(searchKey ? { searchKey } : { allFolders: true });
      return apps.filter(({ type }) => type !== 'folder');
    },
  });

const pageSize = 30;

/** The reader's chats with an app in the console, pinned ones first. */
export const chatsQuery = (appId: string, searchKey: string) =>
  infiniteQueryOptions({
    queryKey: ['chat', 'list', appId, searchKey],
    queryFn: ({ pageParam }) =>
      api.listChats({
        ...{ appId, source: 'online', offset: pageParam, pageSize },
        ...(searchKey && { searchKey }),
      }),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const loaded = pages.reduce((sum, { list }) => sum + list.length, 0);
      return last.list.length > 0 && loaded < last.total ? loaded : undefined;
    },
    // An answer that is being written elsewhere shows its mark, and loses it when it is done.
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ list }) => list.some((chat) => chat.chatGenerateStatus === 'generating'))
        ? 4000
        : false,
  });

/** The server keeps so many characters of a question as the title. */
const titleLength = 20;

type Titles = Pick<ListedChat, 'customTitle' | 'firstQuestion' | 'title'>;

/** What a chat is called: the name somebody gave it, else what was asked first; the title follows the last question. */
export const titleOf = ({ customTitle, firstQuestion, title }: Titles): string =>
  customTitle || firstQuestion || (Array.from(title).length >= titleLength ? `${title} …` : title);
