import { type Kysely, sql } from 'kysely';
import { AppError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import { StoreStartError } from './errors.ts';
import type { Migration } from './migrations/index.ts';
import { postgresTypes } from './migrations/postgres-types.ts';
import type { Engine } from './ports.ts';
import type { Database } from './schema.ts';

interface MigrationRow {
  name: string;
  time: number;
}
type WithMigrations = Database & { migrations: MigrationRow };

export interface MigrateOptions {
  engine: Engine;
  db: Kysely<Database>;
  migrations: readonly Migration[];
  log: Logger;
  /** Called once before the first change of a store that has something in it. */
  backup(label: string): Promise<void>;
}

/**
 * The migrations that this store lacks, in order. Throws StoreStartError when the store has one that we do not
 * know: a newer version made it, and guessing would damage it.
 */
export async function pendingMigrations(
  db: Kysely<Database>,
  engine: Engine,
  migrations: readonly Migration[],
): Promise<{ applied: number; pending: readonly Migration[] }> {
  if (!(await hasMigrations(db, engine))) return { applied: 0, pending: migrations };
  const known = db as unknown as Kysely<WithMigrations>;
  const applied = await known.selectFrom('migrations').select('name').orderBy('name').execute();
  const strange = applied.find(({ name }, position) => migrations[position]?.name !== name);
  if (strange !== undefined) {
    throw new StoreStartError({
      en: `The data was written by another version of Lectern (it has the schema change "${strange.name}", which this version does not know). Start that version, or restore a backup (on the embedded store: from the folder "backups").`,
      zh: `数据由其他版本的 Lectern 写入（包含此版本未知的结构变更“${strange.name}”）。请启动相应版本，或恢复备份（内置存储的备份在 backups 文件夹）。`,
    });
  }
  return { applied: applied.length, pending: migrations.slice(applied.length) };
}

/** Whether the store has exactly the schema of this version: another process may have changed it meanwhile. */
export async function schemaIsCurrent(
  db: Kysely<Database>,
  migrations: readonly Migration[],
): Promise<boolean> {
  const known = db as unknown as Kysely<WithMigrations>;
  const applied = await known.selectFrom('migrations').select('name').orderBy('name').execute();
  return applied.map(({ name }) => name).join() === migrations.map(({ name }) => name).join();
}

async function hasMigrations(db: Kysely<Database>, engine: Engine): Promise<boolean> {
  const find =
    engine === 'sqlite'
      ? sql`select name as found from sqlite_master where type = 'table' and name = 'migrations'`
      : sql`select to_regclass('migrations')::text as found`;
  const { rows } = await find.execute(db);
  return (rows[0] as { found: string | null } | undefined)?.found != null;
}

/**
 * Brings the store up to date after a backup: all changes that it lacks, with the record of them, or none of them. A
 * version that cannot change it leaves what the version before can still start.
 */
export async function migrate({ engine, db, migrations, log, backup }: MigrateOptions): Promise<void> {
  const { applied, pending } = await pendingMigrations(db, engine, migrations);
  const first = pending[0];
  if (first === undefined) return;
  if (applied > 0) await backup(`before-${first.name}`);
  const typed = engine === 'postgres' ? db.withPlugin(postgresTypes) : db;
  const known = typed as unknown as Kysely<WithMigrations>;
  let changing = first.name;
  try {
    await known.transaction().execute(async (trx) => {
      await trx.schema
        .createTable('migrations')
        .ifNotExists()
        .addColumn('name', 'text', (c) => c.primaryKey())
        .addColumn('time', 'bigint', (c) => c.notNull())
        .execute();
      for (const { name, up } of pending) {
        changing = name;
        await up(trx as unknown as Kysely<Database>, engine);
        await trx.insertInto('migrations').values({ name, time: Date.now() }).execute();
      }
    });
  } catch (cause) {
    // A full disk or a damaged file is no fault of the change: whoever opened the store says what it is.
    if (cause instanceof AppError) throw cause;
    throw new StoreStartError(
      {
        en: `The schema change "${changing}" failed: ${String(cause)}. Nothing was changed and nothing was lost; the server does not start until it succeeds. Until then the version before this one can be started.`,
        zh: `结构变更“${changing}”失败：${String(cause)}。未做任何更改，数据没有丢失；变更成功前服务器不会启动，在此之前仍可启动上一版本。`,
      },
      cause,
    );
  }
  for (const { name } of pending) log.info({ migration: name }, 'schema changed');
}
