import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { notifyDone, notifyError } from '../../ui/notify.ts';
import type { Dataset } from './queries.ts';

/** Where a website or API dataset comes from, whether it could be read, and "synchronise now". */
export function SourceState({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation('datasets');
  const queries = useQueryClient();
  const sync = useMutation({
    mutationFn: () => api.syncDataset({ datasetId: dataset._id }),
    onSuccess: () => notifyDone(t('source.syncBegun')),
    onError: notifyError,
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['datasets'] }),
        queries.invalidateQueries({ queryKey: ['jobs'] }),
      ]),
  });
  const address = dataset.websiteConfig?.url ?? dataset.apiDatasetServer?.apiServer.baseUrl;
  if (!address || (dataset.type !== 'websiteDataset' && dataset.type !== 'apiDataset')) return null;
  const failed = dataset.status === 'error';
  return (
    <Alert color={failed ? 'red' : 'gray'} variant="light">
      <Group justify="space-between" gap="sm">
        <Stack gap={2} flex="1 1 240px">
          <Text size="sm">{t(`source.status.${dataset.status}`, { address })}</Text>
          {failed && dataset.errorMsg && <Text size="sm">{dataset.errorMsg}</Text>}
          {dataset.autoSync && (
            <Text size="sm" c="dimmed">
              {t('source.daily')}
            </Text>
          )}
        </Stack>
        {dataset.permission.hasWritePer && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={16} stroke={1.6} aria-hidden />}
            loading={sync.isPending}
            disabled={dataset.status === 'syncing' || dataset.status === 'waiting'}
            onClick={() => sync.mutate()}
          >
            {t('source.syncNow')}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
