import type { Lang, Text } from '@lectern/contract/lang.ts';
import type { JobError } from '../../jobs/failure.ts';
import { fromJson } from '../../store/json.ts';
import type { JobRow } from '../../store/schema.ts';
import { hintOf } from '../jobs/hints.ts';
import { failedOf, pendingOf, type TrainingCount } from '../training/queries.ts';
import type { ImportState } from './queries.ts';

/** What is known of the way of a collection's items: read, given to models, embedded. */
export interface CollectionWork {
  job: ImportState | undefined;
  items: readonly TrainingCount[];
  trainJob: JobRow | undefined;
  /** Items without their vectors. */
  waiting: number;
  embedJob: JobRow | undefined;
  /** Items that are through. */
  stored: number;
}

interface Shown {
  progress?: { state: string; stage: string; percent: number };
  error?: string;
  cause?: string;
  hint?: string;
}

type Stopped = Pick<JobRow, 'id' | 'state' | 'error' | 'cause'>;

/** The first of the three steps that is not through, and why it waits or failed. Nothing where nothing was imported. */
export function progressOf(work: CollectionWork, lang: Lang): Shown {
  const { job, items, trainJob, waiting, embedJob, stored } = work;
  if (job && job.state !== 'done') {
    return {
      progress: { state: job.state, stage: job.stage, percent: job.percent },
      ...reasonOf(job, lang),
    };
  }
  const asked = pendingOf(items);
  const open = asked + waiting;
  // Not all until the last is through.
  const percent = Math.min(99, Math.round((100 * stored) / Math.max(1, stored + open)));
  if (asked > 0) {
    const { state: now } = trainJob ?? {};
    const state = now === 'running' || now === 'cancelled' ? now : 'waiting';
    return { progress: { state, stage: 'train', percent }, ...reasonOf(trainJob, lang) };
  }
  if (waiting > 0) {
    const state = embedJob && embedJob.state !== 'done' ? embedJob.state : 'waiting';
    return { progress: { state, stage: 'embed', percent }, ...reasonOf(embedJob, lang) };
  }
  if (failedOf(items) > 0)
    return { progress: { state: 'failed', stage: 'train', percent: 100 }, ...reasonOf(trainJob, lang) };
  return job ? { progress: { state: job.state, stage: job.stage, percent: job.percent } } : {};
}

function reasonOf(job: Stopped | undefined, lang: Lang): Omit<Shown, 'progress'> {
  if (!job) return {};
  const stored = fromJson<JobError | undefined>(job.error, undefined);
  const error = job.state === 'cancelled' ? cancelledText(job.id)[lang] : stored?.[lang];
  const hint = hintOf(job, stored)[lang];
  return {
    ...(error && { error }),
    ...(job.cause && { cause: job.cause }),
    ...(hint && { hint }),
  };
}

const cancelledText = (id: string): Text => ({
  en: `The job ${id} was cancelled: nobody does the rest until it is retried (POST /api/core/jobs/${id}/retry).`,
  zh: `任务 ${id} 已取消：重试（POST /api/core/jobs/${id}/retry）之前不会继续处理其余内容。`,
});
