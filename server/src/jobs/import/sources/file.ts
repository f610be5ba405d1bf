import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { fail } from '../../../kernel/errors.ts';
import type { DocumentFile, ParsedDocument, WebPage } from '../../../retrieval/ports.ts';
import { fromJson } from '../../../store/json.ts';
import type { CollectionRow } from '../../../store/schema.ts';
import type { ImportDeps, Source } from '../deps.ts';
import { ocrOf } from '../ocr.ts';

/** Reads the file that was stored with the collection. */
export const fileSource: Source = (deps, collection, tools) => readStored(deps, collection, tools);

/** The file that was stored with the collection, as the parser takes it; fileUnreadable when it is gone. */
export async function storedFile(
  deps: Pick<ImportDeps, 'store' | 'blobs'>,
  collection: CollectionRow,
): Promise<{ file: DocumentFile; size: number }> {
  const file = await deps.store.db
    .selectFrom('files')
    .selectAll()
    .where('teamId', '=', collection.teamId)
    .where('id', '=', collection.fileId)
    .executeTakeFirst();
  const path = file && deps.blobs.path(file.blobKey);
  if (!file || !path || !(await isThere(path))) {
    const details = { en: 'it is no longer stored', zh: '文件已不存在' };
    throw fail('fileUnreadable', { params: { details } });
  }
  return { file: { name: file.name, path, contentType: file.contentType }, size: Number(file.size) };
}

/** The same of a file that was fetched: `page` says from where. */
export async function readStored(
  ...[deps, collection, tools, page]: [...Parameters<Source>, page?: WebPage]
): Promise<ParsedDocument> {
  tools.progress({ stage: 'parse', percent: 1 });
  const ocr = ocrOf(fromJson(collection.params, {}));
  const { file, size } = await storedFile(deps, collection);
  const { picturesDir } = tools;
  const wanted = { ...file, ocr, ...(page && { page }), ...(picturesDir !== undefined && { picturesDir }) };
  return await deps.parser.parse(wanted, {
    signal: tools.signal,
    onProgress: (share) =>
      tools.progress({
        percent: 1 + Math.floor(share * 29),
        done: { amount: Math.round(share * size), unit: 'bytes' },
      }),
    onScan: ({ read, total }) => tools.progress({ counts: { pagesToRead: total, pagesByOcr: read } }),
  });
}

/** False only when it is known to be gone: a disk that cannot be read is another matter. */
async function isThere(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw thrown;
  }
}
