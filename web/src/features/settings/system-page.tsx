import { Alert, Badge, Group, Progress, SimpleGrid, Stack, Table, Text, ThemeIcon } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../api/client.ts';
import { formatBytes, formatNumber, formatPercent } from '../../ui/format.ts';
import { Section } from '../../ui/section.tsx';
import { TableScroll } from '../../ui/table-scroll.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { ModelHealth } from './models/model-health.tsx';
import { systemQuery } from './queries.ts';

type Status = Answer<'getSystemStatus'>;

/** Whether the server is well, and what it is made of. */
export function SystemPage() {
  const { t } = useTranslation('settings');
  const { data } = useSuspenseQuery(systemQuery);
  return (
    <Stack gap="lg">
      {!data.ready && (
        <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={t('system.notReady')}>
          {t('system.notReadyText')}
        </Alert>
      )}
      <Section title={t('system.checks')} text={t('system.checksText')}>
        <Checks checks={data.checks} />
      </Section>
      <Section title={t('system.now')}>
        <Facts status={data} />
      </Section>
      <Section title={t('system.models')} text={t('system.modelsText')}>
        <ModelHealth hours={72} />
      </Section>
      {data.processes.length > 0 && (
        <Section title={t('system.processes')}>
          <Processes processes={data.processes} />
        </Section>
      )}
    </Stack>
  );
}

function Checks({ checks }: { checks: Status['checks'] }) {
  const { t } = useTranslation('settings');
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="xs" verticalSpacing="xs">
      {checks.map(({ name, ok, text }) => (
        <Group key={name} gap="sm" wrap="nowrap">
          <ThemeIcon size={22} radius="xl" variant="light" color={ok ? 'teal' : 'red'}>
            {ok ? (
              <IconCheck size={14} aria-label={t('system.good')} />
            ) : (
              <IconX size={14} aria-label={t('system.bad')} />
            )}
          </ThemeIcon>
          <Text size="sm" {...(!ok && { fw: 600 })}>
            {text}
          </Text>
        </Group>
      ))}
    </SimpleGrid>
  );
}

function Facts({ status }: { status: Status }) {
  const { t } = useTranslation('settings');
  const { disk, jobs, store } = status;
  const used = disk ? 1 - disk.freeBytes / disk.totalBytes : 0;
  const rows = [
    [t('system.version'), `Lectern ${status.version} · Node ${status.node.replace(/^v/, '')}`],
    [t('system.since'), <TimeAgo key="since" time={status.startTime} />],
    [t('system.store'), `${t(`system.engine.${store.engine}`)} · ${store.place}`],
    [t('system.search'), t(store.vectors ? 'system.vectors' : 'system.words')],
    [t('system.memory'), formatBytes(status.memoryBytes)],
    [
      t('system.jobs'),
      t('system.jobCounts', {
        running: formatNumber(jobs.running),
        waiting: formatNumber(jobs.waiting),
        failed: formatNumber(jobs.failed),
      }),
    ],
    [t('system.runs'), formatNumber(status.runs)],
    [t('system.inUse'), status.models.join('; ')],
  ] as const;
  return (
    <Stack>
      {disk && (
        <Stack gap={6} maw={520}>
          <Text size="sm">
            {t('system.disk', {
              free: formatBytes(disk.freeBytes),
              total: formatBytes(disk.totalBytes),
              share: formatPercent(used),
            })}
          </Text>
          <Progress
            value={used * 100}
            color={used > 0.95 ? 'red' : used > 0.85 ? 'orange' : 'lectern'}
            aria-label={t('system.diskLabel')}
          />
        </Stack>
      )}
      <TableScroll minWidth={320}>
        <Table variant="vertical" withTableBorder>
          <Table.Tbody>
            {rows.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Th w={180}>{name}</Table.Th>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableScroll>
    </Stack>
  );
}

function Processes({ processes }: { processes: Status['processes'] }) {
  const { t } = useTranslation('settings');
  return (
    <TableScroll minWidth={560}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('system.host')}</Table.Th>
            <Table.Th>{t('system.address')}</Table.Th>
            <Table.Th>{t('system.version')}</Table.Th>
            <Table.Th>{t('system.since')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {processes.map(({ host, pid, address, version, startTime }) => (
            <Table.Tr key={`${host} ${pid}`}>
              <Table.Td>
                {host} <Badge variant="light">{pid}</Badge>
              </Table.Td>
              <Table.Td>{address || '–'}</Table.Td>
              <Table.Td>{version}</Table.Td>
              <Table.Td>
                <TimeAgo time={startTime} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableScroll>
  );
}
