import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { broken, entries, type FileLine, fileEntry, fileLine } from './format.ts';
import type { ArchiveImport } from './import-archive.ts';

/** A file of the archive with its id here. */
export interface ImportedFile {
  id: string;
  line: FileLine;
}

/** How long files wait for the rest of their dataset, in milliseconds; then they are gone by themselves. */
const waitMs = 2 * 24 * 60 * 60_000;

/** Stores the documents and pictures of an archive, by the ids it gives them. What was stored before stays. */
export async function importFiles(run: ArchiveImport): Promise<Map<string, ImportedFile>> {
  const { deps, archive, dataset, memberId, idOf, tools, folder } = run;
  const { db } = deps.store;
  const { teamId } = dataset;
  const files = new Map<string, ImportedFile>();
  for await (const line of archive.lines(entries.files, fileLine)) {
    tools.signal.throwIfAborted();
    const id = idOf(line.id);
    files.set(line.id, { id, line });
    const stored = await db
      .selectFrom('files')
      .select('id')
      .where('teamId', '=', teamId)
      .where('id', '=', id)
      .executeTakeFirst();
    if (stored) continue;
    const path = join(folder, 'file');
    const { size, hash } = await archive.extract(fileEntry(line.id), path, tools.signal);
    if (size !== line.size || hash !== line.hash) {
      throw broken(`${fileEntry(line.id)} is not what was put in`, `${fileEntry(line.id)} 与写入时不一致`);
    }
    const blobKey = await deps.blobs.put(path);
    await rm(path, { force: true });
    try {
      await db
        .insertInto('files')
        .values({
          ...{ id, teamId, memberId, size, hash, blobKey, appId: null },
          name: line.name,
          contentType: line.contentType,
          createTime: Date.now(),
          expireTime: Date.now() + waitMs,
          collectionId: line.collectionId === null ? null : idOf(line.collectionId),
        })
        .execute();
    } catch (error) {
      await deps.blobs.delete(blobKey);
      throw error;
    }
  }
  return files;
}
