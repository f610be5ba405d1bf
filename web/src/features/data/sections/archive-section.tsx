import { Anchor, Button, Group, Progress, Skeleton, Stack, Switch, Table, Text } from '@mantine/core';
import { IconArchive, IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { formatBytes } from '../../../ui/format.ts';
import { notifyError } from '../../../ui/notify.ts';
import { Section } from '../../../ui/section.tsx';
import { TableScroll } from '../../../ui/table-scroll.tsx';
import { fullTime, TimeAgo } from '../../../ui/time-ago.tsx';
import type { Dataset } from '../../datasets/queries.ts';
import { type Archive, archivesQuery } from './queries.ts';

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
      {archives && archives.length > 0 && <Archives archives={archives} />}
    </Section>
  );
}

function Archives({ archives }: { archives: Archive[] }) {
  const { t } = useTranslation('data');
  return (
    <TableScroll minWidth={460}>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('archive.made')}</Table.Th>
            <Table.Th>{t('archive.file')}</Table.Th>
            <Table.Th ta="right">{t('archive.size')}</Table.Th>
            <Table.Th>{t('archive.until')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {archives.map((archive) => (
            <Table.Tr key={archive.jobId}>
              <Table.Td>
                <TimeAgo time={archive.createTime} />
              </Table.Td>
              {archive.file ? (
                <>
                  <Table.Td>
                    <Anchor size="sm" href={archive.file.url} download={archive.file.name}>
                      <Group gap={4} component="span" wrap="nowrap">
                        <IconDownload size={14} stroke={1.6} aria-hidden />
                        {archive.file.name}
                      </Group>
                    </Anchor>
                  </Table.Td>
                  <Table.Td ta="right">{formatBytes(archive.file.size)}</Table.Td>
                  <Table.Td>{fullTime(new Date(archive.file.expireTime))}</Table.Td>
                </>
              ) : (
                <Table.Td colSpan={3}>
                  <ArchiveState archive={archive} />
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}

function ArchiveState({ archive }: { archive: Archive }) {
  const { t } = useTranslation('data');
  if (archive.state === 'running' || archive.state === 'waiting')
    return (
      <Stack gap={4}>
        <Progress value={archive.percent} animated aria-label={t('archive.making')} />
      </Stack>
    );
  const gone = archive.state === 'done' ? t('archive.expired') : t('archive.failed');
  return (
    <Text size="sm" c="dimmed">
      {archive.error || gone}
    </Text>
  );
}
