import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { lockTree } from '../../store/locking.ts';
import type { Database, DeletionRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { authorize, requireManager } from '../policy.ts';
import { tableOf } from './table-of.ts';
import { requireWholeFolder } from './whole-folder.ts';

type ObjectType = DeletionRow['objectType'];

/** A deletion with what it names. */
export interface NamedDeletion {
  id: string;
  teamId: string;
  objectType: ObjectType;
  time: number;
  name: string;
  type: string;
  parentId: string | null;
}

/**
 * The deletions of these objects, the latest first, in a transaction that has their tree for itself: what was deleted
 * within something that was deleted later can go back into it. Throws deletionNotFound, and teamForbidden or
 * folderHoldsOthers for who might not delete them either.
 */
export async function requireDeletions(
  app: Pick<App, 'store' | 'processes'>,
  trx: Kysely<Database>,
  caller: Caller,
  { objectType, ids }: { objectType: ObjectType; ids: readonly string[] },
): Promise<NamedDeletion[]> {
  authorize(caller, `${objectType}:write`);
  const { teamId } = caller;
  const tree = objectType === 'dataset' ? 'knowledge' : 'apps';
  await lockTree(app.store, trx, `${tree} ${teamId}`, 'alone');
  const found: NamedDeletion[] = [];
  for (const id of new Set(ids)) {
    const row = await trx
      .selectFrom('deletions as d')
      .innerJoin(`${tableOf[objectType] as 'datasets'} as o`, (join) =>
        join.onRef('o.id', '=', 'd.id').onRef('o.teamId', '=', 'd.teamId'),
      )
      .select(['d.id', 'd.teamId', 'd.time', 'o.name', 'o.type', 'o.parentId', 'o.memberId'])
      .where('d.teamId', '=', teamId)
      .where('d.objectType', '=', objectType)
      .where('d.id', '=', id)
      .where('d.endTime', '>', app.processes.now())
      .executeTakeFirst();
    if (!row) {
      // What went within another one of them comes back, or is cleared, with that.
      if (await isPartOf(trx, { teamId, objectType, id, ids })) continue;
      throw fail('deletionNotFound', { param: 'ids' });
    }
    const { memberId, ...deletion } = row;
    requireManager(caller, objectType, memberId);
    if (row.type === 'folder') await requireWhole(trx, caller, objectType, id);
    found.push({ ...deletion, objectType, time: Number(row.time) });
  }
  return found.sort((a, b) => b.time - a.time);
}

async function requireWhole(
  trx: Kysely<Database>,
  caller: Caller,
  objectType: ObjectType,
  id: string,
): Promise<void> {
  const rows = await trx
    .selectFrom(tableOf[objectType] as 'datasets')
    .select('id')
    .where('teamId', '=', caller.teamId)
    .where('deletionId', '=', id)
    .execute();
  await requireWholeFolder(trx, caller, { objectType, rootId: id, ids: rows.map((row) => row.id) });
}

async function isPartOf(
  trx: Kysely<Database>,
  {
    teamId,
    objectType,
    id,
    ids,
  }: { teamId: string; objectType: ObjectType; id: string; ids: readonly string[] },
): Promise<boolean> {
  const part = await trx
    .selectFrom(tableOf[objectType] as 'datasets')
    .select('id')
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .where('deletionId', 'in', [...ids])
    .where('deletionId', '!=', id)
    .executeTakeFirst();
  return part !== undefined;
}
