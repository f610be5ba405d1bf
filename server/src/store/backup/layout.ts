import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { keyShape } from '../blobs.ts';
import { StoreStartError } from '../errors.ts';

/*
 * A backup is a folder: `lectern.db`, `blobs/…`, `secret.key` if there is one, `SHA256SUMS` over them all (as
 * sha256sum writes and checks it), and `manifest.json`, which has the sum of the sums.
 */

export const databaseFile = 'lectern.db';
/** The key that credentials of models are sealed with, unless it comes from the environment. */
export const secretFile = 'secret.key';
export const sumsFile = 'SHA256SUMS';
export const manifestFile = 'manifest.json';

const manifestShape = z.object({
  format: z.literal('lectern-backup'),
  formatVersion: z.literal(1),
  /** Of the Lectern that made it. */
  version: z.string(),
  /** ISO 8601. */
  time: z.string(),
  /** Names of the schema changes. */
  schema: z.array(z.string()),
  /** Rows by table. */
  counts: z.record(z.string(), z.number()),
  files: z.number(),
  /** All together. */
  bytes: z.number(),
  hasSecretKey: z.boolean(),
  /** Files that rows name but that were not there, or not as they were stored, when the backup was made. */
  missing: z.array(z.string()),
  damaged: z.array(z.string()),
  /** SHA-256 hex of SHA256SUMS. */
  sums: z.string(),
});
export type Manifest = z.infer<typeof manifestShape>;

/** Told in plain words what is being done, and how far it is, where that is known. */
export type Progress = (step: { en: string; zh: string }, done?: number, of?: number) => void;

/** SHA-256 hex of a file. */
export async function sumOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

/** Only what a backup has: a list of sums from elsewhere names no path outside of it. */
const isOurs = (path: string) =>
  path === databaseFile || path === secretFile || (path.startsWith('blobs/') && keyShape.test(path.slice(6)));

function broken(folder: string, why: { en: string; zh: string }): StoreStartError {
  return new StoreStartError({
    en: `${folder} is no backup that can be restored: ${why.en}. Nothing was changed.`,
    zh: `${folder} 不是可以恢复的备份：${why.zh}。未做任何更改。`,
  });
}

/** Reads the manifest and the sums of a backup. Throws StoreStartError when it is none, or not whole. */
export async function readBackup(folder: string): Promise<{ manifest: Manifest; sums: Map<string, string> }> {
  const text = await readFile(join(folder, manifestFile), 'utf8').catch(() => undefined);
  if (text === undefined)
    throw broken(folder, { en: 'it has no manifest.json', zh: '其中没有 manifest.json' });
  const manifest = parseManifest(text);
  if (!manifest) {
    throw broken(folder, {
      en: 'its manifest.json is damaged or of a newer version of Lectern',
      zh: 'manifest.json 已损坏，或来自更新版本的 Lectern',
    });
  }
  const list = await readFile(join(folder, sumsFile)).catch(() => Buffer.alloc(0));
  const lines = list.toString('utf8').split('\n').filter(Boolean);
  const sums = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
  const whole = createHash('sha256').update(list).digest('hex') === manifest.sums;
  if (!whole || !sums.has(databaseFile) || ![...sums.keys()].every(isOurs)) {
    throw broken(folder, {
      en: 'its list of sums (SHA256SUMS) is not the one that was written with it',
      zh: '校验和列表（SHA256SUMS）与备份时写入的不一致',
    });
  }
  return { manifest, sums };
}

/** What a folder says of itself, if it is a backup; nothing else of it is looked at. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const text = await readFile(join(folder, manifestFile), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseManifest(text);
}

function parseManifest(text: string): Manifest | undefined {
  try {
    return manifestShape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Compares every file of a backup with its sum. Throws StoreStartError that names the first few that differ. */
export async function checkSums(
  folder: string,
  sums: Map<string, string>,
  progress: Progress,
): Promise<void> {
  const wrong: string[] = [];
  let done = 0;
  for (const [path, sum] of sums) {
    progress({ en: 'checking the sums of the backup', zh: '正在核对备份的校验和' }, done++, sums.size);
    const found = await sumOf(join(folder, path)).catch(() => undefined);
    if (found !== sum) wrong.push(path);
  }
  if (wrong.length === 0) return;
  const some = wrong.slice(0, 5).join(', ');
  throw broken(folder, {
    en: `${wrong.length} of its files are missing or changed (${some})`,
    zh: `其中 ${wrong.length} 个文件缺失或被改动（${some}）`,
  });
}

/** Bytes of all files named. */
export async function sizeOf(folder: string, paths: Iterable<string>): Promise<number> {
  let bytes = 0;
  for (const path of paths) bytes += (await stat(join(folder, path))).size;
  return bytes;
}
