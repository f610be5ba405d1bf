import { ActionIcon, Box } from '@mantine/core';
import {
  IconCode,
  IconCopy,
  IconDots,
  IconDownload,
  IconEdit,
  IconFolderSymlink,
  IconMessageCircle,
  IconTrash,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Menu } from '../../../ui/menu.tsx';
import type { AppItem } from '../queries.ts';
import { useAppActions } from '../use-app-actions.ts';
import classes from './app-card.module.css';
import type { AppDialog } from './app-dialogs.tsx';

/** What can be done with an app or a folder besides opening it. */
export function AppMenu(props: { app: AppItem; editor: boolean; onDialog: (dialog: AppDialog) => void }) {
  const { app, editor, onDialog } = props;
  const { t } = useTranslation(['apps', 'common']);
  const actions = useAppActions();
  const isFolder = app.type === 'folder';
  if (isFolder && !editor) return null;
  return (
    <Box className={classes.above}>
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('card.actions', { name: app.name })}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {!isFolder && <OpenItems appId={app._id} editor={editor} />}
          {editor && (
            <>
              <Menu.Item
                leftSection={<IconEdit size={16} aria-hidden />}
                onClick={() => onDialog({ kind: 'rename', app })}
              >
                {t('card.rename')}
              </Menu.Item>
              {!isFolder && (
                <Menu.Item
                  leftSection={<IconCopy size={16} aria-hidden />}
                  onClick={() => actions.copy.mutate(app._id)}
                >
                  {t('card.copy')}
                </Menu.Item>
              )}
              {app.permission.hasManagePer && (
                <Menu.Item
                  leftSection={<IconFolderSymlink size={16} aria-hidden />}
                  onClick={() => onDialog({ kind: 'move', app })}
                >
                  {t('card.move')}
                </Menu.Item>
              )}
              {!isFolder && (
                <Menu.Item
                  leftSection={<IconDownload size={16} aria-hidden />}
                  onClick={() => actions.exportApp.mutate(app._id)}
                >
                  {t('card.export')}
                </Menu.Item>
              )}
            </>
          )}
          {app.permission.hasManagePer && (
            <>
              <Menu.Divider />
              <Menu.Item
                color="red"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => actions.askDelete.mutate(app)}
              >
                {t('common:action.delete')}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
    </Box>
  );
}

function OpenItems({ appId, editor }: { appId: string; editor: boolean }) {
  const { t } = useTranslation('apps');
  return (
    <>
      <Menu.Item
        leftSection={<IconMessageCircle size={16} aria-hidden />}
        renderRoot={(props) => <Link to="/chat/$appId" params={{ appId }} {...props} />}
      >
        {t('card.chat')}
      </Menu.Item>
      {editor && (
        <Menu.Item
          leftSection={<IconCode size={16} aria-hidden />}
          renderRoot={(props) => <Link to="/apps/$appId/api" params={{ appId }} {...props} />}
        >
          {t('card.api')}
        </Menu.Item>
      )}
      {editor && <Menu.Divider />}
    </>
  );
}
