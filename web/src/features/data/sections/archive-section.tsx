import { Button, Group, Skeleton, Switch } from '@mantine/core';
import { IconArchive } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { notifyError } from '../../../ui/notify.ts';
import { Section } from '../../../ui/section.tsx';
import type { Dataset } from '../../datasets/queries.ts';
import { archivesQuery } from './queries.ts';

const ArchiveTable = lazy(async () => ({ default: (await import('./archive-table.tsx')).ArchiveTable }));

/** Makes archives of a dataset, and hands out those that were made. */
export function ArchiveSection({ dataset }: { dataset: Dataset }) {
  const { t } = useTranslation('data');
  const queries = useQueryClient();
  const [vectors, setVectors] = useState(false);
  const { data: archives, error, refetch } = useQuery(archivesQuery(dataset._id));
  const make = useMutation({
    mutationFn: () => api.makeArchive({ datasetId: dataset._id, vectors }),
    onSuccess: () => queries.invalidateQueries({ queryKey: archivesQuery(dataset._id).queryKey }),
    onError: notifyError,
  });
  const going = archives?.some(({ state }) => state === 'running' || state === 'waiting') ?? false;
  return (
    <Section title={t('archive.title')} text={t('archive.text')}>
      <Switch
        label={t('archive.vectors')}
        description={t('archive.vectorsText')}
        checked={vectors}
        onChange={(event) => setVectors(event.currentTarget.checked)}
      />
      <Group>
        <Button
          variant="default"
          leftSection={<IconArchive size={16} stroke={1.6} aria-hidden />}
          loading={make.isPending}
          disabled={going}
          onClick={() => make.mutate()}
        >
          {t('archive.make')}
        </Button>
      </Group>
      {error && <ErrorAlert error={error} onRetry={refetch} />}
      {!archives && !error && <Skeleton h={48} />}
      {archives && archives.length > 0 && (
        <Suspense fallback={<Skeleton h={48} />}>
          <ArchiveTable archives={archives} />
        </Suspense>
      )}
    </Section>
  );
}
