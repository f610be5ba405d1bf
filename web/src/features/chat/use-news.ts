import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { initQuery, recordsQuery } from '../../chat/conversation/queries.ts';
import { chatsQuery } from './queries.ts';

/**
 * Keeps a chat up to date with what is said in it elsewhere, in another tab or by a program: it is read again when
 * somebody comes back to the page, and when the list of chats tells of something new.
 */
export function useNews(appId: string, chatId: string): void {
  const queryClient = useQueryClient();
  const { data } = useInfiniteQuery(chatsQuery(appId, ''));
  const listed = data?.pages.flatMap(({ list }) => list).find((chat) => chat.chatId === chatId);
  const state = listed && `${listed.chatGenerateStatus} ${listed.updateTime}`;
  const before = useRef({ chatId, state });
  useEffect(() => {
    const last = before.current;
    before.current = { chatId, state };
    if (last.chatId !== chatId || !last.state || !state || last.state === state) return;
    for (const { queryKey } of [initQuery(appId, chatId), recordsQuery(appId, chatId)])
      void queryClient.invalidateQueries({ queryKey });
  }, [queryClient, appId, chatId, state]);
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'hidden') return;
      for (const queryKey of [
        ['chat', 'list', appId],
        initQuery(appId, chatId).queryKey,
        recordsQuery(appId, chatId).queryKey,
      ])
        void queryClient.invalidateQueries({ queryKey }, { cancelRefetch: false });
    };
    window.addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      window.removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [queryClient, appId, chatId]);
}
