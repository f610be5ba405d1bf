import { Badge, Button, Card, Group, Pagination, Skeleton, Stack, Text, Textarea } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { confirmDelete } from '../../ui/confirm-delete.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Drawer } from '../../ui/modal.tsx';
import { notifyDone, notifyError } from '../../ui/notify.ts';
import { OfBefore } from '../../ui/of-before.tsx';
import { lastPage, useLastPage } from '../../ui/use-last-page.ts';
import { type Collection, type FailedItem, failedPerPage, failedQuery } from './queries.ts';
import { isSomethingUnsaved, mayLose, useUnsavedGuard } from './unsaved.ts';

const causes = ['file', 'model', 'limit', 'bug'] as const;

interface FailedDrawerProps {
  collection: Collection;
  opened: boolean;
  onClose: () => void;
}

/** What failed for good in a collection: why, and ways to go on. */
export function FailedDrawer({ collection, opened, onClose }: FailedDrawerProps) {
  const { t } = useTranslation(['data', 'common']);
  const [page, setPage] = useState(1);
  const failed = useQuery({ ...failedQuery(collection._id, page), enabled: opened });
  const change = useChange(collection);
  const close = async () => {
    if (await mayLose(isSomethingUnsaved())) onClose();
  };
  const turnTo = async (next: number) => {
    if (await mayLose(isSomethingUnsaved())) setPage(next);
  };
  useLastPage(failed, { page, perPage: failedPerPage, onPage: setPage });
  const pages = lastPage(failed.data?.total ?? 0, failedPerPage);
  return (
    <Drawer
      opened={opened}
      onClose={() => void close()}
      position="right"
      size="lg"
      title={t('failed.title')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      {failed.error && <ErrorAlert error={failed.error} onRetry={failed.refetch} />}
      {failed.isPending && <Skeleton h={160} />}
      {failed.data?.total === 0 && (
        <EmptyState icon={IconCircleCheck} title={t('failed.noneTitle')} text={t('failed.none')} />
      )}
      {failed.data && failed.data.total > 0 && (
        <Stack gap="sm">
          {collection.canWrite && (
            <Group>
              <Button
                size="xs"
                variant="default"
                loading={change.isPending}
                onClick={() => change.mutate({ kind: 'retryAll' })}
              >
                {t('failed.retryAll')}
              </Button>
            </Group>
          )}
          <OfBefore when={failed.isPlaceholderData}>
            <Stack gap="sm">
              {failed.data.list.map((item) => (
                <FailedCard
                  key={item._id}
                  item={item}
                  busy={change.isPending}
                  {...(collection.canWrite && {
                    onRetry: (q) => change.mutate({ kind: 'retry', item, q }),
                    onDrop: () =>
                      confirmDelete({
                        name: item.q.length > 60 ? `${item.q.slice(0, 60)}…` : item.q || collection.name,
                        text: t('failed.lost'),
                        onConfirm: () => change.mutate({ kind: 'drop', item }),
                      }),
                  })}
                />
              ))}
            </Stack>
          </OfBefore>
          {pages > 1 && (
            <Pagination
              total={pages}
              value={page}
              onChange={(next) => void turnTo(next)}
              getControlProps={(control) => ({ 'aria-label': t(`page.${control}`) })}
            />
          )}
        </Stack>
      )}
    </Drawer>
  );
}

type Change =
  | { kind: 'retryAll' }
  | { kind: 'retry'; item: FailedItem; q: string | undefined }
  | { kind: 'drop'; item: FailedItem };

function useChange({ _id: collectionId, datasetId }: Collection) {
  const { t } = useTranslation('data');
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (change: Change) => {
      const of = { datasetId, collectionId };
      if (change.kind === 'retryAll') return await api.updateTrainingData(of);
      const dataId = change.item._id;
      if (change.kind === 'drop') return await api.deleteTrainingData({ ...of, dataId });
      return await api.updateTrainingData({ ...of, dataId, ...(change.q !== undefined && { q: change.q }) });
    },
    onSuccess: async (_, { kind }) => {
      notifyDone(t(kind === 'drop' ? 'failed.dropped' : 'failed.retried'));
      await queries.invalidateQueries({ queryKey: ['data'] });
    },
    onError: notifyError,
  });
}

interface FailedCardProps {
  item: FailedItem;
  busy: boolean;
  /** Tries it again, with another text where it was corrected. */
  onRetry?: (q: string | undefined) => void;
  onDrop?: () => void;
}

function FailedCard({ item, busy, onRetry, onDrop }: FailedCardProps) {
  const { t } = useTranslation('data');
  const [text, setText] = useState(item.q);
  useUnsavedGuard(onRetry !== undefined && text !== item.q);
  const cause = causes.find((each) => each === item.cause);
  return (
    <Card withBorder padding="sm">
      <Stack gap="sm">
        <Group gap="xs">
          {cause && (
            <Badge color="red" variant="light" tt="none">
              {t(`cause.${cause}`)}
            </Badge>
          )}
          <Text size="sm" flex="1 1 200px">
            {item.errorMsg}
          </Text>
        </Group>
        {item.q && (
          <Textarea
            label={t('failed.text')}
            autosize
            minRows={3}
            maxRows={12}
            readOnly={!onRetry}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        {onRetry && onDrop && (
          <Group>
            <Button
              size="xs"
              loading={busy}
              onClick={() => onRetry(text !== item.q && text.trim() !== '' ? text : undefined)}
            >
              {t(text !== item.q ? 'failed.saveRetry' : 'failed.retry')}
            </Button>
            <Button size="xs" variant="subtle" color="red" disabled={busy} onClick={onDrop}>
              {t('failed.drop')}
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}
