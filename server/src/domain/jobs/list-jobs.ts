import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { pageOf } from '@lectern/contract/fields.ts';
import type { jobEndpoints } from '@lectern/contract/jobs.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { JobRow } from '../../store/schema.ts';
import { requireCollection } from '../collections/queries.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { presentJob } from './present.ts';
import { internalKinds, selectJobs } from './queries.ts';

type Endpoint = typeof jobEndpoints.listJobs;

/** A page of the team's jobs, newest first. */
export async function listJobs(
  app: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<Endpoint>,
  lang: Lang,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:read');
  const { db } = app.store;
  const { teamId } = caller;
  if (input.datasetId) await requireDataset(db, teamId, input.datasetId);
  if (input.collectionId) await requireCollection(db, teamId, input.collectionId);
  let query = selectJobs(db, teamId);
  query = input.kind
    ? query.where('jobs.kind', '=', input.kind)
    : query.where('jobs.kind', 'not in', internalKinds);
  if (input.datasetId) query = query.where('jobs.datasetId', '=', input.datasetId);
  if (input.collectionId) query = query.where('jobs.collectionId', '=', input.collectionId);
  if (input.state) query = query.where('jobs.state', 'in', statesOf(input.state));
  const { offset, limit } = pageOf(input);
  const [jobs, counted] = await Promise.all([
    query.orderBy('jobs.createTime', 'desc').orderBy('jobs.id', 'desc').limit(limit).offset(offset).execute(),
    query
      .clearSelect()
      .select((eb) => eb.fn.countAll<number>().as('total'))
      .executeTakeFirst(),
  ]);
  return { list: jobs.map((job) => presentJob(job, lang)), total: Number(counted?.total ?? 0) };
}

function statesOf(asked: NonNullable<InputOf<Endpoint>['state']>): JobRow['state'][] {
  if (asked === 'unfinished') return ['waiting', 'running'];
  if (asked === 'ended') return ['done', 'failed', 'cancelled'];
  return [asked];
}
