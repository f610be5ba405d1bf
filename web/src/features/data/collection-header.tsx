import { Alert, Anchor, Badge, Button, Group, Progress, Stack, Switch, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconArrowLeft, IconDownload, IconFileText } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { saveFile } from '../../ui/download.ts';
import { formatPercent } from '../../ui/format.ts';
import { notifyError } from '../../ui/notify.ts';
import { CollectionFacts } from './collection-facts.tsx';
import type { Collection } from './queries.ts';
import { useTraining } from './use-training.ts';

interface HeaderProps {
  collection: Collection;
  /** Items in it. */
  items: number;
  /** Shows what failed in the collection. */
  onShowFailed: () => void;
}

/** What a collection is, how far its import is, and what can be done with it as a whole. */
export function CollectionHeader({ collection, items, onShowFailed }: HeaderProps) {
  const { t } = useTranslation('data');
  return (
    <Stack gap="sm" mb="md">
      <Anchor
        size="sm"
        w="fit-content"
        renderRoot={(props) => (
          <Link
            to="/datasets/$datasetId"
            params={{ datasetId: collection.datasetId }}
            {...(collection.parentId && { search: { folder: collection.parentId } })}
            {...props}
          />
        )}
      >
        <Group gap={4} component="span" wrap="nowrap">
          <IconArrowLeft size={16} stroke={1.6} aria-hidden />
          {t('back')}
        </Group>
      </Anchor>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Group gap="sm" flex="1 1 260px" miw={0}>
          <Title order={2} size="h3" lineClamp={2}>
            {collection.name}
          </Title>
          {collection.forbid && (
            <Badge color="gray" variant="light" tt="none">
              {t('off')}
            </Badge>
          )}
        </Group>
        <Actions collection={collection} />
      </Group>
      <CollectionFacts collection={collection} items={items} />
      <Training collection={collection} onShowFailed={onShowFailed} />
    </Stack>
  );
}

function Actions({ collection }: { collection: Collection }) {
  const { t } = useTranslation('data');
  const queries = useQueryClient();
  const original = useMutation({
    mutationFn: () => api.readCollection({ collectionId: collection._id }),
    onSuccess: ({ value }) => window.open(value, '_blank', 'noopener'),
    onError: notifyError,
  });
  const csv = useMutation({
    mutationFn: async () => {
      const answer = await api.open('exportCollection', { collectionId: collection._id });
      saveFile(await answer.blob(), `${collection.name}.csv`);
    },
    onError: notifyError,
  });
  const enable = useMutation({
    mutationFn: (on: boolean) => api.updateCollection({ id: collection._id, forbid: !on }),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['data', 'collection', collection._id] }),
        queries.invalidateQueries({ queryKey: ['datasets'] }),
      ]),
    onError: notifyError,
  });
  const byFolder = collection.forbid && !collection.ownForbid;
  return (
    <Group gap="xs">
      {collection.canWrite && (
        <Switch
          label={t('enabled')}
          checked={!(collection.ownForbid || byFolder)}
          disabled={byFolder || enable.isPending}
          {...(byFolder && { description: t('offByFolder') })}
          onChange={(event) => enable.mutate(event.currentTarget.checked)}
          mr="xs"
        />
      )}
      {collection.sourceId && (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconFileText size={16} stroke={1.6} aria-hidden />}
          loading={original.isPending}
          onClick={() => original.mutate()}
        >
          {t('original')}
        </Button>
      )}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconDownload size={16} stroke={1.6} aria-hidden />}
        loading={csv.isPending}
        onClick={() => csv.mutate()}
      >
        {t('exportCsv')}
      </Button>
    </Group>
  );
}

function Training({ collection, onShowFailed }: Pick<HeaderProps, 'collection' | 'onShowFailed'>) {
  const { t } = useTranslation('data');
  const training = useTraining(collection._id);
  if (!training) return null;
  const { progress } = training;
  const going = progress?.state === 'running' || progress?.state === 'waiting';
  const failed = collection.errorCount > 0 || progress?.state === 'failed';
  return (
    <>
      {going && (
        <Stack gap={4}>
          <Group justify="space-between">
            <Text size="sm">
              {training.error || t(progress.state === 'waiting' ? 'training.waiting' : 'training.running')}
            </Text>
            <Text size="sm" c="dimmed">
              {formatPercent(progress.percent / 100)}
            </Text>
          </Group>
          <Progress value={progress.percent} animated aria-label={t('training.label')} />
        </Stack>
      )}
      {failed && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />}>
          <Group justify="space-between" gap="sm">
            <Text size="sm" flex="1 1 240px">
              {collection.errorCount > 0 && t('failed.summary', { count: collection.errorCount })}{' '}
              {training.error} {training.hint}
            </Text>
            {collection.errorCount > 0 && (
              <Button size="xs" variant="light" color="red" onClick={onShowFailed}>
                {t('failed.show', { count: collection.errorCount })}
              </Button>
            )}
          </Group>
        </Alert>
      )}
      {!failed && training.notice && (
        <Alert color="yellow" variant="light">
          {training.notice}
        </Alert>
      )}
    </>
  );
}
