import { Alert, Anchor, Badge, Box, Button, Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { mayEdit, useMe } from '../../api/me.ts';
import { formatBytes, formatDuration, formatNumber, formatPercent } from '../../ui/format.ts';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { countsOf, secondsLeft } from './job-numbers.ts';
import { JobProblems } from './job-problems.tsx';
import type { Job } from './queries.ts';
import { isUnfinished } from './unfinished.ts';
import { useJobActions } from './use-job-actions.ts';

const stateColors = {
  waiting: 'gray',
  running: 'lectern',
  done: 'teal',
  failed: 'red',
  cancelled: 'gray',
} as const;

const kinds = [
  'import',
  'embed',
  'train',
  'reindex',
  'rebuild-embedding',
  'evaluate',
  'sync-dataset',
  'auto-sync',
  'archive',
  'archive-import',
] as const;
const stages = [
  'fetch',
  'parse',
  'headings',
  'chunk',
  'write',
  'embed',
  'train',
  'compare',
  'measure',
] as const;
const countKeys = [
  'written',
  'pagesByOcr',
  'fetched',
  'structured',
  'embedded',
  'trained',
  'refused',
  'failed',
  'rowsLeftOut',
  'linesLeftOut',
  'removed',
] as const;

const known = <T extends string>(list: readonly T[], value: string): T | undefined =>
  list.find((each) => each === value);

/** What a kind of job is called; a new one by its own name. */
export function useKindName() {
  const { t } = useTranslation('jobs');
  return (kind: string) => {
    const name = known(kinds, kind);
    return name ? t(`kind.${name}`) : kind;
  };
}

/** The kinds of jobs that people start. */
export const jobKinds = kinds;

/** Says that jobs stand as they were last known, for the server cannot be reached. */
export function FeedAway() {
  const { t } = useTranslation('jobs');
  return (
    <Alert color="orange" variant="light" role="status" icon={<IconPlugConnectedX aria-hidden />}>
      {t('away')}
    </Alert>
  );
}

interface JobRowProps {
  job: Job;
  withDataset?: boolean;
  /** It is shown as it was last known; nobody knows how it goes on. */
  still?: boolean;
}

/** One job: what it works on, how far it is, why it failed, and what can be done. */
export function JobRow({ job, withDataset = true, still = false }: JobRowProps) {
  const { t } = useTranslation('jobs');
  const kindName = useKindName();
  return (
    <Paper withBorder p="sm" component="li" aria-label={job.name || kindName(job.kind)}>
      <Stack gap={6}>
        <Group gap="sm" wrap="nowrap" justify="space-between">
          <Group gap="xs" wrap="nowrap" miw={0}>
            <JobName job={job} />
            <Text size="sm" c="dimmed" style={{ flexShrink: 0 }} visibleFrom="xs">
              {kindName(job.kind)}
            </Text>
          </Group>
          <Badge variant="light" color={stateColors[job.state]} style={{ flexShrink: 0 }}>
            {t(`state.${job.state}`)}
          </Badge>
        </Group>
        {isUnfinished(job) && (
          <Progress
            value={job.percent}
            size="sm"
            animated={job.state === 'running' && !still}
            aria-label={t('progressOf', { name: job.name })}
          />
        )}
        <Group gap="sm" justify="space-between" align="flex-end">
          <JobFacts job={job} still={still} />
          <JobButtons job={job} withDataset={withDataset} />
        </Group>
        {job.error && <JobError job={job} />}
        {job.kind === 'sync-dataset' && (job.counts.failed ?? 0) > 0 && <JobProblems job={job} />}
        {!job.error && job.hint && (
          <Text size="sm" c="dimmed">
            {job.hint}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

function JobName({ job }: { job: Job }) {
  const kindName = useKindName();
  const name = job.name || kindName(job.kind);
  const { datasetId, collectionId } = job;
  if (!datasetId)
    return (
      <Text fw={600} truncate title={name}>
        {name}
      </Text>
    );
  return (
    <Anchor
      fw={600}
      c="bright"
      truncate
      title={name}
      renderRoot={(props) =>
        collectionId ? (
          <Link
            to="/datasets/$datasetId/collections/$collectionId"
            params={{ datasetId, collectionId }}
            {...props}
          />
        ) : (
          <Link to="/datasets/$datasetId" params={{ datasetId }} {...props} />
        )
      }
    >
      {name}
    </Anchor>
  );
}

/** Stage, counts, speed, tries and time in one line. */
function JobFacts({ job, still }: { job: Job; still: boolean }) {
  const { t } = useTranslation('jobs');
  const stage = known(stages, job.stage);
  const left = still ? undefined : secondsLeft(job, Date.now());
  const facts = [
    job.state === 'running' && (stage ? t(`stage.${stage}`) : job.stage),
    isUnfinished(job) && job.percent > 0 && formatPercent(job.percent / 100),
    ...countsOf(job).map(({ key, done, of }) => {
      const name = known(countKeys, key);
      const amount = of === undefined ? formatNumber(done) : `${formatNumber(done)} / ${formatNumber(of)}`;
      return name ? t(`count.${name}`, { amount, count: of ?? done }) : `${key} ${amount}`;
    }),
    job.state === 'running' && !still && job.speed && speedText(job.speed, t),
    left !== undefined && t('left', { time: formatDuration(left) }),
    job.attempts > 1 && t('attempts', { attempt: job.attempts, max: job.maxAttempts }),
  ].filter(Boolean);
  return (
    <Text size="sm" c="dimmed" component="div" flex="1 1 200px">
      {facts.join(' · ')}
      {facts.length > 0 && ' · '}
      {waitsUntil(job) ? (
        <>
          {t('next')} <TimeAgo time={job.nextTryTime} />
        </>
      ) : (
        <TimeAgo time={job.endTime ?? job.startTime ?? job.createTime} />
      )}
    </Text>
  );
}

/** Whether a job waits for a time, and not for its turn. */
const waitsUntil = ({ state, nextTryTime }: Job): boolean =>
  state === 'waiting' && nextTryTime !== null && Date.parse(nextTryTime) - Date.now() > 5000;

function speedText(
  speed: NonNullable<Job['speed']>,
  t: ReturnType<typeof useTranslation<'jobs'>>['t'],
): string {
  const value =
    speed.unit === 'bytes'
      ? formatBytes(speed.perSecond)
      : formatNumber(speed.perSecond, speed.perSecond < 10 ? 1 : 0);
  return t(`speed.${speed.unit}`, { value });
}

function JobButtons({ job, withDataset }: { job: Job; withDataset: boolean }) {
  const { t } = useTranslation('jobs');
  const { retry, cancel } = useJobActions();
  const { datasetId } = job;
  const may = mayEdit(useMe());
  const asked = (action: typeof retry) => action.isPending && action.variables._id === job._id;
  return (
    <Group gap="xs">
      {withDataset && datasetId && (
        <Button
          size="compact-sm"
          variant="subtle"
          renderRoot={(props) => <Link to="/datasets/$datasetId" params={{ datasetId }} {...props} />}
        >
          {t('openDataset')}
        </Button>
      )}
      {may && (job.state === 'failed' || job.state === 'cancelled') && (
        <Button size="compact-sm" variant="light" loading={asked(retry)} onClick={() => retry.mutate(job)}>
          {t('retry')}
        </Button>
      )}
      {may && isUnfinished(job) && (
        <Button
          size="compact-sm"
          variant="default"
          loading={asked(cancel)}
          onClick={() => cancel.mutate(job)}
        >
          {t('cancel')}
        </Button>
      )}
    </Group>
  );
}

function JobError({ job }: { job: Job }) {
  const { t } = useTranslation('jobs');
  return (
    <Box>
      <Text size="sm" c={job.state === 'failed' ? 'red' : undefined}>
        {job.error}
      </Text>
      {(job.cause || job.hint) && (
        <Text size="sm" c="dimmed">
          {job.cause && <b>{t(`cause.${job.cause}`)} </b>}
          {job.hint}
        </Text>
      )}
    </Box>
  );
}
