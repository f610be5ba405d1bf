import type { Job } from './queries.ts';

/** Counts that go up to another one: how much of what is done. */
const pairs = [
  ['written', 'total'],
  ['pagesByOcr', 'pagesToRead'],
  ['fetched', 'found'],
  ['structured', 'piecesToStructure'],
] as const;

/** How far a job is in what it counts, such as 790 of 1,480 passages; nothing where it counts nothing yet. */
export function countsOf({ counts, stage, state }: Pick<Job, 'counts' | 'stage' | 'state'>) {
  const parts: { key: string; done: number; of?: number }[] = [];
  for (const [key, total] of pairs) {
    const done = counts[key];
    const of = counts[total];
    // Pages that are read come before passages that are written.
    if (done === undefined || (of === undefined && done === 0)) continue;
    if (key === 'pagesByOcr' && stage !== 'parse' && done === 0) continue;
    // The last steps of a job that is done are not counted one by one.
    if (state === 'done' && of !== undefined) parts.push({ key, done: of });
    else parts.push({ key, done, ...(of !== undefined && { of }) });
  }
  for (const key of ['embedded', 'trained'] as const) {
    const done = counts[key];
    if (done === undefined) continue;
    const pending = counts.pending;
    parts.push({ key, done, ...(pending !== undefined && { of: done + pending }) });
  }
  for (const key of ['refused', 'failed', 'rowsLeftOut', 'linesLeftOut', 'removed'] as const) {
    const done = counts[key];
    if (done) parts.push({ key, done });
  }
  return parts;
}

/**
 * Seconds until a job is done, by its speed or by what it took so far; nothing while that would be a guess in the dark.
 * @param now milliseconds
 */
export function secondsLeft(
  job: Pick<Job, 'state' | 'percent' | 'startTime' | 'speed' | 'counts'>,
  now: number,
) {
  if (job.state !== 'running' || !job.startTime) return undefined;
  const { total, written } = job.counts;
  if (job.speed?.unit === 'items' && job.speed.perSecond > 0 && total && written)
    return Math.max(1, (total - written) / job.speed.perSecond);
  const passed = (now - Date.parse(job.startTime)) / 1000;
  if (job.percent < 10 || passed < 5) return undefined;
  return Math.max(1, (passed * (100 - job.percent)) / job.percent);
}
