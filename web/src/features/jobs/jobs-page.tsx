import { Group, Pagination, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconProgressCheck } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { JobsSearch } from '../../routes/jobs.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { formatNumber } from '../../ui/format.ts';
import { OfBefore } from '../../ui/of-before.tsx';
import { Page } from '../../ui/page.tsx';
import { Select } from '../../ui/select.tsx';
import { useLastPage } from '../../ui/use-last-page.ts';
import { DatasetFilter } from './dataset-filter.tsx';
import { FeedAway, JobRow, jobKinds, useKindName } from './job-row.tsx';
import { type Job, jobsPerPage, jobsQuery } from './queries.ts';
import { isUnfinished } from './unfinished.ts';
import { useJobFeed } from './use-job-feed.ts';

/** Unfinished jobs that are shown at once; more are only counted. */
const mostShown = 50;

const newestFirst = (a: Job, b: Job) =>
  Number(b.state === 'running') - Number(a.state === 'running') || b.createTime.localeCompare(a.createTime);

/** Everything the server does in the background: what runs, and what became of the rest. */
export function JobsPage() {
  const { t } = useTranslation('jobs');
  const search = useSearch({ from: '/shell/jobs' });
  const { jobs: feed, away } = useJobFeed(search.dataset);
  const {
    data: listed,
    error,
    refetch,
  } = useQuery({
    ...jobsQuery({ state: 'unfinished', ...(search.dataset && { datasetId: search.dataset }) }),
    // Where no feed comes through, the list is read again now and then.
    refetchInterval: feed.size === 0 ? 15_000 : false,
  });
  const known = new Map([...(listed?.list ?? []).map((job) => [job._id, job] as const), ...feed]);
  const running = [...known.values()]
    .filter((job) => isUnfinished(job) && (!search.kind || job.kind === search.kind))
    .sort(newestFirst);
  return (
    <Page title={t('title')} text={t('intro')} width={960}>
      <Stack gap="lg">
        <Filters search={search} />
        {away && <FeedAway />}
        {/* While the server is away, that says enough. */}
        {error && !away && <ErrorAlert error={error} onRetry={refetch} />}
        {running.length > 0 && !search.state && (
          <Stack gap="xs">
            <Title order={2} size="h4">
              {t('now', { count: running.length })}
            </Title>
            <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
              {running.slice(0, mostShown).map((job) => (
                <JobRow key={job._id} job={job} still={away} />
              ))}
            </Stack>
            {running.length > mostShown && (
              <Text size="sm" c="dimmed">
                {t('andMore', { amount: formatNumber(running.length - mostShown) })}
              </Text>
            )}
          </Stack>
        )}
        <History search={search} someRun={running.length > 0} />
      </Stack>
    </Page>
  );
}

function Filters({ search }: { search: JobsSearch }) {
  const { t } = useTranslation('jobs');
  const navigate = useNavigate({ from: '/jobs' });
  const kindName = useKindName();
  const set = (change: Partial<Record<'state' | 'kind' | 'dataset', string | null>>) => {
    const { page: _, ...kept } = search;
    const next = Object.entries({ ...kept, ...change }).filter(([, value]) => value);
    void navigate({ search: Object.fromEntries(next) as JobsSearch, replace: true });
  };
  return (
    <Group gap="sm">
      <Select
        aria-label={t('filter.state')}
        placeholder={t('filter.state')}
        clearable
        w={{ base: '100%', xs: 170 }}
        value={search.state ?? null}
        data={(['done', 'failed', 'cancelled'] as const).map((value) => ({
          value,
          label: t(`state.${value}`),
        }))}
        onChange={(state) => set({ state })}
      />
      <Select
        aria-label={t('filter.kind')}
        placeholder={t('filter.kind')}
        clearable
        w={{ base: '100%', xs: 220 }}
        value={search.kind ?? null}
        data={jobKinds.map((value) => ({ value, label: kindName(value) }))}
        onChange={(kind) => set({ kind })}
      />
      <DatasetFilter value={search.dataset} onChange={(dataset) => set({ dataset })} />
    </Group>
  );
}

function History({ search, someRun }: { search: JobsSearch; someRun: boolean }) {
  const { t } = useTranslation(['jobs', 'common']);
  const navigate = useNavigate({ from: '/jobs' });
  const page = search.page ?? 1;
  const filter = {
    state: search.state ?? ('ended' as const),
    ...(search.kind && { kind: search.kind }),
    ...(search.dataset && { datasetId: search.dataset }),
  };
  const jobs = useQuery({ ...jobsQuery(filter, page), placeholderData: keepPreviousData });
  const open = (next: number, replace = false) =>
    void navigate({ search: { ...search, page: next }, replace });
  useLastPage(jobs, { page, perPage: jobsPerPage, onPage: (last) => open(last, true) });
  if (jobs.isPending) return <Skeleton h={200} />;
  if (jobs.error) return <ErrorAlert error={jobs.error} onRetry={() => jobs.refetch()} />;
  const { list, total } = jobs.data;
  const filtered = Boolean(search.state ?? search.kind ?? search.dataset);
  if (total === 0)
    return someRun ? null : (
      <EmptyState
        icon={IconProgressCheck}
        title={t(filtered ? 'empty.foundTitle' : 'empty.title')}
        text={t(filtered ? 'empty.found' : 'empty.text')}
      />
    );
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {t('history')}
      </Title>
      <OfBefore when={jobs.isPlaceholderData}>
        <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
          {list.map((job) => (
            <JobRow key={job._id} job={job} />
          ))}
        </Stack>
      </OfBefore>
      {total > jobsPerPage && (
        <Pagination
          mt="sm"
          value={page}
          total={Math.ceil(total / jobsPerPage)}
          onChange={(next) => open(next)}
          getControlProps={() => ({ 'aria-label': t('common:list.page') })}
        />
      )}
    </Stack>
  );
}
