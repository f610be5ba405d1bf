import type { Kysely } from 'kysely';
import type { CollectionRow, Database } from '../../store/schema.ts';
import { inBatches } from '../tree.ts';

/**
 * Makes `forbid` of a collection, and of everything below it, what follows from their own flags and their folders: call
 * it when one of these has changed, in the transaction that changes it and with the tree locked `alone`.
 */
export async function followForbid(trx: Kysely<Database>, teamId: string, id: string): Promise<void> {
  const row = await trx
    .selectFrom('collections as one')
    .leftJoin('collections as folder', (join) =>
      join.onRef('folder.id', '=', 'one.parentId').onRef('folder.teamId', '=', 'one.teamId'),
    )
    .select(['one.id', 'one.type', 'one.forbid', 'one.ownForbid', 'folder.forbid as byFolder'])
    .where('one.teamId', '=', teamId)
    .where('one.id', '=', id)
    .where('one.deletedTime', 'is', null)
    .executeTakeFirst();
  let level = row ? await setLevel(trx, teamId, [row], row.byFolder === 1) : [];
  while (level.length > 0) {
    const next: string[] = [];
    for (const ids of inBatches(level)) {
      const rows = await trx
        .selectFrom('collections as one')
        .innerJoin('collections as folder', 'folder.id', 'one.parentId')
        .select(['one.id', 'one.type', 'one.forbid', 'one.ownForbid', 'folder.forbid as byFolder'])
        .where('one.teamId', '=', teamId)
        .where('one.parentId', 'in', ids)
        .where('one.deletedTime', 'is', null)
        .execute();
      for (const off of [true, false]) {
        const alike = rows.filter(({ byFolder }) => (byFolder === 1) === off);
        next.push(...(await setLevel(trx, teamId, alike, off)));
      }
    }
    level = next;
  }
}

type Flags = Pick<CollectionRow, 'id' | 'type' | 'forbid' | 'ownForbid'>;

/** Writes those that change. Answers the folders among them: what lies in the others stays as it is. */
async function setLevel(
  trx: Kysely<Database>,
  teamId: string,
  rows: Flags[],
  byFolder: boolean,
): Promise<string[]> {
  const changed: string[] = [];
  for (const forbid of [0, 1] as const) {
    const wrong = rows.filter(
      (row) => row.forbid !== forbid && (byFolder || row.ownForbid === 1 ? 1 : 0) === forbid,
    );
    for (const part of inBatches(wrong)) {
      await trx
        .updateTable('collections')
        .set({ forbid })
        .where('teamId', '=', teamId)
        .where(
          'id',
          'in',
          part.map(({ id }) => id),
        )
        .execute();
    }
    changed.push(...wrong.filter(({ type }) => type === 'folder').map(({ id }) => id));
  }
  return changed;
}
