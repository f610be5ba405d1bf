import { newId } from '../../kernel/ids.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { requireContentDataset } from './queries.ts';

/** An id that clients send along with what they push; use is counted by key, so nothing is kept of it. */
export async function createTrainingUsage(
  app: Pick<App, 'store'>,
  caller: Caller,
  datasetId: string,
): Promise<string> {
  authorize(caller, 'dataset:write');
  await requireContentDataset(app.store.db, caller.teamId, datasetId);
  return newId();
}
