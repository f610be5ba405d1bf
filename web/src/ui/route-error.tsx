import { LecternError } from '@lectern/contract/client.ts';
import { Box } from '@mantine/core';
import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useRouter } from '@tanstack/react-router';
import { ErrorAlert } from './error-alert.tsx';
import { NotFound } from './not-found.tsx';

/** A screen whose data could not be read, or that failed: it says why and tries again. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const queries = useQueryErrorResetBoundary();
  if (error instanceof LecternError && error.status === 404) return <NotFound />;
  const retry = async () => {
    queries.reset();
    reset();
    await router.invalidate();
  };
  return (
    <Box p="lg" maw={720} mx="auto">
      <ErrorAlert error={error} onRetry={retry} />
    </Box>
  );
}
