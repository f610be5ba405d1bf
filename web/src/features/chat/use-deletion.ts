import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { createElement, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { notifyError } from '../../ui/notify.ts';
import { UndoNotice } from '../../ui/undo-notice.tsx';
import { type ListedChat, titleOf } from './queries.ts';

/** How long a deletion can be undone, in milliseconds. */
const patienceMs = 6000;

/**
 * Deletes chats a moment after they vanish from the list, so that it can be undone. What is still waiting when the
 * screen is left is deleted then.
 */
export function useDeletion(appId: string, openChatId: string | undefined, onOpenGone: () => void) {
  const { t } = useTranslation('chat');
  const queryClient = useQueryClient();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const waiting = useRef(new Map<string, { timer: ReturnType<typeof setTimeout>; now: () => void }>());
  const show = (chatId: string) =>
    setHidden((now) => {
      const next = new Set(now);
      next.delete(chatId);
      return next;
    });
  useEffect(() => {
    const left = waiting.current;
    const deleteAll = () => {
      for (const { timer, now } of [...left.values()]) {
        clearTimeout(timer);
        now();
      }
    };
    window.addEventListener('pagehide', deleteAll);
    return () => {
      window.removeEventListener('pagehide', deleteAll);
      deleteAll();
    };
  }, []);
  const remove = (chat: ListedChat) => {
    const { chatId } = chat;
    setHidden((now) => new Set([...now, chatId]));
    if (chatId === openChatId) onOpenGone();
    const now = () => {
      waiting.current.delete(chatId);
      api
        .deleteChat({ appId, chatId }, { keepalive: true })
        .catch((error) => {
          show(chatId);
          notifyError(error);
        })
        .finally(() => queryClient.invalidateQueries({ queryKey: ['chat', 'list', appId] }));
    };
    waiting.current.set(chatId, { timer: setTimeout(now, patienceMs), now });
    const undo = () => {
      clearTimeout(waiting.current.get(chatId)?.timer);
      waiting.current.delete(chatId);
      show(chatId);
      notifications.hide(chatId);
    };
    const text = t('history.deleted', { title: titleOf(chat) });
    notifications.show({
      id: chatId,
      message: createElement(UndoNotice, { text, onUndo: undo }),
      autoClose: patienceMs,
      withBorder: true,
    });
  };
  return { hidden, remove };
}
