import { settleFailed } from '../../jobs/settle-failed.ts';
import { lockRows } from '../../store/locking.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { requireData } from './queries.ts';

/** Deletes one item; no search finds it when this resolves. */
export async function deleteData(app: Pick<App, 'store'>, caller: Caller, id: string): Promise<void> {
  authorize(caller, 'dataset:write');
  await app.store.db.transaction().execute(async (trx) => {
    const { row } = await requireData(trx, caller.teamId, id);
    await lockRows(app.store, trx, 'collections', caller.teamId, [row.collectionId]);
    await app.store.index.remove(trx, [row.id]);
    await trx
      .deleteFrom('data_indexes')
      .where('teamId', '=', caller.teamId)
      .where('dataId', '=', id)
      .execute();
    await trx.deleteFrom('data').where('teamId', '=', caller.teamId).where('id', '=', id).execute();
    await settleFailed(trx, row);
  });
}
