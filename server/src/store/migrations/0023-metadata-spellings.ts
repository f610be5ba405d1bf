import type { Kysely } from 'kysely';
import { metadataValue } from '../metadata-values.ts';
import type { Database } from '../schema.ts';

const pageSize = 500;

/** Texts that are written like numbers are compared with numbers, and more ways to write a date are read as one. */
export async function metadataSpellings(db: Kysely<Database>): Promise<void> {
  for (let after = { collectionId: '', place: -1 }; ; ) {
    const { collectionId: id, place: at } = after;
    const rows = await db
      .selectFrom('collection_metadata')
      .select(['collectionId', 'place', 'name', 'text'])
      .where('kind', '=', 'text')
      .where((eb) =>
        eb.or([eb('collectionId', '>', id), eb.and([eb('collectionId', '=', id), eb('place', '>', at)])]),
      )
      .orderBy('collectionId')
      .orderBy('place')
      .limit(pageSize)
      .execute();
    for (const { collectionId, place, name, text } of rows) {
      const value = metadataValue(name, text);
      if (!value || value.number === null) continue;
      await db
        .updateTable('collection_metadata')
        .set({ kind: value.kind, number: value.number })
        .where('collectionId', '=', collectionId)
        .where('place', '=', place)
        .execute();
    }
    const last = rows.at(-1);
    if (!last || rows.length < pageSize) return;
    after = last;
  }
}
