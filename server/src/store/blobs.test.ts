import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BlobStore, createBlobStore } from './blobs.ts';

describe('blobs', () => {
  let dataDir: string;
  let blobs: BlobStore;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lectern-blobs-'));
    blobs = createBlobStore(dataDir);
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  it('keeps a copy under a generated key, also when the original goes', async () => {
    const original = join(dataDir, '../../etc 报告.txt'.replaceAll('/', '_'));
    await writeFile(original, 'text');
    const [a, b] = [await blobs.put(original), await blobs.put(original)];
    await rm(original);
    expect(a).not.toBe(b);
    expect(await readFile(blobs.path(a), 'utf8')).toBe('text');
    expect(blobs.path(a).startsWith(join(dataDir, 'blobs'))).toBe(true);
    await blobs.delete(a);
    await blobs.delete(a);
    await expect(readFile(blobs.path(a))).rejects.toThrow('ENOENT');
    expect(await readFile(blobs.path(b), 'utf8')).toBe('text');
  });

  it('leaves nothing behind when the copy fails', async () => {
    await expect(blobs.put(join(dataDir, 'missing'))).rejects.toThrow('ENOENT');
    const files = await readdir(join(dataDir, 'blobs'), { recursive: true, withFileTypes: true });
    expect(files.filter((entry) => entry.isFile())).toEqual([]);
  });

  it('takes no key that it has not made', async () => {
    for (const key of [
      '../lectern.db',
      'ab/../../lectern.db',
      '/etc/passwd',
      '',
      'ab/cd',
      `ab/${'0'.repeat(31)}`,
    ]) {
      expect(() => blobs.path(key)).toThrow('Not a blob key');
      await expect(blobs.delete(key)).rejects.toThrow('Not a blob key');
    }
  });
});
