import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../kernel/logger.ts';
import { StoreStartError } from './errors.ts';
import { type Migration, migrations } from './migrations/index.ts';
import { openSqliteStore } from './sqlite/open.ts';

const log = createLogger('silent');

describe('schema changes', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'lectern-migrate-'));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  const open = (more: Migration[] = [], role: 'server' | 'cli' = 'server') =>
    openSqliteStore({ dataDir, log, role, migrations: [...migrations, ...more] });
  const applied = async (more: Migration[] = []) => {
    const store = await open(more);
    const { rows } = await sql<{
      name: string;
      time: number;
    }>`select * from migrations order by name`.execute(store.db);
    await store.close();
    return rows;
  };
  const backups = async () => (await readdir(join(dataDir, 'backups')).catch(() => [])).sort();
  const change = (name: string, statement: string): Migration => ({
    name,
    up: async (db) => void (await sql.raw(statement).execute(db)),
  });
  const addTable = change('9001-extra', 'create table extra (id text primary key)');

  it('names them in order, each once', () => {
    const names = migrations.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)].sort());
    for (const name of names) expect(name).toMatch(/^\d{4}-[a-z-]+$/);
  });

  it('runs all on an empty directory, without a backup of nothing, and none again', async () => {
    const first = await applied();
    expect(first.map((row) => row.name)).toEqual(migrations.map(({ name }) => name));
    expect(first[0]?.time).toBeGreaterThan(Date.now() - 60_000);
    expect(await applied()).toEqual(first);
    expect(await backups()).toEqual([]);
  });

  it('backs up what is there before it changes anything', async () => {
    const store = await open();
    await store.db.insertInto('settings').values({ name: 'kept', value: 'before' }).execute();
    await store.close();
    const destroy = change('9001-destroy', 'delete from settings');
    await applied([destroy]);
    const [backup, ...others] = await backups();
    expect(others).toEqual([]);
    expect(backup).toMatch(/^\d{17}-before-9001-destroy\.db$/);
    await rm(join(dataDir, 'lectern.db'));
    await copyFile(join(dataDir, 'backups', backup ?? ''), join(dataDir, 'lectern.db'));
    const restored = await open();
    expect(await restored.db.selectFrom('settings').selectAll().execute()).toEqual([
      { name: 'kept', value: 'before' },
    ]);
    await restored.close();
  });

  it('keeps the last five backups and files of other names', async () => {
    const more: Migration[] = [];
    await applied();
    for (let n = 1; n <= 7; n++) {
      more.push(change(`900${n}-step`, `create table step${n} (id text)`));
      await applied(more);
    }
    expect((await backups()).map((name) => name.slice(18))).toEqual(
      [3, 4, 5, 6, 7].map((n) => `before-900${n}-step.db`),
    );
  });

  it('undoes a failing one completely, refuses to start, and goes on from there when it is repaired', async () => {
    await applied();
    const broken: Migration = {
      name: '9002-broken',
      up: async (db) => {
        await sql`create table half (id text)`.execute(db);
        await sql`create table half (id text)`.execute(db);
      },
    };
    const error = await open([addTable, broken]).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(StoreStartError);
    expect(error.text.en).toContain('9002-broken');
    expect(error.text.zh).toContain('9002-broken');
    const repaired = change('9002-broken', 'create table half (id text)');
    expect((await applied([addTable, repaired])).map((row) => row.name).slice(-2)).toEqual([
      '9001-extra',
      '9002-broken',
    ]);
  });

  it('refuses a directory of a newer version and leaves it as it was', async () => {
    const newer = await applied([addTable]);
    const error = await open().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(StoreStartError);
    expect(error.message).toContain('9001-extra');
    await expect(open([], 'cli')).rejects.toThrow('9001-extra');
    expect(await applied([addTable])).toEqual(newer);
  });

  it('lets the command line make the schema when no server runs', async () => {
    const cli = await open([], 'cli');
    await cli.db.insertInto('settings').values({ name: 'by', value: 'cli' }).execute();
    const server = await open();
    expect(await server.db.selectFrom('settings').select('value').execute()).toEqual([{ value: 'cli' }]);
    await cli.close();
    await server.close();
  });
});
