import { setImmediate as nextTurn } from 'node:timers/promises';
import { Kysely } from 'kysely';
import pg from 'pg';
import type { Logger } from '../../kernel/logger.ts';
import { StoreError, StoreStartError } from '../errors.ts';
import { migrate, pendingMigrations } from '../migrate.ts';
import { migrations as allMigrations, type Migration } from '../migrations/index.ts';
import { observedBatch, observedQueries } from '../observe.ts';
import type { ServerStore, StoreObserver } from '../ports.ts';
import type { Database } from '../schema.ts';
import { createBatch } from './batch.ts';
import { postgresDialect } from './dialect.ts';
import { toStoreFailure } from './failure.ts';
import { createHnswIndexes } from './hnsw.ts';
import { createPostgresIndexWriter } from './index-writer.ts';
import { connectionSettings, createPool, createSession, type PoolOptions } from './pool.ts';
import { createPostgresSearcher } from './searcher.ts';
import type { Session, Sessions } from './session.ts';
import { createSignals } from './signals.ts';
import { explainPostgresStart } from './start-problem.ts';
import { tryVectors } from './vector-extension.ts';
import { createVectorSearch } from './vector-search.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. Holds a secret: never log it. */
  url: string;
  /** Most connections of this process, besides the one that listens. */
  poolSize: number;
  log: Logger;
  /** The command line works on what a server has made; it changes no schema. */
  role?: 'server' | 'cli';
  observe?: StoreObserver;
  /** For tests of upgrades. */
  migrations?: readonly Migration[];
  /** For tests of failures; see PoolOptions. */
  limits?: Pick<PoolOptions, 'acquireMs' | 'statementMs' | 'idleTransactionMs'>;
}

/**
 * Opens the store in a database and brings its schema up to date; several processes may do so at the same time.
 * Rejects with StoreStartError when the database cannot be reached or used, or its schema is not ours.
 */
export async function openPostgresStore(options: PostgresOptions): Promise<ServerStore> {
  const { url, log } = options;
  try {
    const { channel, vectors } = await prepareDatabase(options);
    const sessions = createPool({ url, size: options.poolSize, log, ...options.limits });
    const signals = createSignals({ url, channel, sessions, log });
    const { observe } = options;
    const openSession = () => openUnlimited(url);
    return toStore({
      sessions,
      signals,
      vectors: vectors === null ? null : { schema: vectors, openSession, concurrently: true },
      log,
      observe,
      close: () => signals.close(),
    });
  } catch (thrown) {
    throw explainPostgresStart(thrown, url);
  }
}

/** Whatever is the same for every library that speaks to a Postgres. */
export function toStore(parts: {
  sessions: Sessions;
  signals: ServerStore['signals'];
  /** How vectors are searched; null without the extension. */
  vectors: (Omit<Parameters<typeof createHnswIndexes>[0], 'log'> & { comparedOneByOne?: number }) | null;
  log: Logger;
  observe: StoreObserver | undefined;
  close(): Promise<void>;
}): ServerStore {
  const { sessions, signals, vectors, log } = parts;
  const db = new Kysely<Database>({ dialect: postgresDialect(sessions), ...observedQueries(parts.observe) });
  const batch = observedBatch(createBatch(sessions), parts.observe);
  const indexes = vectors && createHnswIndexes({ ...vectors, log });
  const searchVectors =
    vectors && indexes ? createVectorSearch({ db, batch, indexes, ...vectors }) : undefined;
  let closing: Promise<void> | null = null;
  const close = async () => {
    // Queries that were made before this call need a turn of the loop until they hold a connection.
    await nextTurn();
    await parts.close();
    await sessions.close();
  };
  return {
    engine: 'postgres',
    db,
    batch,
    index: createPostgresIndexWriter(vectors?.schema ?? null),
    searcher: createPostgresSearcher(db, searchVectors),
    signals,
    backup: () =>
      Promise.reject(
        new StoreStartError({
          en: 'A PostgreSQL database is backed up with its own tools (pg_dump).',
          zh: 'PostgreSQL 数据库请用其自带工具备份（pg_dump）。',
        }),
      ),
    // Connections come and go by themselves: this store is never gone for good.
    died: new Promise(() => {}),
    announce: () => {},
    close() {
      closing ??= close();
      return closing;
    },
  };
}

/** What is done once, on a connection of its own without a limit of time. */
async function prepareDatabase(
  options: PostgresOptions,
): Promise<{ channel: string; vectors: string | null }> {
  const { url, log, role = 'server', migrations = allMigrations } = options;
  const client = new pg.Client(
    connectionSettings({
      url,
      acquireMs: options.limits?.acquireMs ?? 5_000,
      statementMs: 0,
      idleTransactionMs: 0,
    }),
  );
  client.on('error', () => {});
  await client.connect().catch((thrown) => {
    throw toStoreFailure(thrown);
  });
  const session = createSession(client, () => {});
  try {
    const { rows } = await session.query('select current_schema() as schema', []);
    const schema = rows[0]?.schema;
    if (typeof schema !== 'string') {
      throw new StoreError('no schema has been selected to create in', { sqlState: '3F000' });
    }
    if (role === 'cli') await refuseOlderSchema(session, migrations);
    else await upgrade(session, migrations, log);
    const vectors = await oneAtATime(session, () => tryVectors(session, role, log));
    return { channel: `lectern_${schema}`.slice(0, 63), vectors };
  } finally {
    await client.end().catch(() => {});
  }
}

/** A connection of its own without a limit of time, for what is built in the background. */
async function openUnlimited(url: string): Promise<Session> {
  const client = new pg.Client(connectionSettings({ url, statementMs: 0, idleTransactionMs: 0 }));
  client.on('error', () => {});
  await client.connect();
  return createSession(client, () => void client.end().catch(() => {}));
}

/** A store for the time of an upgrade: its one session is used in turn by nobody else. */
function single(session: Session): Kysely<Database> {
  const alone: Session = { query: session.query, release: () => {} };
  return new Kysely<Database>({
    dialect: postgresDialect({ acquire: async () => alone, close: async () => {} }),
  });
}

/** Processes that start together change the schema one after the other; the later ones find it done. */
export async function upgrade(
  session: Session,
  migrations: readonly Migration[],
  log: Logger,
): Promise<void> {
  await oneAtATime(session, () =>
    migrate({
      engine: 'postgres',
      db: single(session),
      migrations,
      log,
      async backup(label) {
        log.warn({ label }, 'the schema changes now, without a copy: PostgreSQL is backed up with pg_dump');
      },
    }),
  );
}

/** What several processes that start together must do one after the other. */
async function oneAtATime<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.query("select pg_advisory_lock(hashtext('lectern ' || current_schema()))", []);
  try {
    return await work();
  } finally {
    await session
      .query("select pg_advisory_unlock(hashtext('lectern ' || current_schema()))", [])
      .catch(() => {});
  }
}

async function refuseOlderSchema(session: Session, migrations: readonly Migration[]): Promise<void> {
  const { applied, pending } = await pendingMigrations(single(session), 'postgres', migrations);
  if (applied === 0) {
    throw new StoreStartError({
      en: 'There is no Lectern data in the database of DATABASE_URL. Start the server once (npm start).',
      zh: 'DATABASE_URL 指定的数据库中没有 Lectern 数据。请先启动一次服务器（npm start）。',
    });
  }
  if (pending.length > 0) {
    throw new StoreStartError({
      en: 'The database has an older schema than this command. Start the server of this version first.',
      zh: '数据库的结构比此命令旧，请先启动此版本的服务器。',
    });
  }
}
