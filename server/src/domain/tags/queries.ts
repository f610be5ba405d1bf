import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import type { Database, TagRow } from '../../store/schema.ts';
import type { TagScope } from './collection-tags.ts';

/** The tag of this very dataset; tagNotFound for anything else. */
export async function requireTag(
  db: Kysely<Database>,
  { teamId, datasetId }: TagScope,
  id: string,
): Promise<TagRow> {
  const row = await db
    .selectFrom('tags')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) throw fail('tagNotFound');
  return row;
}

/** A tag as it is shown. */
export const presentTag = ({ id, name }: Pick<TagRow, 'id' | 'name'>) => ({ _id: id, tag: name });
