import { ActionIcon, Button, Group, Loader, Stack, TextInput } from '@mantine/core';
import { IconDots, IconPencil, IconPin, IconPinFilled, IconPinnedOff, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { Menu } from '../../ui/menu.tsx';
import { modals } from '../../ui/modals.ts';
import { notifyError } from '../../ui/notify.ts';
import classes from './chat-page.module.css';
import { type ListedChat, titleOf } from './queries.ts';

interface HistoryItemProps {
  chat: ListedChat;
  active: boolean;
  onOpen: () => void;
  onDelete: () => void;
}

/** A chat in the list, with what can be done with it. */
export function HistoryItem({ chat, active, onOpen, onDelete }: HistoryItemProps) {
  const { t } = useTranslation(['chat', 'common']);
  const queryClient = useQueryClient();
  const { appId, chatId, top } = chat;
  const title = titleOf(chat) || t('chat:history.untitled');
  const change = useMutation({
    mutationFn: (changes: { customTitle?: string; top?: boolean }) =>
      api.updateChat({ appId, chatId, ...changes }),
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['chat', 'list', appId] }),
        queryClient.invalidateQueries({ queryKey: ['chat', 'init', appId, chatId] }),
      ]),
    onError: notifyError,
  });
  const rename = () =>
    modals.open({
      title: t('chat:history.renameTitle'),
      children: (
        <RenameForm
          title={title}
          onRename={(customTitle) => {
            modals.closeAll();
            change.mutate({ customTitle });
          }}
        />
      ),
    });
  return (
    <div className={classes.item} data-active={active}>
      <Link
        to="/chat/$appId/$chatId"
        params={{ appId, chatId }}
        aria-current={active ? 'page' : undefined}
        title={title}
        onClick={onOpen}
      >
        {top && <IconPinFilled size={13} aria-label={t('chat:history.pinned')} style={{ flex: 'none' }} />}
        {chat.chatGenerateStatus === 'generating' && (
          <Loader size={12} aria-label={t('chat:history.generating')} style={{ flex: 'none' }} />
        )}
        <span>{title}</span>
      </Link>
      <Menu position="bottom-end" width={170}>
        <Menu.Target>
          <ActionIcon
            className={classes.menu}
            variant="subtle"
            color="gray"
            aria-label={t('chat:history.menu', { title })}
          >
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={top ? <IconPinnedOff size={16} aria-hidden /> : <IconPin size={16} aria-hidden />}
            onClick={() => change.mutate({ top: !top })}
          >
            {t(top ? 'chat:history.unpin' : 'chat:history.pin')}
          </Menu.Item>
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={rename}>
            {t('common:action.rename')}
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={onDelete}>
            {t('common:action.delete')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function RenameForm({ title, onRename }: { title: string; onRename: (title: string) => void }) {
  const { t } = useTranslation(['chat', 'common']);
  const [value, setValue] = useState(title);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (value.trim()) onRename(value.trim());
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t('chat:history.name')}
          data-autofocus
          maxLength={200}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button type="submit" disabled={!value.trim()}>
            {t('common:action.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
