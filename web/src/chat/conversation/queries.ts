import { type InfiniteData, infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { type Answer, api } from '../../api/client.ts';
import { type Message, messageOf } from './messages.ts';

type Page = Answer<'listRecords'>;

const pageSize = 30;

/** The messages of a chat, the newest page first. Of what is said elsewhere the page of the chat learns. */
export const recordsQuery = (appId: string, chatId: string) =>
  infiniteQueryOptions({
    queryKey: ['chat', 'records', appId, chatId],
    queryFn: ({ pageParam }) => api.listRecords({ appId, chatId, offset: pageParam, pageSize }),
    initialPageParam: 0,
    getNextPageParam: (last: Page, pages: Page[]) => {
      const loaded = pages.reduce((sum, { list }) => sum + list.length, 0);
      return last.list.length > 0 && loaded < last.total ? loaded : undefined;
    },
    staleTime: 60_000,
  });

/** Pages of records as messages, the oldest first. */
export const messagesOf = (data: InfiniteData<Page> | undefined): Message[] =>
  (data?.pages ?? [])
    .toReversed()
    .flatMap(({ list }) => list)
    .map(messageOf);

/** An app as a chat shows it, and the chat where there is one. */
export const initQuery = (appId: string, chatId: string) =>
  queryOptions({
    queryKey: ['chat', 'init', appId, chatId],
    queryFn: () => api.initChat({ appId, chatId }),
    staleTime: 30_000,
  });

/** A cited passage with what stands around it. */
export const passageQuery = (id: string, cited: { appId: string; chatId: string; chatItemDataId: string }) =>
  queryOptions({
    queryKey: ['chat', 'passage', id],
    queryFn: () => api.getQuoteData({ id, ...cited, neighbours: 2 }),
    staleTime: 60_000,
  });

/** Where the original of a collection is read; the address expires after some minutes. */
export const originalQuery = (
  collectionId: string,
  cited: { appId: string; chatId: string; chatItemDataId: string },
) =>
  queryOptions({
    queryKey: ['chat', 'original', collectionId],
    queryFn: () => api.readCollection({ collectionId, ...cited }),
    staleTime: 5 * 60_000,
  });
