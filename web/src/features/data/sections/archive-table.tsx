import { Anchor, Group, Progress, Stack, Table, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatBytes } from '../../../ui/format.ts';
import { TableScroll } from '../../../ui/table-scroll.tsx';
import { fullTime, TimeAgo } from '../../../ui/time-ago.tsx';
import type { Archive } from './queries.ts';

/** The archives of a dataset: those that can be fetched, and how far the others are. */
export function ArchiveTable({ archives }: { archives: Archive[] }) {
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
