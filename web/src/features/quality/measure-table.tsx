import { List, Paper, Stack, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../ui/format.ts';
import { TableScroll } from '../../ui/table-scroll.tsx';
import { isBest, measureOf, measures, shown } from './measures.ts';
import type { Summary } from './queries.ts';

/** The numbers of each setting side by side, and what they mean. */
export function MeasureTable({ summaries }: { summaries: Summary[] }) {
  const { t } = useTranslation('quality');
  return (
    <Paper withBorder p="md">
      <Stack gap="md">
        <TableScroll minWidth={680}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('evaluations.setting')}</Table.Th>
                {measures.map((measure) => (
                  <Table.Th key={measure} ta="right">
                    {t(`measure.${measure}`)}
                  </Table.Th>
                ))}
                <Table.Th ta="right">{t('measure.time')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {summaries.map((summary, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a setting is known by its place
                <Table.Tr key={place}>
                  <Table.Td>
                    <Text size="sm" fw={600}>
                      {summary.setting.name}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {summary.setting.vectorModel}
                      {summary.failed > 0 && ` · ${t('evaluations.failed', { count: summary.failed })}`}
                    </Text>
                  </Table.Td>
                  {measures.map((measure) => {
                    const best = isBest(summaries, summary, measure);
                    return (
                      <Table.Td key={measure} ta="right">
                        <Text
                          span
                          size="lg"
                          fw={best ? 700 : 500}
                          {...(best && { c: 'var(--mantine-color-anchor)' })}
                        >
                          {shown(measure, measureOf(summary, measure))}
                        </Text>
                      </Table.Td>
                    );
                  })}
                  <Table.Td ta="right">
                    <Text size="sm">{t('measure.ms', { ms: formatNumber(summary.meanMs) })}</Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </TableScroll>
        <List size="sm" spacing={4} c="dimmed">
          <List.Item>{t('meaning.hit')}</List.Item>
          <List.Item>{t('meaning.mrr')}</List.Item>
          <List.Item>{t('meaning.ndcg')}</List.Item>
        </List>
      </Stack>
    </Paper>
  );
}
