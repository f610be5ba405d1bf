import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncToDisk } from './sync-to-disk.ts';

/** Files of users, kept under generated names. */
export interface BlobStore {
  /** The folder that holds all of them. */
  readonly folder: string;
  /** Takes a copy of the file, on disk when this resolves. Answers the key that finds it again. */
  put(fromPath: string): Promise<string>;
  /** Where the file is. Throws on anything that is not a key made by `put`. */
  path(blobKey: string): string;
  /** Where the bytes of an unfinished upload are gathered. Throws on anything that is not an id. */
  partPath(uploadId: string): string;
  /** Does nothing when it is gone already. */
  delete(blobKey: string): Promise<void>;
}

/** What the key of a blob looks like; it is its path below the folder of blobs as well. */
export const keyShape = /^[0-9a-f]{2}\/[0-9a-f]{30}$/;

/** Blobs as files under `dataDir/blobs`, spread over 256 folders. Throws the system's error when that cannot be made. */
export function createBlobStore(dataDir: string): BlobStore {
  const root = join(dataDir, 'blobs');
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const parts = join(dataDir, 'uploads');
  mkdirSync(parts, { recursive: true, mode: 0o700 });
  const pathOf = (blobKey: string): string => {
    // The shape, not a check of the resolved path, is what keeps every key inside the folder.
    if (!keyShape.test(blobKey)) throw new Error('Not a blob key.');
    return join(root, blobKey);
  };
  return {
    folder: root,
    path: pathOf,
    async put(fromPath) {
      const random = randomBytes(16).toString('hex');
      const blobKey = `${random.slice(0, 2)}/${random.slice(2)}`;
      const path = pathOf(blobKey);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const part = `${path}.part`;
      try {
        await copyFile(fromPath, part);
        await syncToDisk(part);
        await rename(part, path);
        await syncToDisk(dirname(path));
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
      return blobKey;
    },
    partPath(uploadId) {
      if (!/^[0-9a-f]{24}$/.test(uploadId)) throw new Error('Not the id of an upload.');
      return join(parts, uploadId);
    },
    async delete(blobKey) {
      await rm(pathOf(blobKey), { force: true });
    },
  };
}
