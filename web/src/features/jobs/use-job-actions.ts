import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client.ts';
import { notifyError } from '../../ui/notify.ts';
import type { Job } from './queries.ts';

/** Retrying and cancelling a job. */
export function useJobActions() {
  const queries = useQueryClient();
  const onSettled = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['jobs'] }),
      queries.invalidateQueries({ queryKey: ['datasets'] }),
    ]);
  const retry = useMutation({
    mutationFn: ({ _id }: Pick<Job, '_id'>) => api.retryJob({ id: _id }),
    onError: notifyError,
    onSettled,
  });
  const cancel = useMutation({
    mutationFn: ({ _id }: Pick<Job, '_id'>) => api.cancelJob({ id: _id }),
    onError: notifyError,
    onSettled,
  });
  return { retry, cancel };
}
