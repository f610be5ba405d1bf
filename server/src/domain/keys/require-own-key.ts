import type { Kysely, Selectable } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import type { ApiKeyRow, Database } from '../../store/schema.ts';
import type { Caller } from '../context.ts';
import { may } from '../policy.ts';
import { findKey } from './queries.ts';

/**
 * A key that the caller may limit or delete: their own, or any of the team for its managers. Throws keyNotFound (also
 * for another team's) and keyForbidden.
 */
export async function requireOwnKey(
  db: Kysely<Database>,
  caller: Caller,
  id: string,
): Promise<Selectable<ApiKeyRow>> {
  const row = await findKey(db, caller.teamId, id);
  if (!row) throw fail('keyNotFound');
  if (row.memberId !== caller.memberId && !may(caller, 'key:manageAll')) throw fail('keyForbidden');
  return row;
}
