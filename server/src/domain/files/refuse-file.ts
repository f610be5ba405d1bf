import { open } from 'node:fs/promises';
import { fail } from '../../kernel/errors.ts';
import { refuseUnknownFormat } from '../../retrieval/file-kinds.ts';
import { beginsWithHeader } from '../../retrieval/formats/csv-header.ts';
import type { UploadedFile } from '../context.ts';

/** Refuses at once what an import could only fail on: an empty file (fileEmpty), or one of an unknown kind. */
export async function refuseDocument(file: UploadedFile): Promise<void> {
  refuseUnknownFormat(file.name, file.contentType, await startOf(file));
}

/** The same of a CSV of questions and answers, which must begin with its header. Throws fileEmpty or csvHeaderMissing. */
export async function refuseTable(file: UploadedFile): Promise<void> {
  if (!beginsWithHeader(await startOf(file)))
    throw fail('csvHeaderMissing', { params: { name: file.name }, param: 'file' });
}

async function startOf({ name, path, size }: UploadedFile): Promise<Uint8Array> {
  if (size === 0) throw fail('fileEmpty', { params: { name }, param: 'file' });
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1024), 0, 1024, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
