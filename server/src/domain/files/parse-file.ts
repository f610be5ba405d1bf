import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { fileEndpoints } from '@lectern/contract/files.ts';
import { ocrOf } from '../../jobs/import/ocr.ts';
import { readableMarkdown } from '../../kernel/pictures.ts';
import type { App, Caller, UploadedFile } from '../context.ts';
import { authorize } from '../policy.ts';

/** Reads a file as an import would and keeps nothing of it. */
export async function parseFile(
  app: Pick<App, 'parser' | 'tempDir'>,
  caller: Caller,
  input: InputOf<typeof fileEndpoints.parseFile>,
  file: UploadedFile,
  signal: AbortSignal,
): Promise<OutputOf<typeof fileEndpoints.parseFile>> {
  authorize(caller, 'dataset:write');
  const picturesDir = await mkdtemp(join(app.tempDir, 'pictures-'));
  try {
    const { name, path, contentType } = file;
    const document = await app.parser.parse(
      { name, path, contentType, picturesDir, ocr: ocrOf(input) },
      { signal },
    );
    const { title, pages, pagesWithoutText, pagesByOcr } = document;
    return {
      name,
      ...(title !== undefined && { title }),
      markdown: readableMarkdown(document.markdown),
      ...(pages !== undefined && { pages }),
      ...(pagesWithoutText && { pagesWithoutText }),
      ...(pagesByOcr && { pagesByOcr }),
      pictures: document.pictures?.length ?? 0,
    };
  } finally {
    await rm(picturesDir, { recursive: true, force: true });
  }
}
