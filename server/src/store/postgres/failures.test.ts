import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { createLogger } from '../../kernel/logger.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/test-store.ts';
import { StoreStartError } from '../errors.ts';
import type { ServerStore } from '../ports.ts';
import { openPostgresStore } from './open.ts';
import type { PoolOptions } from './pool.ts';

/* What a database and the way to it do at bad times, on a real PostgreSQL (TEST_DATABASE_URL), which CI has. */
const log = createLogger('silent');
const base = process.env.TEST_DATABASE_URL ?? '';
const me = `lectern ${newId()}`;
const unavailable = {
  errorName: 'storeUnavailable',
  status: 503,
  details: { retryAfter: expect.any(Number) },
};

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (thrown) => thrown,
  );

describe.skipIf(base === '')('a database at a bad time', { timeout: 60_000 }, () => {
  let database: TestDatabase;
  const stores: ServerStore[] = [];
  beforeEach(async () => {
    const made = await createTestDatabase();
    if (made === null) throw new Error('TEST_DATABASE_URL is missing');
    // By this name an administrator finds the connections of this test, and of no other.
    const url = new URL(made.url);
    url.searchParams.set('application_name', me);
    database = { ...made, url: url.href };
  });
  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    await database.drop();
  });

  const open = async (
    poolSize: number,
    limits: Pick<PoolOptions, 'acquireMs' | 'statementMs' | 'idleTransactionMs'> = {},
    url = database.url,
  ) => {
    const store = await openPostgresStore({ url, poolSize, log, limits });
    stores.push(store);
    return store;
  };
  const put = (store: ServerStore, name: string) =>
    store.db.insertInto('settings').values({ name, value: '' }).execute();
  const names = async (store: ServerStore) =>
    (await store.db.selectFrom('settings').select('name').orderBy('name').execute()).map(({ name }) => name);
  /** Ends all connections of the store as an administrator does, but not the one that does it. */
  const endConnections = (by: ServerStore) =>
    sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = ${me} and pid <> pg_backend_pid()`.execute(
      by.db,
    );

  it('refuses with 503 who waits too long for a connection, and works again when one is free', async () => {
    const store = await open(1, { acquireMs: 200 });
    const trx = await store.db.startTransaction().execute();
    expect(await outcome(names(store))).toMatchObject(unavailable);
    expect(await outcome(store.batch([store.db.selectFrom('settings').selectAll().compile()]))).toMatchObject(
      unavailable,
    );
    await trx.commit().execute();
    expect(await outcome(put(store, 'after'))).toBe('done');
  });

  it('refuses at once who comes when too many wait', async () => {
    const store = await open(1, { acquireMs: 60_000 });
    const trx = await store.db.startTransaction().execute();
    const all = Array.from({ length: 60 }, (_, i) => outcome(put(store, `n${i}`)));
    const first = await Promise.race(all);
    expect(first).toMatchObject(unavailable);
    await trx.commit().execute();
    const refused = (await Promise.all(all)).filter((one) => one instanceof AppError);
    expect(refused).toHaveLength(10);
    expect(await names(store)).toHaveLength(50);
  });

  it('fails what runs when its connection is ended, and goes on with others by itself', async () => {
    const store = await open(3);
    const other = await open(1);
    await put(store, 'before');
    const trx = await store.db.startTransaction().execute();
    await trx.insertInto('settings').values({ name: 'lost', value: '' }).execute();
    const running = outcome(sql`select pg_sleep(30)`.execute(store.db));
    await vi.waitFor(async () => {
      const { rows } =
        await sql`select 1 from pg_stat_activity where query like '%pg_sleep(30)%' and application_name = ${me} and pid <> pg_backend_pid()`.execute(
          other.db,
        );
      expect(rows).not.toEqual([]);
    });
    await endConnections(other);
    expect(await running).toMatchObject(unavailable);
    expect(
      await outcome(trx.insertInto('settings').values({ name: 'x', value: '' }).execute()),
    ).toMatchObject(unavailable);
    await trx.rollback().execute();
    await Promise.all(Array.from({ length: 6 }, (_, i) => put(store, `after${i}`)));
    expect(await names(store)).toEqual([
      'after0',
      'after1',
      'after2',
      'after3',
      'after4',
      'after5',
      'before',
    ]);
  });

  it('hears the other processes again after its connection was ended, and says that it may have missed something', async () => {
    const store = await open(2);
    const other = await open(2);
    const heard: string[] = [];
    store.signals.on('models', (text) => heard.push(text));
    await vi.waitFor(async () => {
      await other.signals.send('models', 'first');
      expect(heard).toContain('first');
    });
    await endConnections(other);
    await vi.waitFor(() => expect(heard).toContain(''), { timeout: 10_000 });
    await other.signals.send('models', 'second');
    await vi.waitFor(() => expect(heard).toContain('second'));
    await expect(store.signals.send('jobs', 'x'.repeat(8000))).rejects.toThrow('bytes');
  });

  it('does a batch again that met another one in a circle', async () => {
    const store = await open(4);
    await Promise.all([put(store, 'a'), put(store, 'b')]);
    const add = (name: string) =>
      store.db
        .updateTable('settings')
        .set((eb) => ({ value: eb('value', '||', '+') }))
        .where('name', '=', name)
        .compile();
    const wait = sql`select pg_sleep(0.3)`.compile(store.db);
    await Promise.all([store.batch([add('a'), wait, add('b')]), store.batch([add('b'), wait, add('a')])]);
    const rows = await store.db.selectFrom('settings').select('value').execute();
    expect(rows.map(({ value }) => value)).toEqual(['++', '++']);
  });

  it('gives up what it had prepared when another process changes a table', async () => {
    const store = await open(1);
    const all = sql`select * from settings`.compile(store.db);
    await store.batch([all]);
    await sql`alter table settings add column more text`.execute(store.db);
    expect(await outcome(store.batch([all]))).toMatchObject(unavailable);
    expect(await outcome(store.batch([all]))).toBe('done');
  });

  it('refuses an id that is too long for its index as bad input', async () => {
    const store = await open(1);
    const username = Array.from({ length: 3000 }, (_, i) =>
      String.fromCodePoint(0x4e00 + ((i * 7919) % 20_000)),
    ).join('');
    const insert = store.db.insertInto('login_codes').values({ username, code: 'c', expireTime: 1 });
    expect(await outcome(insert.execute())).toMatchObject({ errorName: 'validation', status: 400 });
  });

  it('refuses a statement that takes too long, and goes on', async () => {
    const store = await open(1, { statementMs: 200 });
    expect(await outcome(sql`select pg_sleep(30)`.execute(store.db))).toMatchObject(unavailable);
    expect(await names(store)).toEqual([]);
  });

  it('ends a transaction that somebody forgot', async () => {
    const store = await open(1, { idleTransactionMs: 200 });
    const trx = await store.db.startTransaction().execute();
    await trx.insertInto('settings').values({ name: 'forgotten', value: '' }).execute();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await outcome(trx.commit().execute())).toMatchObject(unavailable);
    await trx.rollback().execute();
    expect(await names(store)).toEqual([]);
  });

  describe('behind a network that fails', () => {
    let network: Network;
    beforeEach(async () => {
      network = await startNetwork(new URL(base));
    });
    afterEach(() => network.close());
    const through = () => {
      const url = new URL(database.url);
      url.host = `127.0.0.1:${network.port}`;
      return url.href;
    };

    it('refuses while it is cut, and works again when it is mended', async () => {
      const store = await open(2, {}, through());
      await put(store, 'before');
      network.cut();
      for (let i = 0; i < 3; i++) expect(await outcome(put(store, 'cut'))).toMatchObject(unavailable);
      network.mend();
      expect(await names(store)).toEqual(['before']);
    });

    it('gives up a connection on which nobody answers any more', async () => {
      const store = await open(1, { statementMs: 300, acquireMs: 500 }, through());
      await put(store, 'before');
      network.swallow();
      expect(await outcome(names(store))).toMatchObject(unavailable);
      expect(await outcome(names(store))).toMatchObject(unavailable);
      network.mend();
      expect(await names(store)).toEqual(['before']);
    });
  });
});

describe('a database that does not open', () => {
  const refusal = (url: string) => openPostgresStore({ url, poolSize: 1, log }).catch((thrown) => thrown);

  it('says in both languages that nobody answers there, without the password', async () => {
    const error = await refusal('postgres://lectern:gehe1m@127.0.0.1:9/lectern?application_name=gehe1m');
    expect(error).toBeInstanceOf(StoreStartError);
    expect(error.text.en).toContain('postgres://127.0.0.1:9/lectern cannot be reached');
    expect(error.text.zh).toContain('postgres://127.0.0.1:9/lectern');
    expect(JSON.stringify(error.text) + error.stack).not.toContain('gehe1m');
  });

  it.skipIf(base === '')(
    'says what to do when the database or the right to make tables is missing',
    async () => {
      const nowhere = new URL(base);
      nowhere.pathname = '/no_such_database';
      const missing = await refusal(nowhere.href);
      expect(missing).toBeInstanceOf(StoreStartError);
      expect(missing.text.en).toContain('no_such_database. Create it');
      const noSchema = new URL(base);
      noSchema.searchParams.set('options', '-c search_path=no_such_schema');
      const refused = await refusal(noSchema.href);
      expect(refused).toBeInstanceOf(StoreStartError);
      expect(refused.text.en).toContain('may not create tables');
    },
  );
});

/** A way to the database that can be cut, or swallow what is sent. */
interface Network {
  port: number;
  cut(): void;
  swallow(): void;
  mend(): void;
  close(): Promise<void>;
}

async function startNetwork(target: URL): Promise<Network> {
  let state: 'whole' | 'cut' | 'silent' = 'whole';
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port || 5432), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => state === 'whole' && to.write(data));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const end = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cut() {
      state = 'cut';
      end();
    },
    swallow() {
      state = 'silent';
    },
    mend() {
      state = 'whole';
    },
    async close() {
      server.close();
      end();
      await once(server, 'close');
    },
  };
}
