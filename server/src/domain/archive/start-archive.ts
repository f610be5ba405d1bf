import type { archiveEndpoints } from '@lectern/contract/archive.ts';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import { type ArchivePayload, archiveKind } from '../../jobs/archive/make-archive.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';

type Endpoint = typeof archiveEndpoints.makeArchive;

/** Begins to make the archive of a dataset. */
export async function startArchive(
  app: Pick<App, 'store' | 'jobs'>,
  caller: Caller,
  { datasetId, vectors }: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:write');
  const { teamId, memberId } = caller;
  await requireContentDataset(app.store.db, teamId, datasetId);
  const payload: ArchivePayload = { vectors: vectors ?? false, memberId };
  const jobId = await app.jobs.enqueue({ kind: archiveKind, teamId, datasetId, payload });
  app.jobs.wake();
  return { jobId };
}
