import type { jobEndpoints } from '@lectern/contract/jobs.ts';
import { cancelJob } from '../domain/jobs/cancel-job.ts';
import { followJobs } from '../domain/jobs/follow-jobs.ts';
import { getJob } from '../domain/jobs/get-job.ts';
import { listJobs } from '../domain/jobs/list-jobs.ts';
import { retryJob } from '../domain/jobs/retry-job.ts';
import type { Handlers } from './handler.ts';

export const jobHandlers: Handlers<typeof jobEndpoints> = {
  listJobs: (input, { app, caller, lang }) => listJobs(app, caller, input, lang),
  streamJobs: async (input, { app, caller, ...context }) => ({
    frames: await followJobs(app, caller, input, context),
  }),
  getJob: ({ id }, { app, caller, lang }) => getJob(app, caller, id, lang),
  retryJob: ({ id }, { app, caller, lang }) => retryJob(app, caller, id, lang),
  cancelJob: ({ id }, { app, caller, lang }) => cancelJob(app, caller, id, lang),
};
