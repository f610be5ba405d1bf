import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { mayExport } from '../users/login-attempts.ts';

/** Throws what exporting the dataset now would throw. */
export async function checkExport(app: Pick<App, 'store'>, caller: Caller, datasetId: string): Promise<void> {
  authorize(caller, 'dataset:read');
  await requireDataset(app.store.db, caller.teamId, datasetId);
  await mayExport(app, caller.memberId);
}
