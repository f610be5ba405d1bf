import { Badge, Button, Group, Loader, Progress, Stack, Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { formatPercent } from '../../../ui/format.ts';
import { Popover } from '../../../ui/popover.tsx';
import type { Job } from '../../jobs/queries.ts';
import type { Collection } from '../queries.ts';
import type { CollectionActions } from './collection-actions.ts';
import { someOf } from './use-chosen.ts';

interface CollectionStateProps {
  collection: Collection;
  /** What is being done for it now. */
  job: Job | undefined;
  actions: CollectionActions;
  mayWrite: boolean;
}

/** Whether a collection is ready, on its way, failed or switched off. */
export function CollectionState({ collection, job, actions, mayWrite }: CollectionStateProps) {
  const { t } = useTranslation('datasets');
  if (job)
    return (
      <Stack gap={2} miw={84}>
        <Text size="xs" c="dimmed">
          {t(job.state === 'running' ? 'collectionState.running' : 'collectionState.waiting')}
          {job.percent > 0 && ` ${formatPercent(job.percent / 100)}`}
        </Text>
        <Progress
          size="sm"
          value={job.percent}
          animated={job.state === 'running'}
          aria-label={t('collectionState.progress', { name: collection.name })}
        />
      </Stack>
    );
  if (collection.hasError) return <Failure collection={collection} actions={actions} mayWrite={mayWrite} />;
  if (collection.forbid)
    return (
      <Badge variant="default" c="dimmed">
        {t('collectionState.off')}
      </Badge>
    );
  if (collection.type === 'folder') return null;
  if (collection.trainingAmount > 0)
    return (
      <Badge variant="light">{t('collectionState.pending', { count: collection.trainingAmount })}</Badge>
    );
  return (
    <Badge variant="light" color="teal">
      {t('collectionState.ready')}
    </Badge>
  );
}

/** Why an import failed, when somebody asks, and the way to try again. */
function Failure({ collection, actions, mayWrite }: Omit<CollectionStateProps, 'job'>) {
  const { t } = useTranslation(['datasets', 'jobs', 'common']);
  return (
    <Popover
      width={340}
      position="bottom-start"
      withArrow
      shadow="md"
      trapFocus
      target={
        <UnstyledButton aria-label={t('collectionState.why', { name: collection.name })}>
          <Badge variant="light" color="red" style={{ cursor: 'pointer' }}>
            {t('collectionState.failed')}
          </Badge>
        </UnstyledButton>
      }
    >
      {() => <FailureDetail collection={collection} actions={actions} mayWrite={mayWrite} />}
    </Popover>
  );
}

function FailureDetail({ collection, actions, mayWrite }: Omit<CollectionStateProps, 'job'>) {
  const { t } = useTranslation(['datasets', 'common']);
  const detail = useQuery({
    queryKey: ['datasets', 'training', collection._id],
    queryFn: () => api.getTrainingDetail({ collectionId: collection._id }),
    staleTime: 0,
  });
  const errors = useQuery({
    queryKey: ['datasets', 'training-errors', collection._id],
    queryFn: () => api.getTrainingError({ collectionId: collection._id, pageSize: 5 }),
    staleTime: 0,
  });
  if (detail.isPending) return <Loader size="sm" />;
  const message = detail.data?.error ?? errors.data?.list[0]?.errorMsg ?? detail.error?.message;
  return (
    <Stack gap="xs">
      <Text size="sm">{message}</Text>
      {detail.data?.hint && (
        <Text size="sm" c="dimmed">
          {detail.data.hint}
        </Text>
      )}
      {mayWrite && (
        <Group>
          <Button size="xs" variant="light" onClick={() => actions.retry(someOf([collection]))}>
            {t('common:action.retry')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
