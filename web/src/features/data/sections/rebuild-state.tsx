import { Alert, Button, Group, Progress, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, type Request } from '../../../api/client.ts';
import { formatNumber, formatPercent } from '../../../ui/format.ts';
import { modals } from '../../../ui/modals.ts';
import { notifyError } from '../../../ui/notify.ts';
import { TableScroll } from '../../../ui/table-scroll.tsx';
import { fullTime } from '../../../ui/time-ago.tsx';
import type { Dataset } from '../../datasets/queries.ts';
import type { Rebuild } from './queries.ts';

type Action = Request<'updateEmbeddingRebuild'>['action'];

interface RebuildStateProps {
  dataset: Dataset;
  rebuild: Rebuild;
  mayAct: boolean;
}

/** How far a change of the embedding model is, and what can be done next. */
export function RebuildState({ dataset, rebuild, mayAct }: RebuildStateProps) {
  const { t } = useTranslation('data');
  const { state, vectorModel, previousModel } = rebuild;
  const names = { model: vectorModel, previous: previousModel };
  const going = state === 'building' || state === 'comparing';
  const until = rebuild.keepUntil ? fullTime(new Date(rebuild.keepUntil)) : '';
  return (
    <Alert variant="light" color={rebuild.error ? 'red' : going ? 'lectern' : 'gray'}>
      <Stack gap="sm">
        <Text size="sm" role="status">
          {t(`rebuild.${state}`, { ...names, until })}
        </Text>
        {going && (
          <>
            <Progress value={rebuild.percent} animated aria-label={t('rebuild.label')} />
            <Text size="xs">
              {t('rebuild.counts', {
                count: rebuild.embedded,
                done: formatNumber(rebuild.embedded),
                left: formatNumber(rebuild.pending),
              })}
            </Text>
          </>
        )}
        {rebuild.refused > 0 && (
          <Text size="sm">{t('rebuild.refused', { count: rebuild.refused, ...names })}</Text>
        )}
        {rebuild.error && <Text size="sm">{rebuild.error}</Text>}
        {rebuild.comparison && <Comparison results={rebuild.comparison.results} />}
        {mayAct && <Actions dataset={dataset} rebuild={rebuild} />}
      </Stack>
    </Alert>
  );
}

/** What can be done in each state. */
const actionsOf: Partial<Record<Rebuild['state'], Action[]>> = {
  building: ['cancel'],
  comparing: ['cancel'],
  ready: ['switch', 'cancel'],
  switched: ['rollback', 'removeOld'],
};

function Actions({ dataset, rebuild }: Omit<RebuildStateProps, 'mayAct'>) {
  const { t } = useTranslation(['data', 'common']);
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: (action: Action) => api.updateEmbeddingRebuild({ datasetId: dataset._id, action }),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['data', 'rebuild', dataset._id] }),
        queries.invalidateQueries({ queryKey: ['datasets', 'one', dataset._id] }),
      ]),
    onError: notifyError,
  });
  const ask = (action: Action) => {
    if (action === 'switch' || action === 'rollback') return act.mutate(action);
    const names = { model: rebuild.vectorModel, previous: rebuild.previousModel };
    modals.openConfirmModal({
      title: t(`act.${action}`),
      children: t(`act.${action}Text`, names),
      labels: { confirm: t(`act.${action}`), cancel: t('common:action.cancel') },
      confirmProps: { color: 'red' },
      onConfirm: () => act.mutate(action),
    });
  };
  const actions = actionsOf[rebuild.state] ?? [];
  if (actions.length === 0) return null;
  return (
    <Group gap="xs">
      {actions.map((action) => (
        <Button
          key={action}
          size="xs"
          variant={action === 'switch' ? 'filled' : 'default'}
          loading={act.isPending && act.variables === action}
          disabled={act.isPending}
          onClick={() => ask(action)}
        >
          {t(`act.${action}`)}
        </Button>
      ))}
    </Group>
  );
}

/** Both indexes, asked the saved questions. */
function Comparison({ results }: { results: NonNullable<Rebuild['comparison']>['results'] }) {
  const { t } = useTranslation('data');
  const { t: ofSearch } = useTranslation('search');
  return (
    <TableScroll minWidth={480}>
      <Table verticalSpacing={6} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('rebuild.index')}</Table.Th>
            <Table.Th>{ofSearch('mode.label')}</Table.Th>
            <Table.Th ta="right">hit@1</Table.Th>
            <Table.Th ta="right">hit@5</Table.Th>
            <Table.Th ta="right">MRR</Table.Th>
            <Table.Th ta="right">nDCG</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {results.map((result) => (
            <Table.Tr key={`${result.index}${result.searchMode}`}>
              <Table.Td>
                {t(result.index === 'next' ? 'rebuild.next' : 'rebuild.current', {
                  model: result.vectorModel,
                })}
              </Table.Td>
              <Table.Td>{ofSearch(`mode.${result.searchMode}`)}</Table.Td>
              <Table.Td ta="right">{formatPercent(result.hitAt['1'] ?? 0)}</Table.Td>
              <Table.Td ta="right">{formatPercent(result.hitAt['5'] ?? 0)}</Table.Td>
              <Table.Td ta="right">{formatNumber(result.mrr, 3)}</Table.Td>
              <Table.Td ta="right">{formatNumber(result.ndcg, 3)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}
