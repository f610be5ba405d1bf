import type { dataEndpoints } from '@lectern/contract/data.ts';
import type { InputOf } from '@lectern/contract/endpoint.ts';
import { prepareItems } from '../../jobs/items.ts';
import { fail } from '../../kernel/errors.ts';
import { fromJson } from '../../store/json.ts';
import { lockRows } from '../../store/locking.ts';
import type { App, Caller } from '../context.ts';
import { authorize } from '../policy.ts';
import { ownIndexes, requireData } from './queries.ts';

/** Changes what is given; what is absent stays. `indexes` replaces all indexes besides those of q and a. */
export async function updateData(
  app: Pick<App, 'store' | 'textIndex' | 'embedding'>,
  caller: Caller,
  input: InputOf<typeof dataEndpoints.updateData>,
): Promise<void> {
  authorize(caller, 'dataset:write');
  if (input.q === undefined && input.a === undefined && input.indexes === undefined) return;
  const { db } = app.store;
  const { teamId } = caller;
  const { row, collection } = await requireData(db, teamId, input.dataId);
  const q = input.q ?? row.q;
  if (q.trim() === '') {
    const details = { en: 'q: must not be empty', zh: 'q：不能为空' };
    throw fail('validation', { params: { details }, param: 'q' });
  }
  const given = input.indexes?.map(({ type, text }) => ({ type: type ?? 'custom', text }));
  const indexes = (given ?? (await ownIndexes(db, teamId, row.id)))
    .filter((index) => index.type !== 'default' && index.text.trim() !== '')
    .map(({ type, text }) => ({ type, text }));
  const headings = fromJson<string[]>(row.headings, []);
  const { id, chunkIndex } = row;
  const [prepared] = await prepareItems(app.textIndex, collection, row.memberId, [
    { id, q, a: input.a ?? row.a, chunkIndex, headings, indexes },
  ]);
  if (!prepared) return;
  await db.transaction().execute(async (trx) => {
    await lockRows(app.store, trx, 'collections', teamId, [collection.id]);
    await requireData(trx, teamId, id);
    const { q, a, hash, tokens, updateTime } = prepared.row;
    await trx
      .updateTable('data')
      .set({ q, a, hash, tokens, updateTime })
      .where('teamId', '=', teamId)
      .where('id', '=', id)
      .execute();
    if (given) {
      await trx.deleteFrom('data_indexes').where('teamId', '=', teamId).where('dataId', '=', id).execute();
      if (prepared.indexes.length > 0)
        await trx.insertInto('data_indexes').values(prepared.indexes).execute();
    }
    await app.store.index.write(trx, [prepared.analysed]);
    await app.store.index.removeVectors(trx, teamId, [id]);
  });
  app.embedding.wanted(collection.datasetId);
}
