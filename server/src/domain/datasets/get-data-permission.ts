import type { citationEndpoints } from '@lectern/contract/citations.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App, Caller } from '../context.ts';
import { may } from '../policy.ts';
import { requireDataset } from './queries.ts';

/** What the caller may do with a dataset; with one that does not exist, nothing. */
export async function getDataPermission(
  app: Pick<App, 'store'>,
  caller: Caller,
  datasetId: string,
): Promise<OutputOf<typeof citationEndpoints.getDataPermission>> {
  try {
    const { name } = await requireDataset(app.store.db, caller.teamId, datasetId);
    const hasWritePer = may(caller, 'dataset:write');
    return { datasetName: name, permission: { hasWritePer, hasReadPer: may(caller, 'dataset:read') } };
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.errorName !== 'datasetNotFound') throw thrown;
    return { datasetName: '', permission: { hasWritePer: false, hasReadPer: false } };
  }
}
