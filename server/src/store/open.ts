import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Logger } from '../kernel/logger.ts';
import { StoreStartError } from './errors.ts';
import type { ServerStore, StoreObserver } from './ports.ts';
import { refuseLostDatabase } from './sqlite/lost-database.ts';
import { openSqliteStore } from './sqlite/open.ts';

export interface StoreSettings {
  readonly dataDir: string;
  /** A Postgres database; undefined = the embedded engine in `dataDir`. Holds a secret. */
  readonly databaseUrl: string | undefined;
  readonly databasePoolSize: number;
}

/** Opens the store of a server with the engine that the settings name. Rejects with StoreStartError. */
export async function openStore(
  { dataDir, databaseUrl, databasePoolSize }: StoreSettings,
  log: Logger,
  observe?: StoreObserver,
): Promise<ServerStore> {
  const common = { log, ...(observe && { observe }) };
  if (databaseUrl === undefined) return openSqliteStore({ dataDir, ...common });
  const { openPostgresStore } = await import('./postgres/open.ts');
  return openPostgresStore({ url: databaseUrl, poolSize: databasePoolSize, ...common });
}

/** Opens the store for a command, beside running servers or without one. A store that is not there is not made. */
export async function openStoreForCommand(settings: StoreSettings, log: Logger): Promise<ServerStore> {
  const role = 'cli';
  if (settings.databaseUrl !== undefined) {
    const { openPostgresStore } = await import('./postgres/open.ts');
    return openPostgresStore({ url: settings.databaseUrl, poolSize: 2, log, role });
  }
  // Opening would make a new store, and a mistyped directory would look like an empty one.
  if (!existsSync(join(settings.dataDir, 'lectern.db'))) {
    const dir = resolve(settings.dataDir);
    refuseLostDatabase(dir);
    throw new StoreStartError({
      en: `There is no Lectern data in ${dir}. Start the server once (npm start), or name the directory with --data.`,
      zh: `${dir} 中没有 Lectern 数据。请先启动一次服务器（npm start），或用 --data 指定目录。`,
    });
  }
  return openSqliteStore({ dataDir: settings.dataDir, log, role });
}
