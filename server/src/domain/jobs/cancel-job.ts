import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { jobEndpoints } from '@lectern/contract/jobs.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import { archiveImportKind, giveUpImport } from '../../jobs/archive/import-archive.ts';
import { cleanUpKind } from '../../jobs/clean-up.ts';
import { fail } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { presentJob } from './present.ts';
import { requireJob } from './queries.ts';

/** Ends a job; what it stored stays, unless it was a dataset that nobody has seen yet. */
export async function cancelJob(
  app: Pick<App, 'store' | 'jobs'>,
  caller: Caller,
  id: string,
  lang: Lang,
): Promise<OutputOf<typeof jobEndpoints.cancelJob>> {
  authorize(caller, 'dataset:write');
  const { db } = app.store;
  const { teamId } = caller;
  const before = await requireJob(db, teamId, id);
  // What was deleted is gone for everybody already.
  if (before.kind === cleanUpKind) throw fail('jobLasting');
  await app.jobs.cancel(teamId, id);
  const job = await requireJob(db, teamId, id);
  if (job.state !== 'cancelled') throw fail('jobEnded', { params: { state: job.state } });
  if (job.kind === archiveImportKind) await giveUpImport(app, job);
  return presentJob(job, lang);
}
