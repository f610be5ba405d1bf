import { Button, Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatNumber } from '../../ui/format.ts';
import type { useEvaluations } from './use-evaluations.ts';

/** How many of the evaluations are there, and the way to the older ones. */
export function OlderEvaluations({ list, total, older }: ReturnType<typeof useEvaluations>) {
  const { t } = useTranslation(['quality', 'common']);
  if (older.error) return <ErrorAlert error={older.error} onRetry={older.show} />;
  if (!older.has) return null;
  return (
    <Group gap="sm">
      <Text size="sm" c="dimmed" role="status">
        {t('common:list.drawn', { drawn: formatNumber(list?.length ?? 0), total: formatNumber(total) })}
      </Text>
      <Button variant="default" size="xs" loading={older.loading} onClick={older.show}>
        {t('evaluations.older')}
      </Button>
    </Group>
  );
}
