import { Card, Group, Text, ThemeIcon } from '@mantine/core';
import { IconFolder } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { AppItem } from '../queries.ts';
import classes from './app-card.module.css';
import type { AppDialog } from './app-dialogs.tsx';
import { AppMenu } from './app-menu.tsx';

/** A folder of apps, which opens in this list. */
export function FolderCard(props: { app: AppItem; editor: boolean; onDialog: (dialog: AppDialog) => void }) {
  const { app, editor, onDialog } = props;
  return (
    <Card withBorder padding="xs" pl="sm" className={classes.card}>
      <Group wrap="nowrap" gap="sm">
        <ThemeIcon variant="light" size={32}>
          <IconFolder size={18} aria-hidden />
        </ThemeIcon>
        <Text flex={1} miw={0} fw={550} truncate title={app.name}>
          <Link to="/apps" search={{ folder: app._id }} className={classes.link ?? ''}>
            {app.name}
          </Link>
        </Text>
        <AppMenu app={app} editor={editor} onDialog={onDialog} />
      </Group>
    </Card>
  );
}
