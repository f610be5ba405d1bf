import { LecternError } from '@lectern/contract/client.ts';
import { describe, expect, it } from 'vitest';
import { applyEvent, type FeedJobs, hasEnded, isAway, mayComeBack } from './job-feed.ts';
import type { Job } from './queries.ts';

const job = (_id: string, state: Job['state'], percent = 0) => ({ _id, state, percent }) as Job;
const told = (jobs: FeedJobs) => [...jobs.values()].map(({ _id, state }) => `${_id} ${state}`).sort();
const after = (events: [string, unknown][]) =>
  events.reduce<FeedJobs>(
    (jobs, [event, data]) => applyEvent(jobs, { event, data: JSON.stringify(data) }),
    new Map(),
  );

describe('the feed of jobs', () => {
  it('keeps the latest of each job, also how it ended', () => {
    const jobs = after([
      ['snapshot', [job('a', 'running'), job('b', 'waiting')]],
      ['job', job('a', 'running', 50)],
      ['job', job('b', 'failed')],
      ['job', job('c', 'done')],
    ]);
    expect(told(jobs)).toEqual(['a running', 'b failed', 'c done']);
    expect(jobs.get('a')?.percent).toBe(50);
  });

  it('forgets what is gone, and what ended while nobody listened', () => {
    const jobs = after([
      ['snapshot', [job('a', 'running'), job('b', 'running'), job('c', 'waiting')]],
      ['job', job('c', 'done')],
      ['gone', { _id: 'a' }],
      ['snapshot', [job('d', 'running')]],
    ]);
    expect(told(jobs)).toEqual(['c done', 'd running']);
  });

  it('tells when something ended or went, also what was over before it was seen', () => {
    const open = after([['snapshot', [job('a', 'running')]]]);
    expect(hasEnded(open, after([['job', job('a', 'running', 50)]]))).toBe(false);
    expect(hasEnded(open, after([['job', job('a', 'done')]]))).toBe(true);
    expect(hasEnded(open, new Map())).toBe(true);
    const quick = after([
      ['snapshot', [job('a', 'running')]],
      ['job', job('b', 'done')],
    ]);
    expect(hasEnded(open, quick)).toBe(true);
    expect(hasEnded(quick, quick)).toBe(false);
  });

  it('does not mind events it does not know', () => {
    const before: FeedJobs = new Map([['a', job('a', 'running')]]);
    expect(applyEvent(before, { event: 'news', data: '{}' })).toBe(before);
  });

  it('comes back after a fault of the way', () => {
    expect(mayComeBack(new TypeError('network'))).toBe(true);
  });

  it('says that the server is away when nobody answers, not when somebody has to log in again', () => {
    expect(isAway(new TypeError('network'))).toBe(true);
    expect(isAway(new LecternError(502, { statusText: 'badGateway' }))).toBe(true);
    expect(isAway(new LecternError(401, { statusText: 'unAuthorization' }))).toBe(false);
  });

  it('comes back when somebody may have logged in again, not when it is refused', () => {
    expect(mayComeBack(new LecternError(401, { statusText: 'unAuthorization' }))).toBe(true);
    expect(mayComeBack(new LecternError(403, { statusText: 'unAuthTeam' }))).toBe(false);
  });
});
