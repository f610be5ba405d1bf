import { LecternError, type ServerSentEvent } from '@lectern/contract/client.ts';
import { isLoggedOut } from '../../api/session-ended.ts';
import type { Job } from './queries.ts';
import { isUnfinished } from './unfinished.ts';

/** Jobs by id, as the feed last told of them. */
export type FeedJobs = ReadonlyMap<string, Job>;

/**
 * What is known after an event. A snapshot holds everything unfinished: what was unfinished and is not in it has ended
 * or gone meanwhile, and is forgotten, so that the list says what became of it.
 */
export function applyEvent(jobs: FeedJobs, { event, data }: ServerSentEvent): FeedJobs {
  const next = new Map(jobs);
  if (event === 'snapshot') {
    for (const job of jobs.values()) if (isUnfinished(job)) next.delete(job._id);
    for (const job of JSON.parse(data) as Job[]) next.set(job._id, job);
  } else if (event === 'job') {
    const job = JSON.parse(data) as Job;
    next.set(job._id, job);
  } else if (event === 'gone') {
    next.delete((JSON.parse(data) as { _id: string })._id);
  } else return jobs;
  return next;
}

/** Whether something ended or went between two states of the feed, also what was not seen before it had ended. */
export function hasEnded(before: FeedJobs, now: FeedJobs): boolean {
  const isOpen = (job: Job | undefined) => job !== undefined && isUnfinished(job);
  return (
    [...before.values()].some((job) => isUnfinished(job) && !isOpen(now.get(job._id))) ||
    [...now.values()].some((job) => !isUnfinished(job) && !before.has(job._id))
  );
}

/** Whether coming back later could help: not where the server says that it never will. Somebody may log in again. */
export const mayComeBack = (error: unknown): boolean =>
  !(error instanceof LecternError) || error.status === 429 || error.status >= 500 || isLoggedOut(error);

/** Whether nobody answers for now, or only what stands before the server. */
export const isAway = (error: unknown): boolean => !(error instanceof LecternError) || error.status >= 500;
