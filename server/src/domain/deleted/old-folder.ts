import type { Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';
import type { NamedDeletion } from './queries.ts';
import { tableOf } from './table-of.ts';

/** Where something goes back to: the folder it was in, or the root when that is gone. */
export async function oldFolder(
  trx: Kysely<Database>,
  { teamId, objectType, parentId }: NamedDeletion,
): Promise<string | null> {
  if (parentId === null) return null;
  const folder = await trx
    .selectFrom(tableOf[objectType])
    .select('id')
    .where('teamId', '=', teamId)
    .where('id', '=', parentId)
    .where('type', '=', 'folder')
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
  return folder?.id ?? null;
}
