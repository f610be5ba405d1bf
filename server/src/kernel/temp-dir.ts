import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { newId } from './ids.ts';

/** A running process says this often that its folder is in use. */
const touchMs = 30 * 60_000;
/** A folder that was not touched for so long belongs to nobody. */
const staleMs = 4 * touchMs;

/** The folder for temporary files of this process. */
export interface TempDir {
  readonly path: string;
  /** Removes it with everything in it. */
  close(): Promise<void>;
}

/**
 * Makes a folder of this process under `parent`, and clears away those of processes that are gone: several processes,
 * also of other machines, may share the parent.
 */
export async function createTempDir(parent: string): Promise<TempDir> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    if (await isStale(path, name)) await rm(path, { recursive: true, force: true });
  }
  const path = join(parent, `${host()}.${process.pid}.${newId()}`);
  await mkdir(path, { mode: 0o700 });
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, touchMs);
  timer.unref();
  return {
    path,
    async close() {
      clearInterval(timer);
      await rm(path, { recursive: true, force: true });
    },
  };
}

const host = () => hostname().replace(/[^\w-]/g, '_');

async function isStale(path: string, name: string): Promise<boolean> {
  const [machine, pid] = name.split('.');
  if (machine === host() && /^\d+$/.test(pid ?? '') && !isAlive(Number(pid))) return true;
  const found = await stat(path).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > staleMs;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
