import { Button, Group, Pagination, Paper, Stack, Text, Title } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorAlert } from '../../../ui/error-alert.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { OfBefore } from '../../../ui/of-before.tsx';
import { lastPage, useLastPage } from '../../../ui/use-last-page.ts';
import classes from './audit.module.css';
import { AuditEntry } from './audit-entry.tsx';
import { AuditFilters } from './audit-filters.tsx';
import { dayName, daysOf } from './days.ts';
import { auditQuery, type Entry, pageSize } from './queries.ts';

/** Who did what, and when: log-ins, and changes of what gives access. */
export function AuditPage() {
  const { t } = useTranslation(['audit', 'common']);
  const search = useSearch({ from: '/shell/settings/audit' });
  const navigate = useNavigate({ from: '/settings/audit' });
  const entries = useQuery(auditQuery(search));
  const { data, error, refetch } = entries;
  const open = (page: number, replace = false) =>
    void navigate({ search: (before) => ({ ...before, page }), replace });
  useLastPage(entries, { page: search.page ?? 1, perPage: pageSize, onPage: (last) => open(last, true) });
  const filtered = Object.keys(search).some((key) => key !== 'page');
  const pages = lastPage(data?.total ?? 0, pageSize);
  return (
    <Stack>
      <AuditFilters people={data?.list.map(({ sourceMember }) => sourceMember) ?? []} />
      {error && <ErrorAlert error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data?.total === 0 && (
        <EmptyState
          icon={IconHistory}
          title={t(filtered ? 'noneFound' : 'empty')}
          text={t(filtered ? 'noneFoundText' : 'emptyText')}
        >
          {filtered && (
            <Button variant="default" onClick={() => navigate({ search: {} })}>
              {t('all')}
            </Button>
          )}
        </EmptyState>
      )}
      {data && data.total > 0 && (
        <>
          <OfBefore when={entries.isPlaceholderData}>
            <Stack>
              {daysOf(data.list).map(({ day, list }) => (
                <Day key={day} day={day} list={list} />
              ))}
            </Stack>
          </OfBefore>
          <Group justify="space-between">
            <Text size="sm" c="dimmed">
              {t('common:list.total', { count: data.total })}
            </Text>
            {pages > 1 && (
              <Pagination
                aria-label={t('common:list.page')}
                total={pages}
                value={search.page ?? 1}
                onChange={(page) => open(page)}
              />
            )}
          </Group>
        </>
      )}
    </Stack>
  );
}

function Day({ day, list }: { day: string; list: Entry[] }) {
  return (
    <section aria-labelledby={`day-${day}`}>
      <Title order={2} size="sm" mb={6} id={`day-${day}`}>
        {dayName(day)}
      </Title>
      <Paper withBorder component="ul" className={classes.list}>
        {list.map((entry) => (
          <AuditEntry key={entry._id} entry={entry} />
        ))}
      </Paper>
    </section>
  );
}
