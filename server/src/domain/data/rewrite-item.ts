import { prepareItems } from '../../jobs/items.ts';
import { newId } from '../../kernel/ids.ts';
import { fromJson, toJson } from '../../store/json.ts';
import { lockRows } from '../../store/locking.ts';
import type { DataIndexRow, DataRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { nextUpdateTime } from '../last-change.ts';
import { type DataWithSource, ownIndexes, requireData } from './queries.ts';

/** What an item said before a change. */
export interface DataVersion {
  q: string;
  a: string;
  /** When it began to say that; ISO 8601. */
  updateTime: string;
}

/** An index as it is to be; one without an id is new. */
export interface WantedIndex {
  id?: string | undefined;
  type: DataIndexRow['type'];
  text: string;
}

export interface WantedItem {
  q: string;
  a: string;
  /** All indexes besides those of q and a. */
  indexes: WantedIndex[];
}

type RewriteApp = Pick<App, 'store' | 'textIndex'>;

/** Earlier versions that are kept. */
const versionsKept = 10;
/** How often an item may be changed by others while it is being changed here. */
const tries = 8;

/**
 * Makes an item what `change` wants of what it is now. Only the vectors of texts that changed are taken away; the rest
 * of it stays as it is. Somebody else's change at the same moment is not lost: then `change` is asked again. Answers the
 * indexes as they are stored, in the order given.
 */
export async function rewriteItem(
  app: RewriteApp,
  by: Pick<Caller, 'teamId' | 'memberId'>,
  dataId: string,
  change: (found: DataWithSource, own: DataIndexRow[]) => WantedItem,
): Promise<{ found: DataWithSource; indexes: DataIndexRow[] }> {
  const { teamId } = by;
  for (let left = tries; ; left -= 1) {
    const found = await requireData(app.store.db, teamId, dataId);
    const own = await ownIndexes(app.store.db, teamId, dataId);
    const wanted = change(found, own);
    const indexes = wanted.indexes.map(({ id, type, text }) => {
      const { datasetId } = found.row;
      return { id: id ?? newId(), teamId, datasetId, dataId, type, text };
    });
    const written = await write(app, by.memberId, { found, own }, { ...wanted, indexes });
    if (written) return { found, indexes };
    if (left <= 1) throw new Error(`The data item ${dataId} was changed by others all the time.`);
  }
}

interface Before {
  found: DataWithSource;
  own: DataIndexRow[];
}
type After = Omit<WantedItem, 'indexes'> & { indexes: DataIndexRow[] };

/** False when the item is not any more what it was. */
async function write(app: RewriteApp, memberId: string, before: Before, after: After): Promise<boolean> {
  const { row, collection } = before.found;
  const { id, teamId } = row;
  const changed = changedParts(before, after);
  if (changed.length === 0) return true;
  const headings = fromJson<string[]>(row.headings, []);
  const [prepared] = await prepareItems(app.textIndex, collection, row.memberId, [
    { id, chunkIndex: row.chunkIndex, headings, q: after.q, a: after.a, indexes: after.indexes },
  ]);
  if (!prepared) throw new Error(`The analyser left out data item ${id}.`);
  const { q, a, hash, tokens } = prepared.row;
  const rephrased = q !== row.q || a !== row.a;
  return await app.store.db.transaction().execute(async (trx) => {
    await lockRows(app.store, trx, 'collections', teamId, [collection.id]);
    const now = await requireData(trx, teamId, id);
    const ownNow = await ownIndexes(trx, teamId, id);
    if (stateOf(now, ownNow) !== stateOf(before.found, before.own)) return false;
    await trx
      .updateTable('data')
      .set({
        ...{ q, a, hash, tokens },
        updateTime: nextUpdateTime(now.row),
        updateMemberId: memberId,
        ...(rephrased && { history: withVersion(row) }),
      })
      .where('teamId', '=', teamId)
      .where('id', '=', id)
      .execute();
    const goes = before.own.filter((index) => changed.includes(index.id)).map((index) => index.id);
    if (goes.length > 0) {
      await trx.deleteFrom('data_indexes').where('teamId', '=', teamId).where('id', 'in', goes).execute();
    }
    const comes = after.indexes.filter((index) => changed.includes(index.id));
    if (comes.length > 0) await trx.insertInto('data_indexes').values(comes).execute();
    await app.store.index.write(trx, [prepared.analysed]);
    await app.store.index.removeVectors(trx, teamId, [id], changed);
    return true;
  });
}

const stateOf = ({ row, collection }: DataWithSource, own: DataIndexRow[]): string =>
  JSON.stringify([row.q, row.a, row.headings, row.updateTime, collection.name, own]);

/** `q`, `a`, and the ids of indexes that are new, gone or say something else. */
function changedParts({ found: { row }, own }: Before, after: After): string[] {
  const kept = new Map(after.indexes.map((index) => [index.id, index]));
  const known = new Map(own.map((index) => [index.id, index]));
  const differs = (a: DataIndexRow, b: DataIndexRow | undefined) => a.text !== b?.text || a.type !== b?.type;
  return [
    ...(after.q === row.q ? [] : ['q']),
    ...(after.a === row.a ? [] : ['a']),
    ...own.filter((index) => differs(index, kept.get(index.id))).map(({ id }) => id),
    ...after.indexes.filter(({ id }) => !known.has(id)).map(({ id }) => id),
  ];
}

function withVersion(row: DataRow): string {
  const versions = fromJson<DataVersion[]>(row.history, []);
  const last = { q: row.q, a: row.a, updateTime: new Date(row.updateTime).toISOString() };
  return toJson([last, ...versions].slice(0, versionsKept));
}
