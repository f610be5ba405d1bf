import { ActionIcon, Button, Group, Tabs } from '@mantine/core';
import {
  IconCopy,
  IconDots,
  IconDownload,
  IconEdit,
  IconMessageCircle,
  IconTrash,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Menu } from '../../ui/menu.tsx';
import { Page } from '../../ui/page.tsx';
import { type AppDialog, AppDialogs } from './list/app-dialogs.tsx';
import { FolderPath } from './list/folder-path.tsx';
import { type AppDetail, appPathQuery } from './queries.ts';
import { useAppActions } from './use-app-actions.ts';

interface AppFrameProps {
  app: AppDetail;
  tab: 'setup' | 'api';
  /** Beside the name: what can be saved, and how it stands. */
  actions?: ReactNode;
  children: ReactNode;
}

/** What all screens of an app have in common: the way back, its name, its other screens. */
export function AppFrame({ app, tab, actions, children }: AppFrameProps) {
  const { t } = useTranslation('apps');
  const { data: path = [] } = useQuery(appPathQuery(app.parentId));
  return (
    <Page
      title={app.name}
      {...(app.intro !== '' && { text: app.intro })}
      width={1600}
      above={<FolderPath path={path} linked />}
      actions={
        <>
          {actions}
          <AppActions app={app} />
        </>
      }
    >
      <Tabs value={tab} mb="lg">
        <Tabs.List>
          <Tabs.Tab
            value="setup"
            renderRoot={(props) => <Link to="/apps/$appId" params={{ appId: app._id }} {...props} />}
          >
            {t('tab.setup')}
          </Tabs.Tab>
          {(app.permission.hasWritePer || tab === 'api') && (
            <Tabs.Tab
              value="api"
              renderRoot={(props) => <Link to="/apps/$appId/api" params={{ appId: app._id }} {...props} />}
            >
              {t('tab.api')}
            </Tabs.Tab>
          )}
        </Tabs.List>
      </Tabs>
      {children}
    </Page>
  );
}

function AppActions({ app }: { app: AppDetail }) {
  const { t } = useTranslation(['apps', 'common']);
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<AppDialog | null>(null);
  const { copy, exportApp, askDelete } = useAppActions(() =>
    // Changes to what is gone need no saving.
    navigate({ to: '/apps', ignoreBlocker: true }),
  );
  const { hasWritePer, hasManagePer } = app.permission;
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        variant="default"
        leftSection={<IconMessageCircle size={16} aria-hidden />}
        renderRoot={(props) => <Link to="/chat/$appId" params={{ appId: app._id }} {...props} />}
      >
        {t('card.chat')}
      </Button>
      {hasWritePer && (
        <Menu position="bottom-end" width={200}>
          <Menu.Target>
            <ActionIcon variant="default" size={36} aria-label={t('card.actions', { name: app.name })}>
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconEdit size={16} aria-hidden />}
              onClick={() => setDialog({ kind: 'rename', app })}
            >
              {t('card.rename')}
            </Menu.Item>
            <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => copy.mutate(app._id)}>
              {t('card.copy')}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconDownload size={16} aria-hidden />}
              onClick={() => exportApp.mutate(app._id)}
            >
              {t('card.export')}
            </Menu.Item>
            {hasManagePer && (
              <>
                <Menu.Divider />
                <Menu.Item
                  color="red"
                  leftSection={<IconTrash size={16} aria-hidden />}
                  onClick={() => askDelete.mutate(app)}
                >
                  {t('common:action.delete')}
                </Menu.Item>
              </>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      <AppDialogs dialog={dialog} folder={app.parentId} onClose={() => setDialog(null)} />
    </Group>
  );
}
