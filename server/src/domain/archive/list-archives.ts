import type { archiveEndpoints } from '@lectern/contract/archive.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import { archiveKind } from '../../jobs/archive/make-archive.ts';
import type { JobError } from '../../jobs/failure.ts';
import { fromJson } from '../../store/json.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { fileLink } from '../files/links.ts';
import { authorize } from '../policy.ts';

type Endpoint = typeof archiveEndpoints.listArchives;

/** How long a link to an archive works, in milliseconds; asking again gives a new one. */
const linkMs = 60 * 60_000;
const mostShown = 20;

/** The archives of a dataset that are being made or can be fetched, the latest first. */
export async function listArchives(
  app: Pick<App, 'store' | 'tokens'>,
  caller: Caller,
  { datasetId, jobId }: InputOf<Endpoint>,
  { origin, lang }: { origin: string; lang: Lang },
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:write');
  const { db } = app.store;
  const { teamId } = caller;
  await requireDataset(db, teamId, datasetId);
  const archives = db
    .selectFrom('jobs')
    .leftJoin('files', (join) =>
      join.onRef('files.id', '=', 'jobs.id').onRef('files.teamId', '=', 'jobs.teamId'),
    )
    .select(['jobs.id', 'jobs.state', 'jobs.stage', 'jobs.percent', 'jobs.counts', 'jobs.error'])
    .select(['jobs.createTime', 'files.name', 'files.size', 'files.expireTime'])
    .where('jobs.teamId', '=', teamId)
    .where('jobs.datasetId', '=', datasetId)
    .where('jobs.kind', '=', archiveKind)
    .orderBy('jobs.id', 'desc')
    .limit(mostShown);
  const jobs = await (jobId === undefined ? archives : archives.where('jobs.id', '=', jobId)).execute();
  return jobs.map((job) => {
    const { id, name, size, expireTime, error } = job;
    const there = name !== null && expireTime !== null && Number(expireTime) > Date.now();
    return {
      jobId: id,
      state: job.state,
      percent: Math.round(job.percent),
      error: fromJson<JobError | undefined>(error, undefined)?.[lang] ?? '',
      createTime: new Date(Number(job.createTime)).toISOString(),
      ...(there && {
        file: {
          name,
          size: Number(size),
          url: fileLink(app, origin, { id, teamId, name }, linkMs),
          expireTime: new Date(Number(expireTime)).toISOString(),
        },
      }),
    };
  });
}
