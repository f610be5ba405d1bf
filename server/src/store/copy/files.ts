import { copyFile, mkdir, readdir, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncToDisk } from '../sync-to-disk.ts';

/** What in a data directory belongs to the engine or to a running server rather than to the installation. */
const notCopied = /^(lectern\.db.*|server\.(lock.*|json)|tmp|backups|.*\.part)$/;
/** Larger files are taken to be the same when their names and sizes are. */
const comparedBytes = 1_000_000;

/** The files of an installation beside its store, by their paths below the data directory. */
export async function filesOf(dataDir: string): Promise<string[]> {
  const paths: string[] = [];
  const top = await readdir(dataDir, { withFileTypes: true });
  for (const entry of top) {
    if (notCopied.test(entry.name)) continue;
    if (entry.isFile()) paths.push(entry.name);
    if (!entry.isDirectory()) continue;
    const below = await readdir(join(dataDir, entry.name), { recursive: true, withFileTypes: true });
    for (const file of below) {
      if (file.isFile() && !file.name.endsWith('.part'))
        paths.push(join(file.parentPath, file.name).slice(join(dataDir, '/').length));
    }
  }
  return paths.sort();
}

/**
 * Copies one file of an installation; on disk when this resolves. What stands there already is kept when it is the
 * same. Answers `different` instead of overwriting anything, unless told to replace.
 */
export async function copyOneFile(
  from: string,
  to: string,
  replace: boolean,
): Promise<'copied' | 'same' | 'different' | 'gone'> {
  const source = await stat(from).catch(() => null);
  // A running server may clear away what it no longer needs.
  if (source === null) return 'gone';
  const target = await stat(to).catch(() => null);
  if (target !== null) {
    if (target.size === source.size && (await sameBytes(from, to, source.size))) return 'same';
    if (!replace) return 'different';
  }
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  const part = `${to}.part`;
  await copyFile(from, part);
  await syncToDisk(part);
  await rename(part, to);
  await syncToDisk(dirname(to));
  return 'copied';
}

async function sameBytes(from: string, to: string, size: number): Promise<boolean> {
  if (size > comparedBytes) return true;
  return (await readFile(from)).equals(await readFile(to));
}
