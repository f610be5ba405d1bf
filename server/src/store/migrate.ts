import type { Kysely } from 'kysely';
import { AppError } from '../kernel/errors.ts';
import type { Logger } from '../kernel/logger.ts';
import { StoreStartError } from './errors.ts';
import type { Migration } from './migrations/index.ts';
import type { Store } from './ports.ts';
import type { Database } from './schema.ts';

interface MigrationRow {
  name: string;
  time: number;
}
type WithMigrations = Database & { migrations: MigrationRow };

export interface MigrateOptions {
  db: Kysely<Database>;
  engine: Store['engine'];
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
  migrations: readonly Migration[],
): Promise<{ applied: number; pending: readonly Migration[] }> {
  const tables = await db.introspection.getTables();
  if (!tables.some((table) => table.name === 'migrations')) return { applied: 0, pending: migrations };
  const known = db as unknown as Kysely<WithMigrations>;
  const applied = await known.selectFrom('migrations').select('name').orderBy('name').execute();
  const strange = applied.find(({ name }, position) => migrations[position]?.name !== name);
  if (strange !== undefined) {
    throw new StoreStartError({
      en: `The data directory was written by another version of Lectern (it has the schema change "${strange.name}", which this version does not know). Start that version, or restore a backup from the folder "backups".`,
      zh: `数据目录由其他版本的 Lectern 写入（包含此版本未知的结构变更“${strange.name}”）。请启动相应版本，或从 backups 文件夹恢复备份。`,
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

/** Brings the store up to date: each change and the record of it in one transaction, after a backup. */
export async function migrate({ db, engine, migrations, log, backup }: MigrateOptions): Promise<void> {
  const { applied, pending } = await pendingMigrations(db, migrations);
  const first = pending[0];
  if (first === undefined) return;
  if (applied > 0) await backup(`before-${first.name}`);
  const known = db as unknown as Kysely<WithMigrations>;
  for (const { name, up } of pending) {
    try {
      await known.transaction().execute(async (trx) => {
        await trx.schema
          .createTable('migrations')
          .ifNotExists()
          .addColumn('name', 'text', (c) => c.primaryKey())
          .addColumn('time', 'bigint', (c) => c.notNull())
          .execute();
        await up(trx as unknown as Kysely<Database>, engine);
        await trx.insertInto('migrations').values({ name, time: Date.now() }).execute();
      });
    } catch (cause) {
      // A full disk or a damaged file is no fault of the change: whoever opened the store says what it is.
      if (cause instanceof AppError) throw cause;
      throw new StoreStartError(
        {
          en: `The schema change "${name}" failed and was undone: ${String(cause)}. Nothing was lost; the server does not start until it succeeds.`,
          zh: `结构变更“${name}”失败并已撤销：${String(cause)}。数据没有丢失；变更成功前服务器不会启动。`,
        },
        cause,
      );
    }
    log.info({ migration: name }, 'schema changed');
  }
}
