import type { Kysely } from 'kysely';
import { fail } from '../kernel/errors.ts';
import type { Database } from '../store/schema.ts';

/** Objects that live in folders of their own kind. */
type TreeTable = 'datasets' | 'collections' | 'apps';

/** Ids in one statement: engines limit the number of bound values. */
const batchSize = 500;

/** Splits a list so that each part fits into one statement. */
export function inBatches<T>(list: readonly T[], size = batchSize): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}

/** The given objects and everything below them that is not deleted, parents before children. */
export async function withDescendants(
  db: Kysely<Database>,
  table: TreeTable,
  teamId: string,
  rootIds: string[],
): Promise<string[]> {
  const found = new Set(rootIds);
  let level = rootIds;
  while (level.length > 0) {
    const next: string[] = [];
    for (const ids of inBatches(level)) {
      const rows = await db
        .selectFrom(table)
        .select(['id', 'type'])
        .where('teamId', '=', teamId)
        .where('parentId', 'in', ids)
        .where('deletedTime', 'is', null)
        .execute();
      for (const row of rows) {
        if (found.has(row.id)) continue;
        found.add(row.id);
        if (row.type === 'folder') next.push(row.id);
      }
    }
    level = next;
  }
  return [...found];
}

/** Whether this is a folder of the team that is not deleted. */
export async function isFolder(
  db: Kysely<Database>,
  table: TreeTable,
  teamId: string,
  id: string,
): Promise<boolean> {
  const row = await db
    .selectFrom(table)
    .select('id')
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .where('type', '=', 'folder')
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Refuses with parentNotFound what is no such folder; null is the root. */
export async function requireFolder(
  db: Kysely<Database>,
  table: TreeTable,
  teamId: string,
  parentId: string | null,
): Promise<void> {
  if (parentId !== null && !(await isFolder(db, table, teamId, parentId)))
    throw fail('parentNotFound', { params: { field: 'parentId' }, param: 'parentId' });
}

/** Refuses with conflict to move objects into themselves or into something below them. */
export async function refuseCycle(
  db: Kysely<Database>,
  table: TreeTable,
  teamId: string,
  movedIds: readonly string[],
  targetId: string | null,
): Promise<void> {
  const moved = new Set(movedIds);
  let current = targetId;
  for (let depth = 0; current !== null && depth < 1000; depth++) {
    if (moved.has(current)) {
      throw fail('conflict', {
        params: {
          details: { en: 'A folder cannot be moved into itself.', zh: '文件夹不能移动到自身内部。' },
        },
        param: 'parentId',
      });
    }
    const id = current;
    const row = await db
      .selectFrom(table)
      .select('parentId')
      .where('teamId', '=', teamId)
      .where('id', '=', id)
      .executeTakeFirst();
    current = row?.parentId ?? null;
  }
}

/** The objects from the root down to `id`, that one last; none for the root itself. */
export async function pathTo(
  db: Kysely<Database>,
  table: TreeTable,
  teamId: string,
  id: string | null,
): Promise<{ parentId: string; parentName: string }[]> {
  const path: { parentId: string; parentName: string }[] = [];
  let current = id;
  while (current !== null && path.length < 1000) {
    const row = await db
      .selectFrom(table)
      .select(['id', 'name', 'parentId'])
      .where('teamId', '=', teamId)
      .where('id', '=', current)
      .executeTakeFirst();
    if (!row) break;
    path.unshift({ parentId: row.id, parentName: row.name });
    current = row.parentId;
  }
  return path;
}
