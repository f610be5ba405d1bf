import type { Kysely } from 'kysely';
import type { Database } from '../../store/schema.ts';
import { isFolder } from '../tree.ts';
import type { NamedDeletion } from './queries.ts';
import { tableOf } from './table-of.ts';

/** Where something goes back to: the folder it was in, or the root when that is gone. */
export async function oldFolder(
  trx: Kysely<Database>,
  { teamId, objectType, parentId }: NamedDeletion,
): Promise<string | null> {
  if (parentId === null) return null;
  return (await isFolder(trx, tableOf[objectType], teamId, parentId)) ? parentId : null;
}
