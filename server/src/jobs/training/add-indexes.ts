import { fromJson } from '../../store/json.ts';
import type { CollectionRow, DataIndexRow, DataRow, TrainingItemRow } from '../../store/schema.ts';
import { prepareItems } from '../items.ts';
import type { Trained, TrainingDeps } from './mode.ts';

export type NewIndex = Pick<DataIndexRow, 'type' | 'text'>;

/** The data item that gets more indexes; nothing when it was deleted. */
export function dataOf(
  { store }: Pick<TrainingDeps, 'store'>,
  item: TrainingItemRow,
): Promise<DataRow | undefined> {
  return store.db
    .selectFrom('data')
    .selectAll()
    .where('teamId', '=', item.teamId)
    .where('collectionId', '=', item.collectionId)
    .where('id', '=', item.dataId)
    .executeTakeFirst();
}

/**
 * Gives a data item indexes in the place of those of the same types. False when it says something else by now: they
 * would be about what it was.
 */
export async function replaceIndexes(
  deps: TrainingDeps,
  collection: CollectionRow,
  data: DataRow,
  fresh: readonly NewIndex[],
  types: readonly DataIndexRow['type'][],
): Promise<Trained['write']> {
  const { store, textIndex } = deps;
  const { teamId, id } = data;
  const ownOf = (db: typeof store.db) =>
    db
      .selectFrom('data_indexes')
      .selectAll()
      .where('teamId', '=', teamId)
      .where('dataId', '=', id)
      .orderBy('id')
      .execute();
  const before = await ownOf(store.db);
  const kept = before.filter(({ type }) => !types.includes(type));
  const { q, a, chunkIndex, headings } = data;
  const [prepared] = await prepareItems(textIndex, collection, data.memberId, [
    {
      id,
      q,
      a,
      chunkIndex,
      headings: fromJson<string[]>(headings, []),
      indexes: [...kept.map(({ type, text }) => ({ type, text })), ...fresh],
    },
  ]);
  return async (trx) => {
    const now = await trx
      .selectFrom('data')
      .select('hash')
      .where('teamId', '=', teamId)
      .where('id', '=', id)
      .executeTakeFirst();
    // Deleted meanwhile: nothing is to be written, and nothing to be asked again.
    if (!now || !prepared) return true;
    if (now.hash !== data.hash || stateOf(await ownOf(trx)) !== stateOf(before)) return false;
    const gone = before.filter(({ type }) => types.includes(type)).map((index) => index.id);
    if (gone.length > 0) {
      await trx.deleteFrom('data_indexes').where('teamId', '=', teamId).where('id', 'in', gone).execute();
    }
    const rows = prepared.indexes.slice(kept.length);
    if (rows.length > 0) await trx.insertInto('data_indexes').values(rows).execute();
    await store.index.write(trx, [prepared.analysed]);
    // The vectors of q, a and what stays are as good as before.
    const changed = [...gone, ...rows.map((row) => row.id)];
    await store.index.removeVectors(trx, teamId, [id], changed);
    return true;
  };
}

const stateOf = (own: DataIndexRow[]) => JSON.stringify(own.map(({ id, type, text }) => [id, type, text]));
