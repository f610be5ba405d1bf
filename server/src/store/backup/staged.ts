import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Text } from '@lectern/contract/lang.ts';
import { z } from 'zod';
import { StoreStartError } from '../errors.ts';
import { syncToDisk } from '../sync-to-disk.ts';
import { type Progress, readBackup } from './layout.ts';
import { refuseNewer, restoreBackup } from './restore.ts';

/*
 * A running server cannot put a backup in the place of its own store. It leaves a note in the data directory, and the
 * next start does it before anything is opened.
 */

const requestFile = 'restore-request.json';
const resultFile = 'restore-result.json';

const requestShape = z.object({
  name: z.string(),
  /** The folder of the backup. */
  path: z.string(),
  /** ISO 8601. */
  time: z.string(),
  by: z.string(),
  /** Whose member that is. */
  teamId: z.string().default(''),
});
/** What the next start is to restore. */
export type StagedRestore = z.infer<typeof requestShape>;

const resultShape = z.object({
  name: z.string(),
  time: z.string(),
  ok: z.boolean(),
  message: z.object({ en: z.string(), zh: z.string() }),
  /** Who chose it and when, until the database knows. */
  unrecorded: z.object({ by: z.string(), teamId: z.string(), stagedTime: z.string() }).optional(),
});
/** What became of the last one. */
export type RestoreResult = z.infer<typeof resultShape>;

async function read<T>(path: string, shape: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function write(path: string, value: unknown): Promise<void> {
  await writeFile(`${path}.part`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await syncToDisk(`${path}.part`);
  await rename(`${path}.part`, path);
}

/** Leaves the note. Throws StoreStartError when the backup is none, or of a newer version of Lectern. */
export async function stageRestore(dataDir: string, staged: StagedRestore): Promise<void> {
  const { manifest } = await readBackup(staged.path);
  refuseNewer(manifest);
  await write(join(dataDir, requestFile), staged);
}

/** Takes the note away. */
export const cancelStaged = (dataDir: string): Promise<void> =>
  rm(join(dataDir, requestFile), { force: true });

export const readStaged = (dataDir: string): Promise<StagedRestore | undefined> =>
  read(join(dataDir, requestFile), requestShape);

export const readRestoreResult = (dataDir: string): Promise<RestoreResult | undefined> =>
  read(join(dataDir, resultFile), resultShape);

/** Writes what became of the last one. */
export const keepRestoreResult = (dataDir: string, result: RestoreResult): Promise<void> =>
  write(join(dataDir, resultFile), result);

/**
 * Restores what the note says, before a server opens its store. When that fails before anything was changed, the note
 * goes and the server starts as it was; `undefined` = there was no note.
 */
export async function applyStagedRestore(
  dataDir: string,
  progress: Progress,
): Promise<RestoreResult | undefined> {
  const staged = await readStaged(dataDir);
  if (!staged) return undefined;
  const done = async (ok: boolean, message: Text): Promise<RestoreResult> => {
    const { name, by, teamId, time: stagedTime } = staged;
    const unrecorded = { by, teamId, stagedTime };
    const result = { name, time: new Date().toISOString(), ok, message, unrecorded };
    await keepRestoreResult(dataDir, result);
    await cancelStaged(dataDir);
    return result;
  };
  try {
    const { movedTo } = await restoreBackup({ fromPath: staged.path, dataDir, replace: true, progress });
    return await done(true, {
      en: `The backup ${staged.name} was restored.${movedTo === undefined ? '' : ` What was there before is in ${movedTo}. Delete it when you no longer need it.`}`,
      zh: `已恢复备份 ${staged.name}。${movedTo === undefined ? '' : `原有内容位于 ${movedTo}，不再需要时请删除。`}`,
    });
  } catch (thrown) {
    // Something was moved already: the note stays, and the next start begins again.
    const begun = existsSync(join(dataDir, 'restoring'));
    if (begun || !(thrown instanceof StoreStartError)) throw thrown;
    return await done(false, thrown.text);
  }
}
