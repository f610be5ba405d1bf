import { mkdir, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import { createLogger } from '../../kernel/logger.ts';
import { storeConformance } from '../conformance.ts';
import { StoreError, StoreStartError } from '../errors.ts';
import type { Store } from '../ports.ts';
import { startClient } from './client.ts';
import { openSqliteStore } from './open.ts';
import { Op } from './protocol.ts';

const log = createLogger('silent');
const newDir = () => mkdtemp(join(tmpdir(), 'lectern-store-'));

storeConformance('sqlite', async () => {
  const dataDir = await newDir();
  const store = await openSqliteStore({ dataDir, log });
  return {
    ...store,
    async close() {
      await store.close();
      await rm(dataDir, { recursive: true });
    },
  };
});

describe('the embedded store', () => {
  let dataDir: string;
  let store: Store;
  beforeEach(async () => {
    dataDir = await newDir();
    store = await openSqliteStore({ dataDir, log, idleTransactionMs: 200 });
  });
  afterEach(async () => {
    await store.close();
    await rm(dataDir, { recursive: true });
  });
  const add = (name: string, to: Pick<Store, 'db'> = store) =>
    to.db.insertInto('settings').values({ name, value: 'v' }).execute();
  const names = async (from = store) =>
    (await from.db.selectFrom('settings').select('name').orderBy('name').execute()).map((row) => row.name);

  it('rolls back a transaction that pauses for too long, and lets the others go on', async () => {
    const forgotten = await store.db.startTransaction().execute();
    await forgotten.insertInto('settings').values({ name: 'lost', value: '' }).execute();
    await add('waited');
    await expect(
      forgotten.insertInto('settings').values({ name: 'late', value: '' }).execute(),
    ).rejects.toThrow(StoreError);
    await expect(forgotten.commit().execute()).rejects.toThrow('rolled back');
    expect(await names()).toEqual(['waited']);
  });

  it('makes writes from outside wait for an open transaction', async () => {
    const order: string[] = [];
    const trx = await store.db.startTransaction().execute();
    const outside = add('outside').then(() => order.push('outside'));
    await trx.insertInto('settings').values({ name: 'inside', value: '' }).execute();
    order.push('commit');
    await trx.commit().execute();
    await outside;
    expect(order).toEqual(['commit', 'outside']);
  });

  it('rejects every call once it is closed, and can be closed twice', async () => {
    await store.close();
    await store.close();
    const error = await names().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error.errorName).toBe('storeUnavailable');
    await expect(store.batch([store.db.selectFrom('settings').selectAll().compile()])).rejects.toThrow(
      AppError,
    );
  });

  it('finishes the writes that were on their way when it is closed', async () => {
    const writes = Promise.all(Array.from({ length: 50 }, (_, n) => add(`n${n}`)));
    await store.close();
    await writes;
    store = await openSqliteStore({ dataDir, log });
    expect(await names()).toHaveLength(50);
  });

  it('names a corrupt file as the failure of the store', async () => {
    const { rows } = await sql<{ page: number }>`
      select rootpage as page from sqlite_schema where name = 'teams'`.execute(store.db);
    await store.close();
    const file = await open(join(dataDir, 'lectern.db'), 'r+');
    await file.write(Buffer.alloc(4096, 0xee), 0, 4096, ((rows[0]?.page ?? 0) - 1) * 4096);
    await file.close();
    store = await openSqliteStore({ dataDir, log });
    const error = await store.db
      .selectFrom('teams')
      .selectAll()
      .execute()
      .catch((thrown) => thrown);
    expect(error.errorName).toBe('storeUnavailable');
    expect(error.message).not.toContain('corrupt');
    expect(String(error.details.cause)).toContain('corrupt');
  });

  it('acknowledges only what is there when the disk is full, and works on when there is room again', async () => {
    const { rows } = await sql<{ pages: number }>`select page_count as pages from pragma_page_count`.execute(
      store.db,
    );
    await sql.raw(`pragma max_page_count = ${(rows[0]?.pages ?? 0) + 20}`).execute(store.db);
    const big = (name: string) =>
      store.db
        .insertInto('settings')
        .values({ name, value: 'x'.repeat(20_000) })
        .execute();
    const all = Array.from({ length: 12 }, (_, n) => `big${n}`);
    const results = await Promise.allSettled(all.map(big));
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(reason.errorName).toBe('diskFull');
    const acknowledged = all.filter((_, n) => results[n]?.status === 'fulfilled');
    expect(await names()).toEqual(acknowledged.sort());
    await sql.raw('pragma max_page_count = 1000000').execute(store.db);
    await big('after');
    expect(await names()).toContain('after');
  });

  it('copies itself while it is written to', async () => {
    await Promise.all([add('a'), add('b')]);
    const target = join(dataDir, 'copy.db');
    const [copied] = await Promise.allSettled([
      store.backup(target),
      ...Array.from({ length: 20 }, (_, n) => add(`w${n}`)),
    ]);
    expect(copied.status).toBe('fulfilled');
    await expect(store.backup(target)).rejects.toThrow('already');
    const copy = await startClient({ path: target, idleTransactionMs: 1000, busyMs: 1000 });
    const { rows } = await copy.call(Op.read, 0, [`select name from settings where name in ('a', 'b')`, []]);
    expect(rows).toHaveLength(2);
    await copy.terminate();
  });

  it('keeps its files from other users of the machine', async () => {
    const inner = join(dataDir, 'inner');
    const kept = await openSqliteStore({ dataDir: inner, log });
    await add('first', kept);
    await kept.backup(join(inner, 'copy.db'));
    for (const name of ['', 'lectern.db', 'lectern.db-wal', 'lectern.db-shm', 'copy.db'])
      expect((await stat(join(inner, name))).mode & 0o077, name).toBe(0);
    await kept.close();
  });

  it('lets the command line read and write beside the server', async () => {
    const cli = await openSqliteStore({ dataDir, log, role: 'cli' });
    await add('from the command line', cli);
    await add('from the server');
    expect(await names(await Promise.resolve(cli))).toEqual(await names());
    await cli.close();
    expect(await names()).toHaveLength(2);
  });

  it('waits for a command that is writing', async () => {
    const cli = await openSqliteStore({ dataDir, log, role: 'cli' });
    const trx = await cli.db.startTransaction().execute();
    await trx.insertInto('settings').values({ name: 'slow', value: '' }).execute();
    const write = add('patient');
    expect(await names()).toEqual([]);
    await trx.commit().execute();
    await write;
    expect(await names()).toEqual(['patient', 'slow']);
    await cli.close();
  });
});

describe('a store that cannot be opened', () => {
  let parent = '';
  beforeEach(async () => {
    parent = await newDir();
  });
  afterEach(() => rm(parent, { recursive: true, force: true }));
  const refusal = (dataDir: string) => openSqliteStore({ dataDir, log }).catch((thrown) => thrown);

  it('because its file is something else says so in both languages and leaves it as it was', async () => {
    const path = join(parent, 'lectern.db');
    await writeFile(path, 'these are notes, no database. '.repeat(100));
    const error = await refusal(parent);
    expect(error).toBeInstanceOf(StoreStartError);
    expect(error.text.en).toContain(`lectern.db in ${parent} is damaged`);
    expect(error.text.zh).toContain('已损坏');
    expect(await readFile(path, 'utf8')).toMatch(/^these are notes/);
    // Nothing holds the directory afterwards.
    await rm(path);
    await (await openSqliteStore({ dataDir: parent, log })).close();
  });

  it.each<[string, string, string | null]>([
    ['a file of a user and no database', 'blobs/aa/0123456789abcdef0123456789abcd', null],
    ['a key and no database', 'secret.key', null],
    ['a key and an empty database', 'secret.key', ''],
  ])('because it holds %s says so in both languages, and makes no new one', async (_what, left, database) => {
    await mkdir(join(parent, 'blobs/aa'), { recursive: true });
    await writeFile(join(parent, left), 'left');
    const path = join(parent, 'lectern.db');
    if (database !== null) await writeFile(path, database);
    const error = await refusal(parent);
    expect(error).toBeInstanceOf(StoreStartError);
    expect(error.text.en).toMatch(
      /lectern.db is missing or empty.*restore --from PATH --replace.*move blobs/,
    );
    expect(error.text.zh).toMatch(/缺失或为空.*restore.*移走/);
    expect((await stat(path).catch(() => undefined))?.size).toBe(database === null ? undefined : 0);
    await rm(join(parent, left));
    await (await openSqliteStore({ dataDir: parent, log })).close();
  });

  it('unless it holds only what a failed first start leaves', async () => {
    await mkdir(join(parent, 'blobs'));
    await mkdir(join(parent, 'tmp'));
    for (const name of ['lectern.db', 'server.lock']) await writeFile(join(parent, name), '');
    await (await openSqliteStore({ dataDir: parent, log })).close();
  });

  it('because a file stands where the directory should says so', async () => {
    const dataDir = join(parent, 'data');
    await writeFile(dataDir, '');
    expect((await refusal(dataDir)).text?.en).toContain('is no directory');
  });

  it('because its lock cannot be made names the directory that cannot be written to', async () => {
    await mkdir(join(parent, 'server.lock'));
    const error = await refusal(parent);
    expect(error.text?.en).toContain(`${parent} cannot be written to`);
  });
});

describe('the store worker', () => {
  it('rejects what waits for it when it dies', async () => {
    const dataDir = await newDir();
    const client = await startClient({
      path: join(dataDir, 'x.db'),
      idleTransactionMs: 60_000,
      busyMs: 1000,
    });
    await client.call(Op.begin, 0, null);
    const stuck = client.call(Op.write, 0, ['create table t (a)', []]);
    const outcome = expect(stuck).rejects.toThrow(AppError);
    await client.terminate();
    await outcome;
    await expect(client.call(Op.read, 0, ['select 1', []])).rejects.toThrow(AppError);
    expect((await client.died).errorName).toBe('storeUnavailable');
    await rm(dataDir, { recursive: true });
  });

  it('says why it could not open the file', async () => {
    const opening = startClient({ path: '/no/such/folder/x.db', idleTransactionMs: 1000, busyMs: 1000 });
    const error = await opening.catch((thrown) => thrown);
    expect(error.errorName).toBe('storeUnavailable');
    expect(String(error.details.cause)).toContain('unable to open');
  });
});
