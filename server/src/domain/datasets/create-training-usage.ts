import type { InputOf } from '@lectern/contract/endpoint.ts';
import type { limitEndpoints } from '@lectern/contract/limits.ts';
import { newId } from '../../kernel/ids.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { requireContentDataset } from './queries.ts';

/** Opens a bill; what models cost for data that is pushed with its id is added up under it. Answers the id. */
export async function createTrainingUsage(
  { store: { db } }: Pick<App, 'store'>,
  caller: Caller,
  input: InputOf<(typeof limitEndpoints)['createTrainingUsage']>,
): Promise<string> {
  authorize(caller, 'dataset:write');
  const { teamId, memberId } = caller;
  const dataset = await requireContentDataset(db, teamId, input.datasetId);
  const now = Date.now();
  const id = newId(now);
  const name = input.name ?? dataset.name;
  await db
    .insertInto('training_bills')
    .values({ id, teamId, memberId, datasetId: dataset.id, name, createTime: now })
    .execute();
  return id;
}
