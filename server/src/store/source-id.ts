import type { CollectionRow } from './schema.ts';

type Source = Pick<CollectionRow, 'fileId' | 'rawLink' | 'externalFileId' | 'externalFileUrl' | 'apiFileId'>;

/** Where a collection came from (spec 2.9). The file that is kept of a fetched document is ours and no source. */
export function sourceIdOf(row: Source): string | undefined {
  const elsewhere = row.rawLink ?? row.externalFileId ?? row.externalFileUrl ?? row.apiFileId;
  return elsewhere ?? row.fileId ?? undefined;
}
