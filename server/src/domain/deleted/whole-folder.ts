import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import type { Database, DeletionRow } from '../../store/schema.ts';
import type { Caller } from '../context.ts';
import { presentPermission } from '../policy.ts';
import { inBatches } from '../tree.ts';
import { tableOf } from './table-of.ts';

/** So many names of what was in a folder are written down. */
const namedAtMost = 20;

/** What goes with a folder, for the audit log; names are those of the first. */
export interface FolderContents {
  count: number;
  names: string[];
}

/**
 * Refuses with folderHoldsOthers whoever might not delete each of these by itself: a folder is no way around the rights
 * of what lies in it. `ids` are `rootId` and what is in it, of which it answers the rest.
 */
export async function requireWholeFolder(
  trx: Kysely<Database>,
  caller: Caller,
  {
    objectType,
    rootId,
    ids,
  }: { objectType: DeletionRow['objectType']; rootId: string; ids: readonly string[] },
): Promise<FolderContents> {
  const names: string[] = [];
  let others = 0;
  for (const batch of inBatches(ids.filter((id) => id !== rootId))) {
    const rows = await trx
      .selectFrom(tableOf[objectType] as 'datasets')
      .select(['name', 'memberId'])
      .where('teamId', '=', caller.teamId)
      .where('id', 'in', batch)
      .orderBy('name')
      .execute();
    for (const { name, memberId } of rows) {
      if (!presentPermission(caller, objectType, memberId).hasManagePer) others += 1;
      if (names.length < namedAtMost) names.push(name);
    }
  }
  if (others > 0) throw fail('folderHoldsOthers', { params: { count: others } });
  return { count: Math.max(0, ids.length - 1), names };
}
