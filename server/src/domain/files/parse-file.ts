import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { fileEndpoints } from '@lectern/contract/files.ts';
import { readableMarkdown } from '../../kernel/pictures.ts';
import type { App, Caller, UploadedFile } from '../context.ts';
import { authorize } from '../policy.ts';

/** Reads a file as an import would and keeps nothing of it. */
export async function parseFile(
  app: Pick<App, 'parser' | 'tempDir'>,
  caller: Caller,
  file: UploadedFile,
  signal: AbortSignal,
): Promise<OutputOf<typeof fileEndpoints.parseFile>> {
  authorize(caller, 'dataset:write');
  const picturesDir = await mkdtemp(join(app.tempDir, 'pictures-'));
  try {
    const { name, path, contentType } = file;
    const document = await app.parser.parse({ name, path, contentType, picturesDir }, { signal });
    const { title, pages, pagesWithoutText } = document;
    return {
      name,
      ...(title !== undefined && { title }),
      markdown: readableMarkdown(document.markdown),
      ...(pages !== undefined && { pages }),
      ...(pagesWithoutText && { pagesWithoutText }),
      pictures: document.pictures?.length ?? 0,
    };
  } finally {
    await rm(picturesDir, { recursive: true, force: true });
  }
}
