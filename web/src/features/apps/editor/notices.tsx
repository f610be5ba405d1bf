import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCode, IconDownload, IconInfoCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { AppDetail } from '../queries.ts';
import { useAppActions } from '../use-app-actions.ts';
import type { Draft } from './use-draft.ts';

/** A workflow that the form cannot show: nothing of it is touched, and this says what can be done with it. */
export function WorkflowNotice({ app }: { app: AppDetail }) {
  const { t } = useTranslation('apps');
  const { exportApp } = useAppActions();
  const names = [...new Set(app.modules.map(({ name, flowNodeType }) => name || flowNodeType))];
  return (
    <Alert icon={<IconInfoCircle aria-hidden />} title={t('workflow.title')} maw={760}>
      <Stack gap="sm">
        <Text size="sm">{t('workflow.text')}</Text>
        <List size="sm">
          <List.Item>{t('workflow.works')}</List.Item>
          <List.Item>{t('workflow.change')}</List.Item>
        </List>
        <Text size="sm" c="dimmed">
          {t('workflow.steps', { count: app.modules.length, names: names.slice(0, 8).join(', ') })}
        </Text>
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            loading={exportApp.isPending}
            onClick={() => exportApp.mutate(app._id)}
          >
            {t('card.export')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconCode size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/apps/$appId/api" params={{ appId: app._id }} {...props} />}
          >
            {t('card.api')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

/** What somebody sees who may chat with the app and not change it. */
export function ReadOnlyNotice({ app }: { app: AppDetail }) {
  const { t } = useTranslation('apps');
  return (
    <Alert icon={<IconInfoCircle aria-hidden />} title={t('readOnly.title')} maw={760}>
      <Text size="sm">{t('readOnly.text', { name: app.name })}</Text>
    </Alert>
  );
}

/** Somebody else stored the app while it was being changed here: whose changes are to stay? */
export function ConflictNotice({ draft }: { draft: Draft }) {
  const { t } = useTranslation('apps');
  const { conflict } = draft;
  if (!conflict) return null;
  return (
    <Alert color="yellow" icon={<IconAlertTriangle aria-hidden />} title={t('conflict.title')} role="alert">
      <Stack gap="sm">
        <Text size="sm">{t('conflict.text')}</Text>
        <Group gap="xs">
          <Button size="xs" onClick={draft.takeOver}>
            {t('conflict.theirs')}
          </Button>
          <Button size="xs" variant="default" onClick={() => draft.save(conflict, true)}>
            {t('conflict.mine')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
