import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { itemEndpoints } from '@lectern/contract/items.ts';
import { lockTree } from '../../store/locking.ts';
import { markDeleted } from '../collections/remove.ts';
import type { App, Caller } from '../context.ts';
import { requireDataset } from '../datasets/queries.ts';
import { invalid } from '../models/address.ts';
import { authorize } from '../policy.ts';
import { type ItemKey, requireItem } from './queries.ts';

type Endpoint = typeof itemEndpoints.pruneItems;

/** So many ids are shown of those that were deleted. */
const mostShown = 1000;

/** Deletes the documents with ids of the caller's that are not to be kept. */
export async function pruneItems(
  app: Pick<App, 'store' | 'jobs'>,
  caller: Caller,
  { datasetId, keep, all, dryRun }: InputOf<Endpoint>,
): Promise<OutputOf<Endpoint>> {
  authorize(caller, 'dataset:write');
  if (keep.length === 0 && !all) {
    throw invalid('keep', {
      en: 'is empty; send all: true to delete all',
      zh: '为空；如需全部删除请传 all: true',
    });
  }
  const { teamId } = caller;
  const kept = new Set(keep);
  const gone = await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `knowledge ${teamId}`, 'alone');
    await requireDataset(trx, teamId, datasetId);
    const rows = await trx
      .selectFrom('collections')
      .select(['id', 'externalId'])
      .where('teamId', '=', teamId)
      .where('datasetId', '=', datasetId)
      .where('externalId', 'is not', null)
      .where('deletedTime', 'is', null)
      .orderBy('externalId')
      .execute();
    const found = rows.filter(({ externalId }) => externalId !== null && !kept.has(externalId));
    if (!dryRun && found.length > 0) {
      await markDeleted(app, trx, teamId, { collectionIds: found.map(({ id }) => id) });
    }
    return found.map(({ externalId }) => externalId ?? '');
  });
  if (!dryRun) app.jobs.wake();
  return { deleted: dryRun ? 0 : gone.length, externalIds: gone.slice(0, mostShown) };
}

/** Deletes one document by the caller's own id. */
export async function deleteItem(
  app: Pick<App, 'store' | 'jobs'>,
  caller: Caller,
  key: ItemKey,
): Promise<void> {
  authorize(caller, 'dataset:write');
  const { teamId } = caller;
  await app.store.db.transaction().execute(async (trx) => {
    await lockTree(app.store, trx, `knowledge ${teamId}`, 'alone');
    const { id } = await requireItem(trx, teamId, key);
    await markDeleted(app, trx, teamId, { collectionIds: [id] });
  });
  app.jobs.wake();
}
