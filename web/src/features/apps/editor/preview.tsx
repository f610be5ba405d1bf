import { Paper, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { AppDetail } from '../queries.ts';
import type { Draft } from './use-draft.ts';

/** A chat with the app as the form says it, saved or not. */
export function Preview(_props: { app: AppDetail; draft: Draft }) {
  const { t } = useTranslation('apps');
  return (
    <Paper withBorder h="100%" p="md" component="section" aria-label={t('preview.title')}>
      <Stack gap={2}>
        <Title order={2} size="h5">
          {t('preview.title')}
        </Title>
        <Text size="sm" c="dimmed">
          {t('preview.text')}
        </Text>
      </Stack>
    </Paper>
  );
}
