import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import { requireDataset } from '../datasets/queries.ts';

/** Which document is meant. */
export interface ItemKey {
  datasetId: string;
  externalId: string;
}

/** The document with this id of the caller's, if there is one. */
export function findItem(
  db: Kysely<Database>,
  teamId: string,
  { datasetId, externalId }: ItemKey,
): Promise<CollectionRow | undefined> {
  return db
    .selectFrom('collections')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .where('externalId', '=', externalId)
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
}

/** The same; collectionNotFound when there is none. */
export async function requireItem(
  db: Kysely<Database>,
  teamId: string,
  key: ItemKey,
): Promise<CollectionRow> {
  await requireDataset(db, teamId, key.datasetId);
  const row = await findItem(db, teamId, key);
  if (!row) throw fail('collectionNotFound');
  return row;
}
