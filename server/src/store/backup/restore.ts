import { chmod, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { StoreStartError } from '../errors.ts';
import { migrations } from '../migrations/index.ts';
import { alreadyRunning, type DirectoryLock, tryLock } from '../sqlite/lock.ts';
import { explainStart } from '../sqlite/start-problem.ts';
import { syncToDisk } from '../sync-to-disk.ts';
import { checkSums, databaseFile, type Manifest, type Progress, readBackup } from './layout.ts';
import { restoringFolder } from './unfinished.ts';

export interface RestoreOptions {
  fromPath: string;
  dataDir: string;
  /** Moves what is in the directory aside instead of refusing. */
  replace: boolean;
  progress: Progress;
}

export interface Restored {
  manifest: Manifest;
  /** Where the data is that was there before. */
  movedTo?: string;
}

/** What may be in a directory without anybody's data being there. */
const ofNobody = /^(server\.(lock.*|json)|restore-re(quest|sult)\.json|lost\+found|tmp)$/;
const stays = /^(server\.(lock.*|json)|restore-re(quest|sult)\.json|lost\+found|before-restore-.*)$/;

/**
 * Puts a backup into a data directory, after checking all of it. Works inside the directory, which may be a mount, and
 * changes nothing before everything is there. Throws StoreStartError when the backup is not whole or newer than this
 * version, the directory has data (unless told to replace it), or a server runs there.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const dataDir = resolve(options.dataDir);
  const { manifest, sums } = await readBackup(options.fromPath);
  refuseNewer(manifest);
  await checkSums(options.fromPath, sums, options.progress);
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const lock = tryLock(dataDir, 'cli');
    if (lock === null) throw alreadyRunning(dataDir);
    return await restoreLocked({ ...options, dataDir }, lock, manifest, [...sums.keys()]);
  } catch (thrown) {
    throw explainStart(thrown, dataDir);
  }
}

/** Refuses a backup with changes of the schema that this version does not know. */
export function refuseNewer({ schema, version }: Manifest): void {
  const strange = schema.find((name, at) => migrations[at]?.name !== name);
  if (strange === undefined) return;
  throw new StoreStartError({
    en: `This backup was made by Lectern ${version} with the schema change "${strange}", which this version does not know. Restore it with that version.`,
    zh: `此备份由 Lectern ${version} 创建，包含此版本未知的结构变更“${strange}”。请用该版本恢复。`,
  });
}

async function restoreLocked(
  { fromPath, dataDir, replace, progress }: RestoreOptions,
  lock: DirectoryLock,
  manifest: Manifest,
  paths: string[],
): Promise<Restored> {
  const restoring = join(dataDir, restoringFolder);
  let moving = false;
  try {
    await rm(restoring, { recursive: true, force: true });
    const old = (await readdir(dataDir)).filter((name) => !stays.test(name));
    const hasData = old.some((name) => !ofNobody.test(name));
    if (hasData && !replace) throw notEmpty(dataDir);
    for (const [at, path] of paths.entries()) {
      progress({ en: 'restoring files', zh: '正在恢复文件' }, at, paths.length);
      await place(join(fromPath, path), join(restoring, path));
    }
    moving = true;
    const movedTo = hasData ? await moveAside(dataDir, old) : undefined;
    // The database last: with it the directory is an installation again.
    const parts = (await readdir(restoring)).sort(
      (a, b) => Number(a === databaseFile) - Number(b === databaseFile),
    );
    for (const name of parts) await rename(join(restoring, name), join(dataDir, name));
    await syncToDisk(dataDir);
    await rm(restoring, { recursive: true });
    return { manifest, ...(movedTo !== undefined && { movedTo }) };
  } catch (thrown) {
    // Once something was moved the folder stays: it keeps a server from starting on half of an installation.
    if (!moving) await rm(restoring, { recursive: true, force: true });
    throw thrown;
  } finally {
    lock.release();
  }
}

function notEmpty(dataDir: string): StoreStartError {
  return new StoreStartError({
    en: `${dataDir} is not empty. Name another directory (--data), or add --replace, which moves what is there aside.`,
    zh: `${dataDir} 不是空目录。请指定其他目录（--data），或添加 --replace，将现有内容移到一旁。`,
  });
}

async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await copyFile(from, to);
  await chmod(to, 0o600);
  await syncToDisk(to);
}

/** Where the old data is from now on: inside the directory, which may be a mount that cannot be renamed. */
async function moveAside(dataDir: string, names: string[]): Promise<string> {
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const aside = join(dataDir, `before-restore-${time}`);
  await mkdir(aside, { mode: 0o700 });
  for (const name of names) await rename(join(dataDir, name), join(aside, name));
  await syncToDisk(aside);
  return aside;
}
