import { ActionIcon, Button, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconMessagePlus, IconSearch, IconTrash } from '@tabler/icons-react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { confirmDelete } from '../../ui/confirm-delete.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { notifyError } from '../../ui/notify.ts';
import { Tooltip } from '../../ui/tooltip.tsx';
import { deletions, useGone } from '../../ui/use-deletions.ts';
import classes from './chat-page.module.css';
import { HistoryItem } from './history-item.tsx';
import { chatsQuery, type ListedChat, titleOf } from './queries.ts';

interface HistoryProps {
  appId: string;
  /** The chat that is open; absent while it is new. */
  chatId: string | undefined;
  appName: string;
  onNew: () => void;
  onOpen: () => void;
}

/** The chats that the reader had with an app: searched, opened, pinned, renamed and deleted here. */
export function History({ appId, chatId, appName, onNew, onOpen }: HistoryProps) {
  const { t } = useTranslation(['chat', 'common']);
  const queryClient = useQueryClient();
  const [search, setSearch] = useState('');
  const [searchKey] = useDebouncedValue(search.trim(), 250);
  const chats = useInfiniteQuery(chatsQuery(appId, searchKey));
  const gone = useGone();
  const list = (chats.data?.pages ?? [])
    .flatMap((page) => page.list)
    .filter((chat) => !gone.has(chat.chatId));
  const remove = (chat: ListedChat) => {
    if (chat.chatId === chatId) onNew();
    deletions.later({
      ids: [chat.chatId],
      text: t('common:state.deleted', { name: titleOf(chat) || t('history.untitled') }),
      run: () => api.deleteChat({ appId, chatId: chat.chatId }, { keepalive: true }),
      onSettled: () => queryClient.invalidateQueries({ queryKey: ['chat', 'list', appId] }),
    });
  };
  const clear = () =>
    confirmDelete({
      name: t('history.clearTitle', { app: appName }),
      text: t('history.clearText'),
      onConfirm: () => {
        api
          .clearChats({ appId })
          .then(() => {
            onNew();
            return queryClient.invalidateQueries({ queryKey: ['chat'] });
          })
          .catch(notifyError);
      },
    });
  return (
    <nav className={classes.list} aria-label={t('history.label')}>
      <Stack gap="xs" className={classes.listHead}>
        <Group gap="xs" wrap="nowrap">
          <Button flex={1} leftSection={<IconMessagePlus size={16} aria-hidden />} onClick={onNew}>
            {t('history.new')}
          </Button>
          <Tooltip label={t('history.clear')}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size={36}
              aria-label={t('history.clear')}
              disabled={list.length === 0}
              onClick={clear}
            >
              <IconTrash size={17} stroke={1.6} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Group>
        <TextInput
          aria-label={t('history.search')}
          placeholder={t('history.search')}
          leftSection={<IconSearch size={15} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      </Stack>
      <div className={classes.items}>
        {chats.error && !chats.data ? (
          <ErrorAlert error={chats.error} onRetry={() => void chats.refetch()} />
        ) : chats.isPending ? (
          <Stack px="md" gap="xs">
            {[1, 2, 3].map((n) => (
              <Skeleton key={n} h={28} />
            ))}
          </Stack>
        ) : list.length === 0 ? (
          <Text size="sm" c="dimmed" px="md" py="xs">
            {t(searchKey ? 'history.noneFound' : 'history.empty')}
          </Text>
        ) : (
          list.map((chat) => (
            <HistoryItem
              key={chat.chatId}
              chat={chat}
              active={chat.chatId === chatId}
              onOpen={onOpen}
              onDelete={() => remove(chat)}
            />
          ))
        )}
        {/* What was read stays, also when no more of it can be read. */}
        {chats.isFetchNextPageError && !chats.isFetchingNextPage ? (
          <ErrorAlert error={chats.error} onRetry={() => void chats.fetchNextPage()} />
        ) : (
          chats.hasNextPage && (
            <Group justify="center" py="xs">
              <Button
                variant="subtle"
                size="xs"
                loading={chats.isFetchingNextPage}
                onClick={() => void chats.fetchNextPage()}
              >
                {t('history.more')}
              </Button>
            </Group>
          )
        )}
      </div>
    </nav>
  );
}
