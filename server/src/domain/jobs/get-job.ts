import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { jobEndpoints } from '@lectern/contract/jobs.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { JobError } from '../../jobs/failure.ts';
import { syncKind } from '../../jobs/sync/kinds.ts';
import { unreadPages } from '../../jobs/sync/site-pages.ts';
import { fromJson } from '../../store/json.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { presentJob } from './present.ts';
import { requireJob } from './queries.ts';

/** One job as it is now; that of a website with the pages that it could not read. */
export async function getJob(
  app: Pick<App, 'store'>,
  caller: Caller,
  id: string,
  lang: Lang,
): Promise<OutputOf<typeof jobEndpoints.getJob>> {
  authorize(caller, 'dataset:read');
  const job = await requireJob(app.store.db, caller.teamId, id);
  const shown = presentJob(job, lang);
  if (job.kind !== syncKind || job.datasetId === null) return shown;
  const pages = await unreadPages(app.store.db, { teamId: caller.teamId, datasetId: job.datasetId });
  const problems = pages.map(({ url, error }) => {
    const why = fromJson<Partial<JobError>>(error, {});
    return { url, error: why[lang] ?? '', errorName: why.name ?? '' };
  });
  return problems.length > 0 ? { ...shown, problems } : shown;
}
