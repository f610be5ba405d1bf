import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Kysely } from 'kysely';
import type { Logger } from '../../kernel/logger.ts';
import { StoreStartError } from '../errors.ts';
import { pendingMigrations } from '../migrate.ts';
import { migrations } from '../migrations/index.ts';
import type { ServerStore } from '../ports.ts';
import { openPostgresStore } from '../postgres/open.ts';
import { shownDatabase } from '../postgres/url.ts';
import { livingProcesses } from '../processes.ts';
import type { Database } from '../schema.ts';
import { tryLock } from '../sqlite/lock.ts';
import { openSqliteStore } from '../sqlite/open.ts';
import { refuseIncomplete } from './incomplete.ts';
import { openSqliteSnapshot } from './sqlite-snapshot.ts';

/** Where an installation is: a data directory with the embedded store, or a database. */
export type Place = { directory: string } | { url: string };

export function placeOf(text: string): Place {
  return /^postgres(ql)?:\/\//i.test(text) ? { url: text } : { directory: resolve(text) };
}

/** What may be shown of a place: never a password. */
export function shownPlace(place: Place): string {
  return 'url' in place ? shownDatabase(place.url) : place.directory;
}

/** An installation as it is at one moment, for reading only. */
export interface Source {
  db: Kysely<Database>;
  /** A server runs on it: what it writes from now on is not in this picture. */
  live: boolean;
}

/** A copy takes as long as it takes, and pauses while the other side writes. */
const noLimits = { statementMs: 0, idleTransactionMs: 0 };

/** Reads a place as it is now. Rejects with StoreStartError when there is nothing of this version to read. */
export function withSource<T>(place: Place, log: Logger, work: (source: Source) => Promise<T>): Promise<T> {
  return 'url' in place ? fromPostgres(place.url, log, work) : fromDirectory(place.directory, work);
}

async function fromPostgres<T>(url: string, log: Logger, work: (source: Source) => Promise<T>): Promise<T> {
  const store = await openPostgresStore({ url, poolSize: 1, log, role: 'cli', limits: noLimits });
  try {
    return await store.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (db) => {
        await refuseIncomplete(db);
        const living = await livingProcesses({ db, engine: 'postgres' }).execute();
        return work({ db, live: living.length > 0 });
      });
  } finally {
    await store.close();
  }
}

async function fromDirectory<T>(directory: string, work: (source: Source) => Promise<T>): Promise<T> {
  const path = join(directory, 'lectern.db');
  if (!existsSync(path)) {
    throw new StoreStartError({
      en: `There is no Lectern data in ${directory}.`,
      zh: `${directory} 中没有 Lectern 数据。`,
    });
  }
  const lock = tryLock(directory, 'cli');
  lock?.release();
  const snapshot = openSqliteSnapshot(path);
  try {
    if ((await pendingMigrations(snapshot.db, 'sqlite', migrations)).pending.length > 0) {
      throw new StoreStartError({
        en: `The data in ${directory} has an older schema. Start the server of this version on it once, then copy.`,
        zh: `${directory} 中的数据结构较旧。请先用此版本的服务器启动一次，再复制。`,
      });
    }
    await refuseIncomplete(snapshot.db);
    return await work({ db: snapshot.db, live: lock === null });
  } finally {
    await snapshot.close();
  }
}

/** Opens (and makes) the store to copy into. Rejects with StoreStartError when it cannot be used. */
export function openTarget(place: Place, log: Logger): Promise<ServerStore> {
  if ('url' in place) return openPostgresStore({ url: place.url, poolSize: 2, log, limits: noLimits });
  return openSqliteStore({ dataDir: place.directory, log, besideFiles: true });
}

/** Throws StoreStartError where server processes work on the store. */
export async function refuseRunningServers(store: Pick<ServerStore, 'db' | 'engine'>): Promise<void> {
  const [one] = await livingProcesses(store).select(['host', 'pid', 'address']).execute();
  if (!one) return;
  const who = `${one.host}, ${one.pid}${one.address === '' ? '' : `, ${one.address}`}`;
  throw new StoreStartError({
    en: `A Lectern server is running on this database (${who}). Stop it first; one that was killed is forgotten after half a minute.`,
    zh: `此数据库上有 Lectern 服务器正在运行（${who}）。请先停止它；被强行终止的进程会在半分钟后失效。`,
  });
}
