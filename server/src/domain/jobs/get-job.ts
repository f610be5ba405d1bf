import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { jobEndpoints } from '@lectern/contract/jobs.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { presentJob } from './present.ts';
import { requireJob } from './queries.ts';

/** One job as it is now. */
export async function getJob(
  app: Pick<App, 'store'>,
  caller: Caller,
  id: string,
  lang: Lang,
): Promise<OutputOf<typeof jobEndpoints.getJob>> {
  authorize(caller, 'dataset:read');
  return presentJob(await requireJob(app.store.db, caller.teamId, id), lang);
}
