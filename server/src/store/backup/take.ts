import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  copyFile,
  link,
  mkdir,
  mkdtemp,
  readdir,
  realpath,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Text } from '@lectern/contract/lang.ts';
import { isDiskProblem } from '../../kernel/disk-problem.ts';
import { StoreStartError } from '../errors.ts';
import { copyDatabase, intoOneFile } from '../sqlite/copy.ts';
import { inspectDatabase, type NamedFile } from '../sqlite/inspect.ts';
import { syncToDisk } from '../sync-to-disk.ts';
import {
  databaseFile,
  type Manifest,
  manifestFile,
  type Progress,
  secretFile,
  sizeOf,
  sumOf,
  sumsFile,
} from './layout.ts';

export interface TakeOptions {
  dataDir: string;
  toPath: string;
  /** Of this Lectern. */
  version: string;
  progress: Progress;
}

/** Copies of the database until one fits the files: only who deletes all the time makes the first one not fit. */
const mostTries = 5;
/** What says that two places share no files, whatever the reason. */
const cannotLink = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EACCES']);

/**
 * Copies an installation while it may run: the database as it stood at one moment, and every file that it names. The
 * backup appears under its name when it is complete, checked and on disk. Throws StoreStartError when there is nothing
 * to back up, the target exists, or the database is damaged.
 */
export async function takeBackup(options: TakeOptions): Promise<Manifest> {
  const dataDir = resolve(options.dataDir);
  const toPath = resolve(options.toPath);
  if (!existsSync(join(dataDir, databaseFile))) throw nothingThere(dataDir);
  const part = await makePart(toPath, dataDir);
  try {
    const manifest = await fill(part, dataDir, options);
    await syncFolders(part);
    await rename(part, toPath).catch((thrown: NodeJS.ErrnoException) => {
      throw ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(thrown.code ?? '') ? alreadyThere(toPath) : thrown;
    });
    await syncToDisk(dirname(toPath));
    return manifest;
  } catch (thrown) {
    await rm(part, { recursive: true, force: true });
    throw explain(thrown, toPath);
  }
}

/**
 * A folder beside the target to gather the backup in. Throws StoreStartError when the target exists, lies in the data
 * directory, or nothing can be made there.
 */
export async function makePart(toPath: string, dataDir: string): Promise<string> {
  const inside = relative(await realPath(dataDir), await realPath(toPath));
  if (!isAbsolute(inside) && inside.split(sep)[0] !== '..') throw insideData(toPath, dataDir);
  if (existsSync(toPath)) throw alreadyThere(toPath);
  try {
    await makeFolders(dirname(toPath));
    return await mkdtemp(`${toPath}.part-`);
  } catch (thrown) {
    const explained = explain(thrown, toPath);
    throw explained === thrown && isAboutPlace(thrown) ? cannotBeMade(toPath, thrown) : explained;
  }
}

/** Level by level: where nothing can be made at all, as below /proc, Node's own recursive mkdir never ends. */
async function makeFolders(path: string): Promise<void> {
  if (existsSync(path)) return;
  await makeFolders(dirname(path));
  await mkdir(path).catch((thrown: NodeJS.ErrnoException) => {
    // Somebody else was first; a file in the way is found by whoever goes on.
    if (thrown.code !== 'EEXIST') throw thrown;
  });
}

/** A file in the way is EEXIST when it stands where a folder should be made. */
const isAboutPlace = (thrown: unknown) =>
  isDiskProblem(thrown) || (thrown as NodeJS.ErrnoException).code === 'EEXIST';

/** Where a path leads, links followed as far as it exists. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(await realPath(above), basename(path));
  }
}

function insideData(toPath: string, dataDir: string): StoreStartError {
  return new StoreStartError({
    en: `${toPath} is in the data directory ${dataDir}: a backup there is lost together with the data. Name a place outside of it, best on another disk (--to).`,
    zh: `${toPath} 位于数据目录 ${dataDir} 内：放在那里的备份会与数据一同丢失。请用 --to 指定数据目录之外的位置，最好在另一块磁盘上。`,
  });
}

function cannotBeMade(toPath: string, thrown: unknown): StoreStartError {
  const where = dirname(toPath);
  const { code } = thrown as NodeJS.ErrnoException;
  const reasons: Record<string, Text> = {
    EROFS: { en: 'the disk there is read-only', zh: '该处磁盘为只读' },
    ENOTDIR: { en: 'a part of the path is a file', zh: '路径中有一部分是文件' },
    EEXIST: { en: 'a part of the path is a file', zh: '路径中有一部分是文件' },
  };
  const reason = reasons[code ?? ''] ?? { en: 'this user may not write there', zh: '当前用户无权在该处写入' };
  return new StoreStartError(
    {
      en: `No backup can be made in ${where}: ${reason.en}. Give this user the right to write there, or name another place (--to). The data is untouched.`,
      zh: `无法在 ${where} 中创建备份：${reason.zh}。请授予当前用户写入权限，或用 --to 指定其他位置。数据未受影响。`,
    },
    thrown,
  );
}

function nothingThere(dataDir: string): StoreStartError {
  return new StoreStartError({
    en: `There is no Lectern data in ${dataDir}. Name the directory with --data.`,
    zh: `${dataDir} 中没有 Lectern 数据，请用 --data 指定目录。`,
  });
}

/** Why nothing is written to a place that is taken. */
function alreadyThere(toPath: string): StoreStartError {
  return new StoreStartError({
    en: `${toPath} exists already, and a backup overwrites nothing. Name a new place (--to).`,
    zh: `${toPath} 已存在，备份不会覆盖任何内容。请指定新的位置（--to）。`,
  });
}

function explain(thrown: unknown, toPath: string): unknown {
  const { code, errcode } = thrown as { code?: string; errcode?: number };
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && (errcode ?? 0) % 256 !== 13) return thrown;
  return new StoreStartError(
    {
      en: `There is not enough room for the backup in ${dirname(toPath)}. What was begun is removed again; the data is untouched. Make room or name another place (--to).`,
      zh: `${dirname(toPath)} 的空间不足以保存备份。已写入的部分已清除，数据未受影响。请腾出空间或指定其他位置（--to）。`,
    },
    thrown,
  );
}

async function fill(part: string, dataDir: string, options: TakeOptions): Promise<Manifest> {
  const { progress } = options;
  const files = await takeDatabaseAndFiles(part, dataDir, progress);
  const hasSecretKey = await takeSecret(part, dataDir);
  progress({ en: 'checking the copy of the database', zh: '正在检查数据库副本' });
  const { schema, counts } = checkCopy(join(part, databaseFile), dataDir);
  const sums = new Map([[databaseFile, await sumOf(join(part, databaseFile))]]);
  if (hasSecretKey) sums.set(secretFile, await sumOf(join(part, secretFile)));
  const damaged: string[] = [];
  for (const [at, { blobKey, hash }] of files.taken.entries()) {
    progress({ en: 'computing sums', zh: '正在计算校验和' }, at, files.taken.length);
    const sum = await sumOf(join(part, 'blobs', blobKey));
    sums.set(`blobs/${blobKey}`, sum);
    if (sum !== hash) damaged.push(blobKey);
  }
  const list = [...sums].map(([path, sum]) => `${sum}  ${path}\n`).join('');
  await writeSynced(join(part, sumsFile), list);
  const manifest: Manifest = {
    format: 'lectern-backup',
    formatVersion: 1,
    version: options.version,
    time: new Date().toISOString(),
    schema,
    counts,
    files: files.taken.length,
    bytes: await sizeOf(part, sums.keys()),
    hasSecretKey,
    missing: files.missing,
    damaged,
    sums: createHash('sha256').update(list).digest('hex'),
  };
  await writeSynced(join(part, manifestFile), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/**
 * Files first, then the database, then the files that came in between: files never change, and one is deleted only
 * after the rows that name it were marked. So a file that the copy needs is there, unless it came and went during the
 * backup; then the copy is taken anew.
 */
async function takeDatabaseAndFiles(
  part: string,
  dataDir: string,
  progress: Progress,
): Promise<{ taken: NamedFile[]; missing: string[] }> {
  const copy = join(part, databaseFile);
  const found = await blobKeysOf(dataDir);
  for (const [at, blobKey] of found.entries()) {
    progress({ en: 'copying files', zh: '正在复制文件' }, at, found.length);
    await takeBlob(dataDir, part, blobKey);
  }
  for (let tries = 1; ; tries++) {
    progress({ en: 'copying the database', zh: '正在复制数据库' });
    await rm(copy, { force: true });
    await copyDatabase(join(dataDir, databaseFile), copy);
    intoOneFile(copy);
    const named = namedFiles(copy);
    const gone = new Set<string>();
    for (const { blobKey } of named) {
      if (!(await takeBlob(dataDir, part, blobKey))) gone.add(blobKey);
    }
    const missing = named
      .filter(({ blobKey, needed }) => needed && gone.has(blobKey))
      .map(({ blobKey }) => blobKey);
    if (missing.length > 0 && tries < mostTries && deletedMeanwhile(dataDir, missing)) continue;
    const taken = named.filter(({ blobKey }) => !gone.has(blobKey));
    await removeOthers(part, new Set(taken.map(({ blobKey }) => blobKey)));
    await chmod(copy, 0o600);
    await syncToDisk(copy);
    return { taken, missing };
  }
}

function namedFiles(database: string): NamedFile[] {
  const inspection = inspectDatabase(database);
  try {
    return inspection.namedFiles();
  } finally {
    inspection.close();
  }
}

/** Whether the running server no longer needs one of the files: then nothing is lost, the copy is only too old. */
function deletedMeanwhile(dataDir: string, blobKeys: string[]): boolean {
  const needed = namedFiles(join(dataDir, databaseFile)).filter((file) => file.needed);
  const still = new Set(needed.map(({ blobKey }) => blobKey));
  return blobKeys.some((blobKey) => !still.has(blobKey));
}

/** Keys of all blobs in a directory; a file that is still being written has none yet. */
export async function blobKeysOf(dataDir: string): Promise<string[]> {
  const folders = await readdir(join(dataDir, 'blobs')).catch((thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'ENOENT') return [];
    throw thrown;
  });
  const keys: string[] = [];
  for (const folder of folders.filter((name) => /^[0-9a-f]{2}$/.test(name)).sort()) {
    const names = await readdir(join(dataDir, 'blobs', folder));
    keys.push(...names.filter((name) => /^[0-9a-f]{30}$/.test(name)).map((name) => `${folder}/${name}`));
  }
  return keys;
}

/** Links the file where both places share a file system, else copies it. False when it is not there. */
async function takeBlob(dataDir: string, part: string, blobKey: string): Promise<boolean> {
  const from = join(dataDir, 'blobs', blobKey);
  const to = join(part, 'blobs', blobKey);
  if (existsSync(to)) return true;
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  try {
    await link(from, to);
    return true;
  } catch (thrown) {
    const { code = '' } = thrown as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (!cannotLink.has(code)) throw thrown;
  }
  try {
    await copyFile(from, `${to}.part`);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw thrown;
  }
  await syncToDisk(`${to}.part`);
  await rename(`${to}.part`, to);
  return true;
}

/** Takes out what the copied database does not name: uploads that had no row yet, and files that were deleted. */
async function removeOthers(part: string, named: Set<string>): Promise<void> {
  for (const blobKey of await blobKeysOf(part)) {
    if (!named.has(blobKey)) await rm(join(part, 'blobs', blobKey));
  }
}

async function takeSecret(part: string, dataDir: string): Promise<boolean> {
  if (!existsSync(join(dataDir, secretFile))) return false;
  await copyFile(join(dataDir, secretFile), join(part, secretFile));
  await chmod(join(part, secretFile), 0o600);
  await syncToDisk(join(part, secretFile));
  return true;
}

function checkCopy(copy: string, dataDir: string): { schema: string[]; counts: Record<string, number> } {
  const inspection = inspectDatabase(copy);
  try {
    const damage = inspection.damage();
    const schema = inspection.schema();
    if (damage.length === 0 && schema.length > 0) return { schema, counts: inspection.counts() };
    const words = damage[0] ?? 'no tables of Lectern';
    throw new StoreStartError({
      en: `The database in ${dataDir} is damaged (${words}), so no backup was made of it. Keep your earlier backups, and see what "npm run lectern -- doctor" says.`,
      zh: `${dataDir} 中的数据库已损坏（${words}），因此未创建备份。请保留此前的备份，并查看 "npm run lectern -- doctor" 的结果。`,
    });
  } finally {
    inspection.close();
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 });
  await syncToDisk(path);
}

async function syncFolders(part: string): Promise<void> {
  const entries = await readdir(part, { recursive: true, withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) await syncToDisk(join(entry.parentPath, entry.name));
  await syncToDisk(part);
}
