import { ActionIcon } from '@mantine/core';
import { IconDots, IconEdit, IconRotate, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { useMe } from '../../../api/me.ts';
import { confirmDelete } from '../../../ui/confirm-delete.tsx';
import { Menu } from '../../../ui/menu.tsx';
import { notifyDone, notifyError } from '../../../ui/notify.ts';
import { type ApiKey, forgetKeys } from '../queries.ts';
import type { KeyDialog } from './key-dialogs.tsx';

/** What can be done with a key. */
export function KeyMenu({ apiKey, onDialog }: { apiKey: ApiKey; onDialog: (dialog: KeyDialog) => void }) {
  const { t } = useTranslation(['api', 'common']);
  const client = useQueryClient();
  const { name } = apiKey;
  // It acts as its maker: the server gives its new string to nobody else.
  const isMine = useMe().team.tmbId === apiKey.tmbId;
  const remove = useMutation({
    mutationFn: () => api.deleteKey({ id: apiKey._id }),
    onSuccess: async () => {
      notifyDone(t('common:state.deleted', { name }));
      await forgetKeys(client);
    },
    onError: notifyError,
  });
  const askDelete = () =>
    confirmDelete({ name, text: t('delete.text', { key: apiKey.apiKey }), onConfirm: () => remove.mutate() });
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          loading={remove.isPending}
          aria-label={t('table.actionsOf', { name })}
        >
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconEdit size={16} aria-hidden />}
          onClick={() => onDialog({ kind: 'edit', apiKey })}
        >
          {t('menu.edit')}
        </Menu.Item>
        {isMine && (
          <Menu.Item
            leftSection={<IconRotate size={16} aria-hidden />}
            onClick={() => onDialog({ kind: 'rotate', apiKey })}
          >
            {t('menu.rotate')}
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={askDelete}>
          {t('common:action.delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
