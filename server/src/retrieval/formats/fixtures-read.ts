import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ParsedDocument } from '../ports.ts';
import { readDocument } from './index.ts';

/** Reads files of tests in a folder of its own, as the parser does. */
export interface TestReader {
  /** An existing folder for pictures. */
  picturesDir: string;
  read(name: string, content: string | Uint8Array): Promise<ParsedDocument>;
  /** What is read, its marks of positions written as `«l2»`, `«r3;sPrices»`. */
  marked(name: string, content: string | Uint8Array): Promise<string>;
  /** The name of the error that reading ends in. */
  failing(name: string, content: string | Uint8Array): Promise<string>;
  close(): void;
}

export function testReader(): TestReader {
  const folder = mkdtempSync(join(tmpdir(), 'lectern-formats-'));
  const read: TestReader['read'] = async (name, content) => {
    const path = join(folder, 'upload');
    writeFileSync(path, content);
    return await readDocument({ name, path, picturesDir: folder }, () => {});
  };
  return {
    picturesDir: folder,
    read,
    async marked(name, content) {
      const { markdown } = await read(name, content);
      return markdown.replaceAll('\uE000', '«').replaceAll('\uE001', '»');
    },
    failing: (name, content) =>
      read(name, content).then(
        () => 'no error',
        (error: { errorName?: string; message: string }) =>
          error.errorName === 'fileUnreadable' ? error.message : (error.errorName ?? String(error)),
      ),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
