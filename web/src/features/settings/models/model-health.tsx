import { Group, Stack, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { formatNumber, formatPercent } from '../../../ui/format.ts';
import { Loading } from '../../../ui/loading.tsx';
import { TableScroll } from '../../../ui/table-scroll.tsx';
import { modelHealthQuery } from '../queries.ts';
import { failuresOf, hourBars } from './health-bars.ts';
import { HealthChart } from './health-chart.tsx';

/** How the real calls of each model went, hour by hour. */
export function ModelHealth({ hours, model }: { hours: number; model?: string }) {
  const { t } = useTranslation('settings');
  const { data, error } = useQuery(modelHealthQuery(hours));
  if (error) return <ErrorAlert error={error} />;
  if (!data) return <Loading />;
  const shown = data.filter((one) => model === undefined || one.model === model);
  if (shown.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('health.none')}
      </Text>
    );
  return (
    <Stack gap="xs">
      <TableScroll minWidth={620}>
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('health.model')}</Table.Th>
              <Table.Th>{t('health.calls')}</Table.Th>
              <Table.Th ta="right">{t('health.good')}</Table.Th>
              <Table.Th ta="right">{t('health.latency')}</Table.Th>
              <Table.Th ta="right">{t('health.tokens')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((one) => {
              const failures = failuresOf(one.total);
              return (
                <Table.Tr key={`${one.model} ${one.channelId}`}>
                  <Table.Td maw={260}>
                    <Text size="sm" fw={500} truncate title={one.model}>
                      {one.model}
                    </Text>
                    <Text size="xs" c="dimmed" truncate>
                      {one.channelName}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Group gap="sm" wrap="nowrap">
                      <HealthChart bars={hourBars(one.hours, hours)} />
                      <Text size="sm">{formatNumber(one.total.calls)}</Text>
                    </Group>
                  </Table.Td>
                  <Table.Td ta="right">
                    {one.total.calls > 0 ? formatPercent(1 - failures / one.total.calls, 1) : '–'}
                  </Table.Td>
                  <Table.Td ta="right">
                    {one.total.latencyMs
                      ? t('health.ms', { ms: formatNumber(one.total.latencyMs.p50) })
                      : '–'}
                  </Table.Td>
                  <Table.Td ta="right">
                    {formatNumber(one.total.inputTokens + one.total.outputTokens)}
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </TableScroll>
      <Text size="xs" c="dimmed">
        {t('health.legend', { hours })}
      </Text>
    </Stack>
  );
}
