import type { Kysely } from 'kysely';
import { csvCell } from '../../kernel/csv-cell.ts';
import type { Database } from '../../store/schema.ts';

const rowsAtOnce = 500;

/**
 * First lines; Excel takes a file for UTF-8 when it begins with that mark. Both name the same columns: FastGPT calls
 * them otherwise for one collection than for a whole dataset, and its clients look for these names.
 */
export const csvHeads = {
  collection: '\uFEFFindex,content\r\n',
  dataset: '\uFEFFq,a,indexes\r\n',
} as const;

/** The items of one collection as lines of CSV, some hundred at a time, in the order of the document. */
export async function* csvLines(
  db: Kysely<Database>,
  teamId: string,
  collectionId: string,
): AsyncGenerator<string> {
  let last: { chunkIndex: number; id: string } | undefined;
  for (;;) {
    let query = db
      .selectFrom('data')
      .select(['id', 'q', 'a', 'chunkIndex'])
      .where('teamId', '=', teamId)
      .where('collectionId', '=', collectionId)
      .orderBy('chunkIndex')
      .orderBy('id')
      .limit(rowsAtOnce);
    const after = last;
    if (after) {
      query = query.where((eb) =>
        eb.or([
          eb('chunkIndex', '>', after.chunkIndex),
          eb.and([eb('chunkIndex', '=', after.chunkIndex), eb('id', '>', after.id)]),
        ]),
      );
    }
    const rows = await query.execute();
    if (rows.length === 0) return;
    const indexes = await indexesOf(
      db,
      teamId,
      rows.map(({ id }) => id),
    );
    yield rows
      .map(({ id, q, a }) => `${[q, a, ...(indexes.get(id) ?? [])].map(csvCell).join(',')}\r\n`)
      .join('');
    last = rows.at(-1);
  }
}

async function indexesOf(
  db: Kysely<Database>,
  teamId: string,
  dataIds: string[],
): Promise<Map<string, string[]>> {
  const rows = await db
    .selectFrom('data_indexes')
    .select(['dataId', 'text'])
    .where('teamId', '=', teamId)
    .where('dataId', 'in', dataIds)
    .where('type', '!=', 'default')
    .orderBy('id')
    .execute();
  const found = new Map<string, string[]>();
  for (const { dataId, text } of rows) found.set(dataId, [...(found.get(dataId) ?? []), text]);
  return found;
}
