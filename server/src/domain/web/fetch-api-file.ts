import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../../kernel/errors.ts';
import type { CollectionRow } from '../../store/schema.ts';
import { getApiContent, requireApiServer } from '../api-datasets/api-server.ts';
import type { App, UploadedFile } from '../context.ts';
import { fetchDocument, fileLimits } from './fetch-document.ts';

/** Fetches a file of an API dataset into a folder of the caller's: its text, or what its address leads to. */
export async function fetchApiFile(
  app: Pick<App, 'store' | 'secrets' | 'outbound'>,
  collection: CollectionRow,
  folder: string,
  signal: AbortSignal,
): Promise<{ file: UploadedFile; title?: string | undefined }> {
  const server = await requireApiServer(app, collection.teamId, collection.datasetId);
  const { title, content, previewUrl } = await getApiContent(app, server, collection.apiFileId ?? '', signal);
  if (content !== undefined && content !== '') {
    const path = join(folder, 'document');
    const name = title ?? collection.name;
    await writeFile(path, content);
    const file = {
      name: /\.(?:md|markdown)$/i.test(name) ? name : `${name}.md`,
      contentType: 'text/markdown; charset=utf-8',
      path,
      size: Buffer.byteLength(content),
      hash: createHash('sha256').update(content).digest('hex'),
    };
    return { file, title };
  }
  if (previewUrl === undefined || previewUrl === '') {
    throw fail('noTextFound', { params: { name: collection.name } });
  }
  const found = await fetchDocument(app, previewUrl, folder, { ...fileLimits, signal });
  if (!found) throw new Error('A file answered that it has not changed although nobody asked.');
  return { file: found.file, title };
}
