import { queryOptions } from '@tanstack/react-query';
import { type Answer, api, type Request } from '../../api/client.ts';

export type Job = Answer<'getJob'>;
export type JobsFilter = Pick<Request<'listJobs'>, 'state' | 'kind' | 'datasetId'>;

export const jobsPerPage = 20;

/** A page of jobs, newest first. */
export const jobsQuery = (filter: JobsFilter, page = 1) =>
  queryOptions({
    queryKey: ['jobs', 'list', filter, page],
    queryFn: () => api.listJobs({ ...filter, pageNum: page, pageSize: jobsPerPage }),
  });

/** One job with what went wrong inside it. */
export const jobQuery = (id: string) =>
  queryOptions({ queryKey: ['jobs', 'one', id], queryFn: () => api.getJob({ id }) });

/** How many jobs run: for the navigation, so it is asked seldom, and only while somebody looks. */
export const runningJobsQuery = queryOptions({
  queryKey: ['jobs', 'running'],
  queryFn: async () => (await api.listJobs({ state: 'running', pageSize: 1 })).total,
  refetchInterval: (query) => ((query.state.data ?? 0) > 0 ? 10_000 : 60_000),
});
