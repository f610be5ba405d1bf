import type { Kysely } from 'kysely';
import { fromJson } from '../../store/json.ts';
import { metadataValues } from '../../store/metadata-values.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import { inBatches } from '../tree.ts';

/** What metadata (JSON) become of those that a collection has now. */
export type MetadataChange = (now: Pick<CollectionRow, 'rawLink' | 'metadata'>) => string;

/**
 * Changes the metadata of a collection as they stand in `row`, which the caller has locked: people may have changed
 * them since they were read first. Answers what they are now.
 */
export async function changeMetadata(
  trx: Kysely<Database>,
  row: Pick<CollectionRow, 'id' | 'teamId' | 'datasetId' | 'rawLink' | 'metadata'>,
  change: MetadataChange,
): Promise<string> {
  const metadata = change(row);
  if (metadata === row.metadata) return metadata;
  await trx
    .updateTable('collections')
    .set({ metadata })
    .where('teamId', '=', row.teamId)
    .where('id', '=', row.id)
    .execute();
  await setMetadata(trx, { ...row, metadata });
  return metadata;
}

/** Lets searches be narrowed by what the collection's metadata is now; call it whenever that is written. */
export async function setMetadata(
  trx: Kysely<Database>,
  { id, datasetId, metadata }: Pick<CollectionRow, 'id' | 'datasetId' | 'metadata'>,
): Promise<void> {
  await trx.deleteFrom('collection_metadata').where('collectionId', '=', id).execute();
  const values = metadataValues(fromJson(metadata, {}));
  const rows = values.map((value, place) => ({ collectionId: id, place, datasetId, ...value }));
  for (const batch of inBatches(rows, 100)) {
    await trx.insertInto('collection_metadata').values(batch).execute();
  }
}
