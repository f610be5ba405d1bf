import type { jobRecord } from '@lectern/contract/jobs.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { z } from 'zod';
import { type ArchiveImportPayload, archiveImportKind } from '../../jobs/archive/import-archive.ts';
import type { JobError } from '../../jobs/failure.ts';
import type { Speed } from '../../jobs/job-rows.ts';
import { fromJson } from '../../store/json.ts';
import { hintOf } from './hints.ts';
import type { FoundJob } from './queries.ts';

const iso = (time: number) => new Date(time).toISOString();

/** A job as callers see it; its error and hint in their language. */
export function presentJob(job: FoundJob, lang: Lang): z.input<typeof jobRecord> {
  const error = fromJson<JobError | undefined>(job.error, undefined);
  const cause = job.cause as z.input<typeof jobRecord>['cause'];
  return {
    _id: job.id,
    kind: job.kind,
    name: job.collectionName ?? job.datasetName ?? nameOf(job),
    datasetId: job.datasetId,
    collectionId: job.collectionId,
    state: job.state,
    stage: job.stage,
    percent: Math.round(job.percent * 10) / 10,
    counts: fromJson<Record<string, number>>(job.counts, {}),
    speed: fromJson<Speed | null>(job.speed, null),
    attempts: job.attempts,
    maxAttempts: job.maxAttempts,
    nextTryTime: job.state === 'waiting' ? iso(job.runTime) : null,
    error: error?.[lang] ?? '',
    errorName: error?.name ?? null,
    cause,
    hint: hintOf(job, error)[lang],
    createTime: iso(job.createTime),
    startTime: job.startTime === null ? null : iso(job.startTime),
    endTime: job.endTime === null ? null : iso(job.endTime),
    updateTime: iso(job.updateTime),
  };
}

/** What a job of no dataset is about: an archive makes its dataset only in the end. */
function nameOf({ kind, payload }: FoundJob): string {
  return kind === archiveImportKind ? (fromJson<Partial<ArchiveImportPayload>>(payload, {}).name ?? '') : '';
}
