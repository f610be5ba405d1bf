import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../../kernel/ids.ts';
import type { FileRow } from '../../store/schema.ts';
import type { App, Caller, UploadedFile } from '../context.ts';

/**
 * Puts a file among the blobs and hands its row to `write`, which stores it together with whatever refers to it.
 * When that fails, the blob goes again.
 */
export async function keepFile<T>(
  app: Pick<App, 'blobs'>,
  caller: Pick<Caller, 'teamId' | 'memberId'>,
  file: UploadedFile,
  write: (row: FileRow) => Promise<T>,
  owner: Partial<Pick<FileRow, 'expireTime' | 'collectionId' | 'appId'>> = {},
): Promise<T> {
  const now = Date.now();
  const blobKey = await app.blobs.put(file.path);
  try {
    return await write({
      id: newId(now),
      teamId: caller.teamId,
      memberId: caller.memberId,
      name: file.name,
      contentType: file.contentType,
      size: file.size,
      hash: file.hash,
      blobKey,
      createTime: now,
      expireTime: null,
      collectionId: null,
      appId: null,
      ...owner,
    });
  } catch (thrown) {
    await app.blobs.delete(blobKey);
    throw thrown;
  }
}

/** A text as a file on disk for as long as `use` runs: what was given stays, so that it can be imported again. */
export async function asFile<T>(
  tempDir: string,
  name: string,
  text: string,
  use: (file: UploadedFile) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tempDir, 'text-'));
  try {
    const path = join(directory, 'text.md');
    await writeFile(path, text);
    return await use({
      name: /\.(?:md|markdown)$/i.test(name) ? name : `${name}.md`,
      contentType: 'text/markdown; charset=utf-8',
      path,
      size: Buffer.byteLength(text),
      hash: createHash('sha256').update(text).digest('hex'),
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
