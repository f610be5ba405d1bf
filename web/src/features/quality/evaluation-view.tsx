import {
  ActionIcon,
  Alert,
  Button,
  Group,
  Paper,
  Progress,
  Skeleton,
  Stack,
  Switch,
  Text,
  Title,
} from '@mantine/core';
import { IconArrowLeft, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { confirmDelete } from '../../ui/confirm-delete.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { notifyError } from '../../ui/notify.ts';
import { OfBefore } from '../../ui/of-before.tsx';
import { fullTime } from '../../ui/time-ago.tsx';
import { Tooltip } from '../../ui/tooltip.tsx';
import { CompareWith } from './compare-with.tsx';
import { sideName, sideOf } from './comparison.ts';
import { ComparisonView } from './comparison-view.tsx';
import { MeasureTable } from './measure-table.tsx';
import { type EvaluationDetail, evaluationQuery } from './queries.ts';
import { ResultTable } from './result-table.tsx';

interface EvaluationViewProps {
  datasetId: string;
  id: string;
  mayEdit: boolean;
  /** What is compared, as `sideName` writes it; by default the first two settings, where there are two. */
  sides: { a?: string | undefined; b?: string | undefined };
  onSides: (sides: { a: string; b: string | undefined }) => void;
  onBack: () => void;
}

/** One evaluation: its numbers, what they mean, and what was found question by question. */
export function EvaluationView({ datasetId, id, mayEdit, sides, onSides, onBack }: EvaluationViewProps) {
  const { t } = useTranslation('quality');
  const [page, setPage] = useState(1);
  const [missedOnly, setMissedOnly] = useState(false);
  const query = useQuery(evaluationQuery(id, page, missedOnly));
  const { data: evaluation, error, refetch } = query;
  const a = sides.a ?? sideName(id, 0);
  const b = sides.b ?? (evaluation && evaluation.settings.length > 1 ? sideName(id, 1) : undefined);
  const [sideA, sideB] = [sideOf(a), sideOf(b)];
  const compared = evaluation?.state === 'done' && sideA && sideB ? { a: sideA, b: sideB } : undefined;
  return (
    <Stack gap="md">
      <Group>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconArrowLeft size={16} aria-hidden />}
          onClick={onBack}
        >
          {t('evaluations.title')}
        </Button>
      </Group>
      {error && <ErrorAlert error={error} onRetry={refetch} />}
      {!evaluation && !error && <Skeleton h={300} />}
      {evaluation && (
        <>
          <Head evaluation={evaluation} {...(mayEdit && { onDeleted: onBack })} />
          <State evaluation={evaluation} />
          <Notices evaluation={evaluation} />
          {evaluation.state === 'done' && (
            <CompareWith evaluation={evaluation} a={a} b={b} onChange={onSides} />
          )}
          {evaluation.summaries.length > (compared ? 2 : 0) && (
            <MeasureTable summaries={evaluation.summaries} />
          )}
          {compared && <ComparisonView key={`${a} ${b}`} datasetId={datasetId} sides={compared} />}
          {!compared && (evaluation.results.total > 0 || missedOnly) && (
            <Paper withBorder p="md">
              <Group justify="space-between" mb="sm" gap="sm">
                <Title order={3} size="h5">
                  {t('results.title')}
                </Title>
                <Switch
                  label={t('results.missedOnly')}
                  checked={missedOnly}
                  onChange={(event) => {
                    setMissedOnly(event.currentTarget.checked);
                    setPage(1);
                  }}
                />
              </Group>
              <OfBefore when={query.isPlaceholderData}>
                <ResultTable datasetId={datasetId} evaluation={evaluation} page={page} onPage={setPage} />
              </OfBefore>
            </Paper>
          )}
        </>
      )}
    </Stack>
  );
}

/** What the searches said of themselves. */
function Notices({ evaluation }: { evaluation: EvaluationDetail }) {
  return evaluation.summaries.map(({ notice, setting }, place) =>
    notice ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: a setting is known by its place
      <Alert key={place} color="yellow" variant="light">
        <Text size="sm">
          <strong>{setting.name}:</strong> {notice}
        </Text>
      </Alert>
    ) : null,
  );
}

function Head({ evaluation, onDeleted }: { evaluation: EvaluationDetail; onDeleted?: () => void }) {
  const { t } = useTranslation('quality');
  const queries = useQueryClient();
  const time = fullTime(new Date(evaluation.createTime));
  const name = evaluation.name || t('evaluations.unnamed', { time });
  const remove = useMutation({
    mutationFn: () => api.deleteEvaluation({ id: evaluation._id }),
    onSuccess: async () => {
      onDeleted?.();
      await queries.invalidateQueries({ queryKey: ['quality', 'evaluations'] });
    },
    onError: notifyError,
  });
  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start">
      <div>
        <Title order={2} size="h3">
          {name}
        </Title>
        <Text size="sm" c="dimmed">
          {time} · {t('evaluations.questions', { count: evaluation.questions })}
        </Text>
      </div>
      {onDeleted && (
        <Tooltip label={t('evaluations.delete')}>
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t('evaluations.delete')}
            loading={remove.isPending}
            onClick={() =>
              confirmDelete({ name, text: t('evaluations.deleteText'), onConfirm: () => remove.mutate() })
            }
          >
            <IconTrash size={18} stroke={1.6} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  );
}

function State({ evaluation }: { evaluation: EvaluationDetail }) {
  const { t } = useTranslation('quality');
  const { state, percent, asked, error } = evaluation;
  if (state === 'done') return null;
  if (state === 'failed' || state === 'cancelled')
    return (
      <Alert color="red" variant="light" title={t(`state.${state}`)}>
        {error}
      </Alert>
    );
  return (
    <Stack gap={6}>
      <Text size="sm" role="status">
        {error || t('evaluations.asked', { count: asked })}
      </Text>
      <Progress value={percent} animated aria-label={t('evaluations.running')} />
    </Stack>
  );
}
