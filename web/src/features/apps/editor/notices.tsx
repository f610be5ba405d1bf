import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { IconCode, IconDownload, IconInfoCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { AppDetail } from '../queries.ts';
import { useAppActions } from '../use-app-actions.ts';

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
