import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { Kysely } from 'kysely';
import type { Logger } from '../../kernel/logger.ts';
import { refuseUnfinishedRestore } from '../backup/unfinished.ts';
import { bind } from '../bind.ts';
import { StoreStartError } from '../errors.ts';
import { createLocalSignals } from '../local-signals.ts';
import { migrate, pendingMigrations } from '../migrate.ts';
import { migrations as allMigrations, type Migration } from '../migrations/index.ts';
import { observedBatch, observedQueries } from '../observe.ts';
import type { ServerStore, StoreObserver } from '../ports.ts';
import type { Database } from '../schema.ts';
import { sqliteIndexWriter } from '../search-index/write.ts';
import { type StoreClient, startClient } from './client.ts';
import { copyDatabase } from './copy.ts';
import { isRead, sqliteDialect } from './dialect.ts';
import { alreadyRunning, type DirectoryLock, lockHolder, tryLock } from './lock.ts';
import { refuseLostDatabase } from './lost-database.ts';
import { Op, type Statement } from './protocol.ts';
import { explainStart } from './start-problem.ts';

export interface OpenOptions {
  dataDir: string;
  log: Logger;
  /** A server has the directory to itself; the command line works beside it. */
  role?: 'server' | 'cli';
  /** For a copy, which judges by itself what files it finds where it makes a new store. */
  besideFiles?: boolean;
  /** For tests of upgrades. */
  migrations?: readonly Migration[];
  observe?: StoreObserver;
  /** Longest pause inside a transaction before it is rolled back, in milliseconds. */
  idleTransactionMs?: number;
}

const backupsKept = 5;

/**
 * Opens (and on the first start makes) the embedded store in a directory and brings its schema up to date.
 * Rejects with StoreStartError when another server has the directory, the schema is not ours, or the directory or the
 * file cannot be used.
 */
export async function openSqliteStore(options: OpenOptions): Promise<ServerStore> {
  try {
    return await openStore(options);
  } catch (thrown) {
    throw explainStart(thrown, options.dataDir);
  }
}

async function openStore(options: OpenOptions): Promise<ServerStore> {
  const { dataDir, log, role = 'server' } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  refuseUnfinishedRestore(dataDir);
  const path = join(dataDir, 'lectern.db');
  const lock = role === 'server' ? await lockForServer(dataDir) : null;
  let client: StoreClient | null = null;
  try {
    if (options.besideFiles !== true) refuseLostDatabase(dataDir);
    client = await startClient({
      path,
      idleTransactionMs: options.idleTransactionMs ?? 10_000,
      busyMs: 5000,
    });
    const db = new Kysely<Database>({ dialect: sqliteDialect(client), ...observedQueries(options.observe) });
    const upgrade = () =>
      migrate({
        engine: 'sqlite',
        db,
        migrations: options.migrations ?? allMigrations,
        log,
        backup: (label) => backupBeforeUpgrade(dataDir, path, label),
      });
    if (lock !== null) await upgrade();
    else await upgradeBesideServer(dataDir, db, options.migrations ?? allMigrations, upgrade);
    const store = toStore(client, db, path, lock, log);
    return { ...store, batch: observedBatch(store.batch, options.observe) };
  } catch (error) {
    await client?.terminate();
    lock?.release();
    throw error;
  }
}

/** A command that just brings the schema up to date is waited for; a server is not. */
async function lockForServer(dataDir: string): Promise<DirectoryLock> {
  for (let tries = 0; ; tries++) {
    const lock = tryLock(dataDir, 'server');
    if (lock !== null) return lock;
    if (tries > 100 || lockHolder(dataDir)?.role !== 'cli') throw alreadyRunning(dataDir);
    await pause(100);
  }
}

/** The command line changes the schema only when nobody else is there to do it. */
async function upgradeBesideServer(
  dataDir: string,
  db: Kysely<Database>,
  migrations: readonly Migration[],
  upgrade: () => Promise<void>,
): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if ((await pendingMigrations(db, 'sqlite', migrations)).pending.length === 0) return;
    const lock = tryLock(dataDir, 'cli');
    if (lock !== null) {
      try {
        await upgrade();
        return;
      } finally {
        lock.release();
      }
    }
    await pause(100);
  }
  throw new StoreStartError({
    en: 'The running server has an older schema than this command. Restart it with this version first.',
    zh: '正在运行的服务器的数据结构比此命令旧，请先用此版本重启服务器。',
  });
}

async function backupBeforeUpgrade(dataDir: string, path: string, label: string): Promise<void> {
  const folder = join(dataDir, 'backups');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const time = new Date().toISOString().replace(/\D/g, '').slice(0, 17);
  await copyDatabase(path, join(folder, `${time}-${label}.db`));
  const ours = readdirSync(folder).filter((name) => /^\d{17}-before-.*\.db$/.test(name));
  for (const name of ours.sort().slice(0, -backupsKept)) rmSync(join(folder, name));
}

function toStore(
  client: StoreClient,
  db: Kysely<Database>,
  path: string,
  lock: DirectoryLock | null,
  log: Logger,
): ServerStore {
  let closing: Promise<void> | null = null;
  const died = Promise.withResolvers<unknown>();
  void client.died.then((error) => {
    if (closing !== null) return;
    log.error({ err: error.details.cause }, 'the store worker ended');
    died.resolve(error.details.cause);
  });
  const close = async () => {
    // Queries that were made before this call need a few turns of the loop until they are sent.
    await nextTurn();
    try {
      await client.call(Op.close, 0, null);
    } finally {
      await client.terminate();
      lock?.release();
    }
  };
  return {
    engine: 'sqlite',
    db,
    indexPath: path,
    index: sqliteIndexWriter,
    signals: createLocalSignals(),
    async batch(queries) {
      if (queries.length === 0) return [];
      const statements: Statement[] = queries.map((query) => [query.sql, bind(query.parameters)]);
      const op = queries.every(isRead) ? Op.readBatch : Op.writeBatch;
      return (await client.call(op, 0, statements)).rows as unknown[][];
    },
    backup: (toPath) => copyDatabase(path, toPath),
    died: died.promise,
    announce: (address) => lock?.announce(address),
    close() {
      closing ??= close();
      return closing;
    },
  };
}
