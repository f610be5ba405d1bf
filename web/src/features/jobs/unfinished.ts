import type { Job } from './queries.ts';

/** Whether a job still has something to do. */
export const isUnfinished = (job: Pick<Job, 'state'>): boolean =>
  job.state === 'waiting' || job.state === 'running';
