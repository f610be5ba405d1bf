import { ActionIcon, Button, Group, Text } from '@mantine/core';
import { IconDots, IconKey, IconPencil, IconUserMinus, IconUserPlus } from '@tabler/icons-react';
import { lazy, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Answer, api } from '../../../api/client.ts';
import { closedByButton } from '../../../ui/closed-by-button.ts';
import { Menu } from '../../../ui/menu.tsx';
import { Modal } from '../../../ui/modal.tsx';
import { modals } from '../../../ui/modals.ts';
import type { Member } from '../queries.ts';
import { useMemberChange } from './use-member-change.ts';

const Passwords = lazy(async () => ({ default: (await import('./passwords.tsx')).Passwords }));
const RenameForm = lazy(async () => ({ default: (await import('./rename-form.tsx')).RenameForm }));

/** What can be done about a member. */
export function MemberActions({ member }: { member: Member }) {
  const { t } = useTranslation(['settings', 'common']);
  const [renaming, setRenaming] = useState(false);
  const [password, setPassword] = useState<Answer<'resetMemberPassword'>>();
  const change = useMemberChange();
  const reset = useMemberChange<Answer<'resetMemberPassword'>>(setPassword);
  const { tmbId, memberName: name } = member;
  const ask = (title: string, text: string, confirm: string, onConfirm: () => void) =>
    modals.openConfirmModal({
      title,
      children: <Text size="sm">{text}</Text>,
      labels: { confirm, cancel: t('common:action.cancel') },
      confirmProps: { color: 'red' },
      onConfirm,
    });
  if (member.status !== 'active') {
    return (
      <Group justify="flex-end">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconUserPlus size={16} aria-hidden />}
          loading={change.isPending}
          onClick={() => change.mutate(() => api.restoreMember({ tmbId }))}
        >
          {t('members.restore')}
        </Button>
      </Group>
    );
  }
  return (
    <Group justify="flex-end">
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('members.actionsOf', { name })}>
            <IconDots size={18} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setRenaming(true)}>
            {t('common:action.rename')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconKey size={16} aria-hidden />}
            onClick={() =>
              ask(t('members.resetAsk', { name }), t('members.resetText'), t('members.reset'), () =>
                reset.mutate(() => api.resetMemberPassword({ tmbId })),
              )
            }
          >
            {t('members.reset')}
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconUserMinus size={16} aria-hidden />}
            onClick={() =>
              ask(t('members.removeAsk', { name }), t('members.removeText'), t('members.remove'), () =>
                change.mutate(() => api.removeMember({ tmbId })),
              )
            }
          >
            {t('members.remove')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={password !== undefined}
        onClose={() => setPassword(undefined)}
        title={t('members.newPassword', { name })}
        {...closedByButton}
      >
        {password && <Passwords people={[password]} />}
        <Group justify="flex-end" mt="md">
          <Button onClick={() => setPassword(undefined)}>{t('common:action.close')}</Button>
        </Group>
      </Modal>
      <Modal opened={renaming} onClose={() => setRenaming(false)} title={t('members.renameTitle', { name })}>
        <RenameForm member={member} onDone={() => setRenaming(false)} />
      </Modal>
    </Group>
  );
}
