import type { InputOf } from '@lectern/contract/endpoint.ts';
import type { jobEndpoints } from '@lectern/contract/jobs.ts';
import type { App, Caller, RequestContext } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { callerRemains } from '../users/caller-remains.ts';

/** The frames of a caller who wants to see how the jobs of the team go on. */
export async function followJobs(
  app: Pick<App, 'store' | 'jobFeed'>,
  caller: Caller,
  input: InputOf<typeof jobEndpoints.streamJobs>,
  { lang, signal, lastEventId }: Pick<RequestContext, 'lang' | 'signal' | 'lastEventId'>,
): Promise<AsyncIterable<string>> {
  authorize(caller, 'dataset:read');
  const { datasetId, seconds } = input;
  if (datasetId) await requireDataset(app.store.db, caller.teamId, datasetId);
  const { teamId } = caller;
  return app.jobFeed.open({
    teamId,
    datasetId,
    lang,
    lastEventId: lastEventId ?? input.lastEventId,
    seconds,
    signal,
    allowed: () => callerRemains(app, caller),
  });
}
