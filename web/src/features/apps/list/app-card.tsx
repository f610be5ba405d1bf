import { Badge, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconCpu, IconDatabase } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { TimeAgo } from '../../../ui/time-ago.tsx';
import { Tooltip } from '../../../ui/tooltip.tsx';
import { AppAvatar } from '../app-avatar.tsx';
import type { AppItem } from '../queries.ts';
import classes from './app-card.module.css';
import type { AppDialog } from './app-dialogs.tsx';
import { AppMenu } from './app-menu.tsx';

interface CardProps {
  app: AppItem;
  editor: boolean;
  onDialog: (dialog: AppDialog) => void;
}

/** One app: what it is called, what it does, what it answers with and from. The whole card leads to it. */
export function AppCard({ app, editor, onDialog }: CardProps) {
  const { t } = useTranslation('apps');
  return (
    <Card withBorder padding="md" className={classes.card}>
      <Stack gap="sm" h="100%">
        <Group wrap="nowrap" align="flex-start" gap="sm">
          <AppAvatar name={app.name} avatar={app.avatar} />
          <Stack gap={2} flex={1} miw={0}>
            <Title order={2} size="h5" lineClamp={2}>
              <Link to="/apps/$appId" params={{ appId: app._id }} className={classes.link ?? ''}>
                {app.name}
              </Link>
            </Title>
            <Text size="xs" c="dimmed">
              {t('card.changed')} <TimeAgo time={app.updateTime} />
            </Text>
          </Stack>
          <AppMenu app={app} editor={editor} onDialog={onDialog} />
        </Group>
        <Text size="sm" lineClamp={2} flex={1} {...(app.intro === '' && { c: 'dimmed' })}>
          {app.intro || t('card.noIntro')}
        </Text>
        <Facts app={app} />
      </Stack>
    </Card>
  );
}

function Facts({ app }: { app: AppItem }) {
  const { t } = useTranslation('apps');
  const names = app.datasets.map(({ name }) => name).join(', ');
  return (
    <Group gap={6}>
      {app.type !== 'simple' && (
        <Badge variant="light" color="grape" tt="none" fw={500}>
          {t(app.type === 'plugin' ? 'type.plugin' : 'type.workflow')}
        </Badge>
      )}
      <Badge variant="default" tt="none" fw={500} leftSection={<IconCpu size={12} aria-hidden />} maw={200}>
        {app.models.length > 1
          ? t('card.models', { count: app.models.length })
          : (app.models[0] ?? t('card.defaultModel'))}
      </Badge>
      <Tooltip label={names} disabled={names === ''} multiline maw={300}>
        <Badge
          variant="default"
          tt="none"
          fw={500}
          leftSection={<IconDatabase size={12} aria-hidden />}
          maw={200}
        >
          {app.datasets.length === 1 ? names : t('card.datasets', { count: app.datasets.length })}
        </Badge>
      </Tooltip>
    </Group>
  );
}
