import { Alert, Group, Paper, Progress, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { fullTime } from '../../ui/time-ago.tsx';
import { verdictOf } from './comparison.ts';
import { ComparisonMeasures } from './comparison-measures.tsx';
import { ComparisonQuestions } from './comparison-questions.tsx';
import { type Comparison, type ComparisonFilter, comparisonQuery, type SideRequest } from './queries.ts';
import { differingFacts, type Fact, factsOf } from './setting-facts.ts';
import { type SideLetter, SideMark } from './side-mark.tsx';

/** Two settings as A and B: in what they differ, what they measure, and which found what higher up. */
export function ComparisonView({ datasetId, sides }: { datasetId: string; sides: SideRequest }) {
  const [filter, setFilter] = useState<ComparisonFilter>({ sort: 'question', page: 1 });
  const query = useQuery(comparisonQuery(sides, filter));
  const { data: comparison, error, refetch } = query;
  if (error) return <ErrorAlert error={error} onRetry={refetch} />;
  if (!comparison) return <Skeleton h={320} />;
  return (
    <Stack gap="md">
      <Heads comparison={comparison} />
      <Paper withBorder p="md">
        <Stack gap="md">
          <Verdict comparison={comparison} />
          {comparison.questions > 0 && <ComparisonMeasures comparison={comparison} />}
        </Stack>
      </Paper>
      <Paper withBorder p={{ base: 'sm', sm: 'md' }}>
        <ComparisonQuestions
          datasetId={datasetId}
          comparison={comparison}
          filter={filter}
          onFilter={setFilter}
          ofBefore={query.isPlaceholderData}
        />
      </Paper>
    </Stack>
  );
}

function Heads({ comparison: { a, b } }: { comparison: Comparison }) {
  const { t } = useTranslation(['quality', 'search']);
  const [ofA, ofB] = [factsOf(t, a.setting), factsOf(t, b.setting)];
  const two = a.evaluationId !== b.evaluationId;
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      <Head letter="A" side={a} facts={differingFacts(ofA, ofB)} showEvaluation={two} />
      <Head letter="B" side={b} facts={differingFacts(ofB, ofA)} showEvaluation={two} />
    </SimpleGrid>
  );
}

interface HeadProps {
  letter: SideLetter;
  side: Comparison['a'];
  /** Those that the other side has not. */
  facts: Fact[];
  showEvaluation: boolean;
}

function Head({ letter, side, facts, showEvaluation }: HeadProps) {
  const { t } = useTranslation('quality');
  return (
    <Paper withBorder p="md" component="section" aria-label={t(`compare.side${letter}`)}>
      <Group gap="sm" wrap="nowrap" align="flex-start">
        <SideMark side={letter} />
        <Stack gap={6} miw={0} flex={1}>
          <div>
            <Title order={3} size="h6" style={{ overflowWrap: 'anywhere' }}>
              {side.setting.name}
            </Title>
            {showEvaluation && (
              <Text size="xs" c="dimmed">
                {[side.name, fullTime(new Date(side.createTime))].filter(Boolean).join(' · ')}
              </Text>
            )}
          </div>
          {facts.map(({ label, text }) => (
            <Text key={label} size="sm" style={{ overflowWrap: 'anywhere' }}>
              <Text span size="sm" c="dimmed">
                {t('fact.of', { label })}
              </Text>
              <strong>{text}</strong>
            </Text>
          ))}
          {facts.length === 0 && (
            <Text size="sm" c="dimmed">
              {t('compare.alike')}
            </Text>
          )}
        </Stack>
      </Group>
    </Paper>
  );
}

const parts = [
  { outcome: 'betterA', color: 'lectern' },
  { outcome: 'same', color: 'gray' },
  { outcome: 'neither', color: 'red' },
  { outcome: 'betterB', color: 'orange' },
] as const;

/** Which side is ahead, and whether that means anything. */
function Verdict({ comparison: { counts, questions } }: { comparison: Comparison }) {
  const { t } = useTranslation('quality');
  if (questions === 0)
    return (
      <Alert color="yellow" variant="light" icon={<IconInfoCircle aria-hidden />}>
        {t('compare.nothingInCommon')}
      </Alert>
    );
  const verdict = verdictOf(counts);
  return (
    <Stack gap="xs">
      <Text fw={600}>
        {t(
          `compare.ahead.${counts.betterA === counts.betterB ? 'none' : counts.betterA > counts.betterB ? 'A' : 'B'}`,
          {
            a: counts.betterA,
            b: counts.betterB,
            count: questions,
          },
        )}
      </Text>
      <Progress.Root size="lg" aria-hidden>
        {parts.map(({ outcome, color }) => (
          <Progress.Section key={outcome} value={(100 * counts[outcome]) / questions} color={color} />
        ))}
      </Progress.Root>
      <Text size="sm" c="dimmed">
        {t(`compare.verdict.${verdict}`, { count: counts.betterA + counts.betterB })}
        {counts.failed > 0 && ` ${t('compare.failed', { count: counts.failed })}`}
      </Text>
    </Stack>
  );
}
