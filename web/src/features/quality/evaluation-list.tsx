import {
  Badge,
  Button,
  Group,
  Paper,
  Progress,
  SegmentedControl,
  Skeleton,
  Stack,
  Table,
  Text,
  Title,
  UnstyledButton,
} from '@mantine/core';
import { IconChartLine, IconPlayerPlay } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { TableScroll } from '../../ui/table-scroll.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { usePhone } from '../../ui/use-phone.ts';
import { historyOf, type Measure, measureOf, measures, shown } from './measures.ts';
import { OlderEvaluations } from './older-evaluations.tsx';
import type { Evaluation } from './queries.ts';
import { RunEvaluation } from './run-evaluation.tsx';
import { useEvaluations } from './use-evaluations.ts';

const HistoryChart = lazy(() => import('./history-chart.tsx'));

interface EvaluationListProps {
  datasetId: string;
  mayEdit: boolean;
  onOpen: (id: string) => void;
}

/** The evaluations of a dataset: how its search got better or worse. */
export function EvaluationList({ datasetId, mayEdit, onOpen }: EvaluationListProps) {
  const { t } = useTranslation('quality');
  const [running, setRunning] = useState(false);
  const phone = usePhone();
  const evaluations = useEvaluations(datasetId);
  const { list, total, error } = evaluations;
  const run = mayEdit && (
    <Button
      leftSection={<IconPlayerPlay size={16} stroke={1.6} aria-hidden />}
      onClick={() => setRunning(true)}
    >
      {t('run.open')}
    </Button>
  );
  return (
    <Stack gap="md">
      {error && <ErrorAlert error={error} onRetry={evaluations.refetch} />}
      {!list && !error && <Skeleton h={220} />}
      {list && total === 0 && (
        <EmptyState
          icon={IconChartLine}
          title={t('evaluations.emptyTitle')}
          text={t('evaluations.emptyText')}
        >
          {run}
        </EmptyState>
      )}
      {list && total > 0 && (
        <>
          <Group justify="space-between" gap="sm">
            <Text size="sm" c="dimmed" flex="1 1 260px">
              {t('evaluations.text')}
            </Text>
            {run}
          </Group>
          <History evaluations={list} />
          {phone ? <Cards evaluations={list} onOpen={onOpen} /> : <Rows evaluations={list} onOpen={onOpen} />}
          <OlderEvaluations {...evaluations} />
        </>
      )}
      <RunEvaluation
        datasetId={datasetId}
        opened={running}
        onClose={() => setRunning(false)}
        onStarted={onOpen}
      />
    </Stack>
  );
}

/** A chart of one measure over time, as soon as there are two points. */
function History({ evaluations }: { evaluations: Evaluation[] }) {
  const { t } = useTranslation('quality');
  const [measure, setMeasure] = useState<Measure>('mrr');
  const history = historyOf(evaluations, measure);
  if (history.points.length < 2) return null;
  return (
    <Paper withBorder p="md">
      <Group justify="space-between" mb="md" gap="xs">
        <Title order={2} size="h5">
          {t('evaluations.history')}
        </Title>
        <SegmentedControl
          size="xs"
          value={measure}
          onChange={(value) => setMeasure(measures.find((each) => each === value) ?? 'mrr')}
          data={measures
            .filter((each) => each !== 'hit3' && each !== 'hit10')
            .map((value) => ({ value, label: t(`measure.${value}`) }))}
          aria-label={t('evaluations.measure')}
        />
      </Group>
      <Suspense fallback={<Skeleton h={200} />}>
        <HistoryChart {...history} />
      </Suspense>
    </Paper>
  );
}

function Rows({ evaluations, onOpen }: { evaluations: Evaluation[]; onOpen: (id: string) => void }) {
  const { t } = useTranslation('quality');
  return (
    <TableScroll minWidth={720}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('evaluations.when')}</Table.Th>
            <Table.Th>{t('evaluations.setting')}</Table.Th>
            {columns.map((measure) => (
              <Table.Th key={measure} ta="right">
                {t(`measure.${measure}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {evaluations.map((evaluation) => (
            <Row key={evaluation._id} evaluation={evaluation} onOpen={() => onOpen(evaluation._id)} />
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}

/** The same where there is no room for columns. */
function Cards({ evaluations, onOpen }: { evaluations: Evaluation[]; onOpen: (id: string) => void }) {
  const { t } = useTranslation('quality');
  return evaluations.map((evaluation) => (
    <Paper key={evaluation._id} withBorder p="sm">
      <Stack gap="xs">
        <EvaluationName evaluation={evaluation} onOpen={() => onOpen(evaluation._id)} />
        {evaluation.summaries.length === 0 && <Unmeasured evaluation={evaluation} />}
        {evaluation.summaries.map((summary, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a setting is known by its place
          <div key={place}>
            <Text size="sm">{summary.setting.name}</Text>
            <Group gap="md">
              {columns.map((measure) => (
                <Text key={measure} size="xs" c="dimmed">
                  {t(`measure.${measure}`)} <strong>{shown(measure, measureOf(summary, measure))}</strong>
                </Text>
              ))}
            </Group>
          </div>
        ))}
      </Stack>
    </Paper>
  ));
}

const columns = ['hit1', 'hit5', 'mrr', 'ndcg'] as const;

function EvaluationName({ evaluation, onOpen }: { evaluation: Evaluation; onOpen: () => void }) {
  const { t } = useTranslation('quality');
  return (
    <div>
      <UnstyledButton onClick={onOpen}>
        <Text size="sm" c="var(--mantine-color-anchor)">
          {evaluation.name || <TimeAgo time={evaluation.createTime} />}
        </Text>
      </UnstyledButton>
      <Text size="xs" c="dimmed">
        {evaluation.name && (
          <>
            <TimeAgo time={evaluation.createTime} /> ·{' '}
          </>
        )}
        {t('evaluations.questions', { count: evaluation.questions })}
      </Text>
    </div>
  );
}

/** How far an evaluation is that has no numbers yet, or why it will have none. */
function Unmeasured({ evaluation: { state, percent, error } }: { evaluation: Evaluation }) {
  const { t } = useTranslation('quality');
  return state === 'running' || state === 'waiting' ? (
    <Progress value={percent} animated aria-label={t('evaluations.running')} />
  ) : (
    <Badge color="red" variant="light" tt="none">
      {error || t(`state.${state}`)}
    </Badge>
  );
}

function Row({ evaluation, onOpen }: { evaluation: Evaluation; onOpen: () => void }) {
  const { summaries } = evaluation;
  const head = (
    <Table.Td rowSpan={Math.max(1, summaries.length)} style={{ verticalAlign: 'top' }}>
      <EvaluationName evaluation={evaluation} onOpen={onOpen} />
    </Table.Td>
  );
  if (summaries.length === 0)
    return (
      <Table.Tr>
        {head}
        <Table.Td colSpan={5}>
          <Unmeasured evaluation={evaluation} />
        </Table.Td>
      </Table.Tr>
    );
  return summaries.map((summary, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a setting is known by its place
    <Table.Tr key={place}>
      {place === 0 && head}
      <Table.Td>
        <Text size="sm">{summary.setting.name}</Text>
      </Table.Td>
      {columns.map((measure) => (
        <Table.Td key={measure} ta="right">
          {shown(measure, measureOf(summary, measure))}
        </Table.Td>
      ))}
    </Table.Tr>
  ));
}
