import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { keepFile } from '../../../domain/collections/keep-file.ts';
import { changeMetadata, type MetadataChange } from '../../../domain/collections/metadata.ts';
import type { FetchedDocument } from '../../../domain/web/fetch-document.ts';
import { fail } from '../../../kernel/errors.ts';
import type { CollectionRow } from '../../../store/schema.ts';
import type { ImportDeps } from '../deps.ts';

/**
 * Fetches the document of a collection unless that was done before, and keeps it: an import that goes on after a stop
 * reads what the first one read, and the page can be shown and imported again as it was. Changes the row handed in, too.
 */
export async function fetchOnce(
  deps: Pick<ImportDeps, 'store' | 'blobs' | 'tempDir'>,
  collection: CollectionRow,
  get: (folder: string) => Promise<Pick<FetchedDocument, 'file'> & { metadata?: MetadataChange }>,
): Promise<void> {
  if (collection.fileId !== null) return;
  const folder = await mkdtemp(join(deps.tempDir, 'fetch-'));
  try {
    const { file, metadata } = await get(folder);
    collection.fileId = await keepFile(deps, collection, file, async (row) => {
      await deps.store.db.transaction().execute(async (trx) => {
        await trx.insertInto('files').values(row).execute();
        const given = await trx
          .updateTable('collections')
          .set({ fileId: row.id })
          .where('teamId', '=', collection.teamId)
          .where('id', '=', collection.id)
          .where('fileId', 'is', null)
          .returning(['id', 'teamId', 'datasetId', 'rawLink', 'metadata'])
          .executeTakeFirst();
        // Deleted, or taken over by another process: nothing is left behind.
        if (!given) throw fail('collectionNotFound');
        if (metadata) collection.metadata = await changeMetadata(trx, given, metadata);
      });
      return row.id;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Gives a collection that still has the name `before` another one, in the row handed in, too. */
export async function rename(
  deps: Pick<ImportDeps, 'store'>,
  collection: CollectionRow,
  before: string,
  name: string | undefined,
): Promise<void> {
  const wanted = name?.trim().slice(0, 200);
  if (!wanted || collection.name !== before || wanted === before) return;
  const renamed = await deps.store.db
    .updateTable('collections')
    .set({ name: wanted })
    .where('teamId', '=', collection.teamId)
    .where('id', '=', collection.id)
    .where('name', '=', before)
    .returning('id')
    .execute();
  if (renamed.length > 0) collection.name = wanted;
}
