import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { ModelTestResult } from '../connect/model-test.tsx';

/** Calls a model for real as soon as it is shown, and says how that went. */
export function TestModel({ model }: { model: string }) {
  const { t } = useTranslation('settings');
  const { data, error, isFetching, refetch } = useQuery({
    queryKey: ['settings', 'test', model],
    queryFn: () => api.testModel({ model }),
    gcTime: 0,
    staleTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  });
  return (
    <Stack>
      {isFetching && (
        <Group gap="sm" role="status">
          <Loader size="sm" />
          <Text size="sm">{t('test.running')}</Text>
        </Group>
      )}
      {error && !isFetching && <ErrorAlert error={error} />}
      {data && !isFetching && <ModelTestResult test={data} />}
      <Group>
        <Button variant="default" loading={isFetching} onClick={() => void refetch()}>
          {t('test.again')}
        </Button>
      </Group>
    </Stack>
  );
}
