import type { Kysely } from 'kysely';
import type { CollectionRow, Database } from '../../store/schema.ts';
import { inBatches } from '../tree.ts';

/**
 * Makes `forbid` of collections, and of everything below them, what follows from their own flags and their folders: call
 * it when one of these has changed, in the transaction that changes it and with the tree locked `alone`.
 */
export async function followForbid(
  trx: Kysely<Database>,
  teamId: string,
  ids: readonly string[],
): Promise<void> {
  let level: string[] = [];
  for (const batch of inBatches(ids)) {
    const rows = await withFolders(trx, teamId).where('one.id', 'in', batch).execute();
    level.push(...(await setRows(trx, teamId, rows)));
  }
  while (level.length > 0) {
    const next: string[] = [];
    for (const batch of inBatches(level)) {
      const rows = await withFolders(trx, teamId).where('one.parentId', 'in', batch).execute();
      next.push(...(await setRows(trx, teamId, rows)));
    }
    level = next;
  }
}

/** Collections with what their folders say. */
const withFolders = (trx: Kysely<Database>, teamId: string) =>
  trx
    .selectFrom('collections as one')
    .leftJoin('collections as folder', (join) =>
      join.onRef('folder.id', '=', 'one.parentId').onRef('folder.teamId', '=', 'one.teamId'),
    )
    .select(['one.id', 'one.type', 'one.forbid', 'one.ownForbid', 'folder.forbid as byFolder'])
    .where('one.teamId', '=', teamId)
    .where('one.deletedTime', 'is', null);

/** Writes those that change. Answers the folders among them. */
async function setRows(
  trx: Kysely<Database>,
  teamId: string,
  rows: (Flags & { byFolder: number | null })[],
): Promise<string[]> {
  const folders: string[] = [];
  for (const off of [true, false]) {
    const alike = rows.filter(({ byFolder }) => (byFolder === 1) === off);
    folders.push(...(await setLevel(trx, teamId, alike, off)));
  }
  return folders;
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
