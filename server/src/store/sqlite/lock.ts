import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreStartError } from '../errors.ts';
import { isBusy } from './connection.ts';

/** Who holds the directory, for the message that refuses the next one. */
export interface LockHolder {
  pid: number;
  role: 'server' | 'cli';
  /** Where it answers, once it listens. */
  address?: string;
}

/** Held while this process is the server of the directory. */
export interface DirectoryLock {
  /** Adds the address to what the next one is told. */
  announce(address: string): void;
  release(): void;
}

/**
 * Takes the directory for this process, or answers null when another process has it. The lock is one of the
 * operating system on a file of its own (SQLite takes it dependably on every platform), so it ends with the
 * process however that ends: there are no stale locks to guess about.
 */
export function tryLock(dataDir: string, role: LockHolder['role']): DirectoryLock | null {
  const db = new DatabaseSync(join(dataDir, 'server.lock'), { timeout: 0 });
  try {
    db.exec('begin exclusive');
  } catch (error) {
    db.close();
    if (isBusy(error)) return null;
    throw error;
  }
  const path = join(dataDir, 'server.json');
  const describe = (holder: LockHolder) =>
    writeFileSync(path, `${JSON.stringify(holder)}\n`, { mode: 0o600 });
  describe({ pid: process.pid, role });
  return {
    announce: (address) => describe({ pid: process.pid, role, address }),
    release: () => {
      if (!db.isOpen) return;
      rmSync(path, { force: true });
      db.close();
    },
  };
}

/** What the holder wrote about itself; null when it has not yet. */
export function lockHolder(dataDir: string): LockHolder | null {
  try {
    return JSON.parse(readFileSync(join(dataDir, 'server.json'), 'utf8')) as LockHolder;
  } catch {
    return null;
  }
}

/** Why a second server may not start here. */
export function alreadyRunning(dataDir: string): StoreStartError {
  const holder = lockHolder(dataDir);
  const at = holder?.address === undefined ? '' : ` (${holder.address})`;
  const who = holder === null ? '' : `, process ${holder.pid}${at}`;
  const whoZh = holder === null ? '' : `，进程 ${holder.pid}${at}`;
  return new StoreStartError({
    en: `Another Lectern server is already running on ${dataDir}${who}. Stop it first, or start this one with another directory (--data).`,
    zh: `另一个 Lectern 服务器正在使用 ${dataDir}${whoZh}。请先停止它，或用 --data 指定其他目录启动。`,
  });
}
