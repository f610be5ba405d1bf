import type { Kysely } from 'kysely';
import { fromJson } from '../../store/json.ts';
import { metadataValues } from '../../store/metadata-values.ts';
import type { CollectionRow, Database } from '../../store/schema.ts';
import { inBatches } from '../tree.ts';

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
