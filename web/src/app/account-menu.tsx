import { Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import { useMe } from '../api/me.ts';
import { Menu } from '../ui/menu.tsx';
import { NameAvatar } from '../ui/name-avatar.tsx';
import { useLeave } from './use-leave.ts';

/** Who is logged in, and the way out. */
export function AccountMenu() {
  const { t } = useTranslation('common');
  const me = useMe();
  const logout = useLeave(() => api.loginout({ scope: 'this' }));
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton>
          <VisuallyHidden>{t('nav.account')}</VisuallyHidden>
          <NameAvatar aria-hidden name={me.team.memberName} avatar={me.team.avatar} size={32} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="bright" truncate>
            {me.team.memberName}
          </Text>
          <Text size="xs" truncate>
            {me.team.teamName} · {t(`role.${me.team.role}`)}
          </Text>
        </Menu.Label>
        <Menu.Item
          leftSection={<IconUser size={16} aria-hidden />}
          renderRoot={(props) => <Link to="/account" {...props} />}
        >
          {t('nav.account')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => logout.mutate()}>
          {t('nav.logout')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
