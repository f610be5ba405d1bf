import { Group, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatNumber } from '../../ui/format.ts';
import { differenceOf, isShare, type Measure, measureOf, measures, shown } from './measures.ts';
import type { Comparison } from './queries.ts';
import { SideMark } from './side-mark.tsx';

const meanings = { hit1: 'hit1', hit5: 'hit', mrr: 'mrr', ndcg: 'ndcg' } as const;
const meaningOf = (measure: Measure) =>
  measure in meanings ? meanings[measure as keyof typeof meanings] : undefined;

/** The measures of A and B with what B has more or less. */
export function ComparisonMeasures({ comparison: { a, b } }: { comparison: Comparison }) {
  const { t } = useTranslation('quality');
  const bothTimed = a.meanMs !== undefined && b.meanMs !== undefined;
  return (
    <Table verticalSpacing="xs" horizontalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('evaluations.measure')}</Table.Th>
          {(['A', 'B'] as const).map((side) => (
            <Table.Th key={side} w={{ base: 68, sm: 110 }}>
              <Group justify="flex-end">
                <SideMark side={side} />
              </Group>
            </Table.Th>
          ))}
          <Table.Th ta="right" w={{ base: 92, sm: 150 }}>
            {t('compare.difference')}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {measures.map((measure) => {
          const [left, right] = [measureOf(a, measure), measureOf(b, measure)];
          const meaning = meaningOf(measure);
          return (
            <Table.Tr key={measure}>
              <Table.Th scope="row" fw={400}>
                <Text size="sm" fw={600}>
                  {t(`measure.${measure}`)}
                </Text>
                {meaning && (
                  <Text size="xs" c="dimmed" visibleFrom="sm">
                    {t(`meaning.${meaning}`)}
                  </Text>
                )}
              </Table.Th>
              <Value text={shown(measure, left)} ahead={left > right} />
              <Value text={shown(measure, right)} ahead={right > left} />
              <Table.Td ta="right">
                <Difference value={differenceOf(measure, left, right)} measure={measure} />
              </Table.Td>
            </Table.Tr>
          );
        })}
        {bothTimed && (
          <Table.Tr>
            <Table.Th scope="row">
              <Text size="sm" fw={600}>
                {t('measure.time')}
              </Text>
            </Table.Th>
            {[a.meanMs, b.meanMs].map((ms, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: A and B
              <Value key={place} text={t('measure.ms', { ms: formatNumber(ms ?? 0) })} ahead={false} />
            ))}
            <Table.Td ta="right">
              <Text size="sm" c="dimmed">
                {t('measure.ms', { ms: signed(Math.round(b.meanMs ?? 0) - Math.round(a.meanMs ?? 0), 0) })}
              </Text>
            </Table.Td>
          </Table.Tr>
        )}
      </Table.Tbody>
    </Table>
  );
}

function Value({ text, ahead }: { text: string; ahead: boolean }) {
  return (
    <Table.Td ta="right">
      <Text span size="sm" fw={ahead ? 700 : 400} style={{ whiteSpace: 'nowrap' }}>
        {text}
      </Text>
    </Table.Td>
  );
}

const signed = (value: number, digits: number) =>
  `${value > 0 ? '+' : value < 0 ? '−' : '±'}${formatNumber(Math.abs(value), digits)}`;

function Difference({ value, measure }: { value: number; measure: Measure }) {
  const { t } = useTranslation('quality');
  if (value === 0)
    return (
      <Text span size="sm" c="dimmed">
        {t('compare.noDifference')}
      </Text>
    );
  const color =
    value > 0
      ? 'light-dark(var(--mantine-color-teal-light-color), var(--mantine-color-teal-4))'
      : 'light-dark(var(--mantine-color-red-text), var(--mantine-color-red-4))';
  const text = signed(value, isShare(measure) ? 0 : 3);
  return (
    <Text span size="sm" fw={600} c={color} style={{ whiteSpace: 'nowrap' }}>
      {isShare(measure) ? t('compare.points', { points: text }) : text}
    </Text>
  );
}
