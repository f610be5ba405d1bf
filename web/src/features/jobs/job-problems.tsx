import { Box, Button, List, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorAlert } from '../../ui/error-alert.tsx';
import { Loading } from '../../ui/loading.tsx';
import { type Job, jobQuery } from './queries.ts';

/** The pages of a website that could not be read, and why; asked for when somebody wants to see them. */
export function JobProblems({ job }: { job: Job }) {
  const { t } = useTranslation('jobs');
  const [open, setOpen] = useState(false);
  return (
    <Box>
      <Button
        size="compact-sm"
        variant="subtle"
        aria-expanded={open}
        onClick={() => setOpen((before) => !before)}
      >
        {t(open ? 'hideProblems' : 'showProblems')}
      </Button>
      {open && <ProblemList id={job._id} />}
    </Box>
  );
}

function ProblemList({ id }: { id: string }) {
  const { t } = useTranslation('jobs');
  const { data, error, refetch } = useQuery(jobQuery(id));
  if (error) return <ErrorAlert error={error} onRetry={() => void refetch()} />;
  if (!data) return <Loading />;
  if (!data.problems?.length)
    return (
      <Text size="sm" c="dimmed">
        {t('noProblems')}
      </Text>
    );
  return (
    <List size="sm" mt={4} spacing={4}>
      {data.problems.map((problem) => (
        <List.Item key={problem.url}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {problem.url}
          </Text>
          <Text size="sm" c="red">
            {problem.error}
          </Text>
        </List.Item>
      ))}
    </List>
  );
}
