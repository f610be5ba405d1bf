import { createHash } from 'node:crypto';
import type { App } from '../context.ts';

export const autoSyncKind = 'auto-sync';

/** There is one such job for each dataset: it begins a synchronisation every day. */
export const autoSyncJobId = (datasetId: string): string =>
  createHash('sha256').update(`auto-sync:${datasetId}`).digest('hex').slice(0, 24);

/** Sees to it that a dataset is synchronised every day, beginning with now, for as long as it says so itself. */
export async function keepSyncing(
  app: Pick<App, 'jobs'>,
  { teamId, id }: { teamId: string; id: string },
): Promise<void> {
  const input = { kind: autoSyncKind, teamId, datasetId: id, payload: {}, maxAttempts: 1000 };
  await app.jobs.enqueueOnce(autoSyncJobId(id), input);
}
