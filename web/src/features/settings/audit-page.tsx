import { Badge, Button, Group, Pagination, Select, Stack, Table, Text, TextInput } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { type Answer, api } from '../../api/client.ts';
import type { AuditSearch } from '../../routes/settings.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Loading } from '../../ui/loading.tsx';
import { fullTime } from '../../ui/time-ago.tsx';
import { auditEvents, isAuditEvent } from './audit-events.ts';
import { membersQuery } from './queries.ts';

type Entry = Answer<'listAudit'>['list'][number];
const pageSize = 25;

/** A day as the reader's clock has it, as a moment. */
const moment = (day: string, time: string) => new Date(`${day}T${time}`).toISOString();

const auditQuery = ({ event, member, from, to, page = 1 }: AuditSearch) =>
  queryOptions({
    queryKey: ['settings', 'audit', { event, member, from, to, page }],
    queryFn: () =>
      api.listAudit({
        pageSize,
        pageNum: page,
        ...(event && { events: [event] }),
        ...(member && { tmbIds: [member] }),
        ...(from && { startTime: moment(from, '00:00:00') }),
        ...(to && { endTime: moment(to, '23:59:59.999') }),
      }),
    placeholderData: keepPreviousData,
  });

/** Who changed what, and when. */
export function AuditPage() {
  const { t } = useTranslation(['settings', 'common']);
  const search = useSearch({ from: '/shell/settings/audit' });
  const navigate = useNavigate({ from: '/settings/audit' });
  const { data, error, refetch } = useQuery(auditQuery(search));
  const filtered = Object.keys(search).some((key) => key !== 'page');
  const pages = Math.ceil((data?.total ?? 0) / pageSize);
  return (
    <Stack>
      <Filters />
      {error && <ErrorAlert error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data?.total === 0 && (
        <EmptyState icon={IconHistory} title={t('audit.empty')} text={t('audit.emptyText')}>
          {filtered && (
            <Button variant="default" onClick={() => navigate({ search: {} })}>
              {t('audit.all')}
            </Button>
          )}
        </EmptyState>
      )}
      {data && data.total > 0 && (
        <>
          <Entries list={data.list} />
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              {t('common:list.total', { count: data.total })}
            </Text>
            {pages > 1 && (
              <Pagination
                aria-label={t('common:list.page')}
                total={pages}
                value={search.page ?? 1}
                onChange={(page) => navigate({ search: (before) => ({ ...before, page }) })}
              />
            )}
          </Group>
        </>
      )}
    </Stack>
  );
}

function Filters() {
  const { t } = useTranslation(['settings', 'common']);
  const search = useSearch({ from: '/shell/settings/audit' });
  const navigate = useNavigate({ from: '/settings/audit' });
  const { data: members } = useQuery(membersQuery({ status: 'active', searchKey: '', pageNum: 1 }));
  const set = (change: AuditSearch) =>
    navigate({
      search: ({ page: _page, ...before }) =>
        Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value)),
    });
  return (
    <Group align="flex-end" gap="sm">
      <Select
        label={t('audit.event')}
        placeholder={t('common:state.all')}
        data={auditEvents.map((event) => ({ value: event, label: t(`audit.events.${event}`) }))}
        value={search.event ?? null}
        onChange={(event) => set({ event: event ?? '' })}
        searchable
        clearable
        w={220}
      />
      <Select
        label={t('audit.member')}
        placeholder={t('common:state.all')}
        data={(members?.list ?? []).map(({ tmbId, memberName }) => ({ value: tmbId, label: memberName }))}
        value={search.member ?? null}
        onChange={(member) => set({ member: member ?? '' })}
        searchable
        clearable
        w={200}
      />
      <TextInput
        type="date"
        label={t('audit.from')}
        value={search.from ?? ''}
        max={search.to}
        onChange={({ currentTarget }) => set({ from: currentTarget.value })}
      />
      <TextInput
        type="date"
        label={t('audit.to')}
        value={search.to ?? ''}
        min={search.from}
        onChange={({ currentTarget }) => set({ to: currentTarget.value })}
      />
    </Group>
  );
}

function Entries({ list }: { list: Entry[] }) {
  const { t } = useTranslation('settings');
  return (
    <Table.ScrollContainer
      minWidth={900}
      // Nothing in it takes the focus, so that the keyboard scrolls the table itself.
      scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': t('part.audit') } }}
    >
      <Table verticalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('audit.time')}</Table.Th>
            <Table.Th>{t('audit.member')}</Table.Th>
            <Table.Th>{t('audit.event')}</Table.Th>
            <Table.Th>{t('audit.detail')}</Table.Th>
            <Table.Th>{t('audit.address')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.map((entry) => (
            <Table.Tr key={entry._id}>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>{fullTime(new Date(entry.timestamp))}</Table.Td>
              <Table.Td>{entry.sourceMember.name}</Table.Td>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                <Badge variant="light" color="gray">
                  {isAuditEvent(entry.event) ? t(`audit.events.${entry.event}`) : entry.event}
                </Badge>
              </Table.Td>
              <Table.Td maw={360}>
                <Details of={entry.metadata} />
              </Table.Td>
              <Table.Td>{entry.address || '–'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** What was written down of a change, by name, as it was written. */
function Details({ of }: { of: Record<string, unknown> }) {
  const text = Object.entries(of)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' · ');
  return (
    <Text size="sm" c="dimmed" lineClamp={2} title={text} style={{ overflowWrap: 'anywhere' }}>
      {text || '–'}
    </Text>
  );
}
