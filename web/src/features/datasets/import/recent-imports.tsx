import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { type Job, jobsQuery } from '../../jobs/queries.ts';
import { useJobFeed } from '../../jobs/use-job-feed.ts';

const JobRow = lazy(async () => ({ default: (await import('../../jobs/job-row.tsx')).JobRow }));

// It comes with the rows: by the time it is needed, nothing can be loaded.
const FeedAway = lazy(async () => ({ default: (await import('../../jobs/job-row.tsx')).FeedAway }));

const mostShown = 30;

const ranks: Record<Job['state'], number> = { running: 0, waiting: 1, failed: 2, done: 3, cancelled: 3 };

const order = (a: Job, b: Job): number =>
  ranks[a.state] - ranks[b.state] || b.createTime.localeCompare(a.createTime);

/** The imports of a dataset as they go on: what runs first, then what waits and what failed, then the rest. */
export function RecentImports({ datasetId }: { datasetId: string }) {
  const { t } = useTranslation(['datasets', 'jobs']);
  const { jobs: feed, away } = useJobFeed(datasetId);
  const listed = useQuery(jobsQuery({ datasetId, state: 'ended' }));
  const jobs = new Map(listed.data?.list.map((job) => [job._id, job]));
  for (const job of feed.values()) jobs.set(job._id, job);
  const shown = [...jobs.values()]
    .filter(({ collectionId, kind }) => collectionId || kind === 'import')
    .sort(order);
  if (shown.length === 0) return null;
  return (
    <Stack gap="xs" component="section">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {t('imports.title')}
        </Title>
        <Anchor
          size="sm"
          renderRoot={(props) => <Link to="/jobs" search={{ dataset: datasetId }} {...props} />}
        >
          {t('imports.all')}
        </Anchor>
      </Group>
      <Suspense>{away && <FeedAway />}</Suspense>
      <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        <Suspense>
          {shown.slice(0, mostShown).map((job) => (
            <JobRow key={job._id} job={job} withDataset={false} still={away} />
          ))}
        </Suspense>
      </Stack>
      {shown.length > mostShown && (
        <Text size="sm" c="dimmed">
          {t('imports.more', { count: shown.length - mostShown })}
        </Text>
      )}
    </Stack>
  );
}
