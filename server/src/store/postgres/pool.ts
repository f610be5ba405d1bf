import pg from 'pg';
import type { Logger } from '../../kernel/logger.ts';
import type { Bound } from '../bind.ts';
import { storeUnavailable } from '../errors.ts';
import { endsSession, toStoreFailure } from './failure.ts';
import type { Answer, Session, Sessions } from './session.ts';

export interface PoolOptions {
  url: string;
  /** Most connections. */
  size: number;
  log: Logger;
  /** Longest wait for a free or new connection, in milliseconds. */
  acquireMs?: number;
  /** Longest time for one statement, in milliseconds; 0 = no limit. */
  statementMs?: number;
  /** Longest pause between two statements of a transaction, in milliseconds. */
  idleTransactionMs?: number;
}

const oid = { bool: 16, bytea: 17, int8: 20, numeric: 1700 };

/** Values as SQLite gives them: numbers where it has numbers, 1 and 0 for true and false. */
const parsers: Record<number, (text: string) => unknown> = {
  [oid.bool]: (text) => (text === 't' ? 1 : 0),
  [oid.bytea]: (text) => new Uint8Array(Buffer.from(text.slice(2), 'hex')),
  [oid.int8]: Number,
  [oid.numeric]: Number,
};
const types = {
  getTypeParser: ((id: number, format?: 'text' | 'binary') =>
    parsers[id] ?? pg.types.getTypeParser(id, format as 'text')) as typeof pg.types.getTypeParser,
};

/** How every connection of ours is made. */
export function connectionSettings({
  url,
  acquireMs = 5_000,
  statementMs = 30_000,
  idleTransactionMs = 10_000,
}: Omit<PoolOptions, 'size' | 'log'>): pg.ClientConfig {
  return {
    connectionString: url,
    types,
    application_name: 'lectern',
    connectionTimeoutMillis: acquireMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...(statementMs > 0 && {
      statement_timeout: statementMs,
      // The server ends what takes too long; this one is for a server that nobody can reach any more.
      query_timeout: statementMs * 1.2 + 1_000,
    }),
    idle_in_transaction_session_timeout: idleTransactionMs,
    // Statements that are asked for together travel together.
    pipeline: true,
  };
}

/** How long connections that are still used may be when the store closes, in milliseconds. */
const lastWordsMs = 3_000;

/** How many callers may wait for each connection; whoever comes then is refused at once. */
const waitingPerConnection = 50;

/** Sessions of a Postgres server. Connects when it is first needed and again whenever it has to. */
export function createPool(options: PoolOptions): Sessions {
  const pool = new pg.Pool({
    ...connectionSettings(options),
    max: options.size,
    idleTimeoutMillis: 60_000,
  });
  pool.on('error', (err) => options.log.warn({ reason: err.message }, 'a database connection was lost'));
  // A connection that is lost while it is used fails what uses it; without a listener it would end the process.
  pool.on('connect', (client) => {
    client.on('error', () => {});
    // Every statement of ours is short: compiling one would take longer than running it.
    client.query('set jit = off').catch(() => {});
  });
  return {
    async acquire() {
      if (pool.waitingCount >= options.size * waitingPerConnection) {
        throw storeUnavailable(new Error('Too many callers wait for a database connection.'));
      }
      try {
        const client = await pool.connect();
        return createSession(client, (broken) => client.release(broken));
      } catch (thrown) {
        throw toStoreFailure(thrown);
      }
    },
    async close() {
      const patience = Promise.withResolvers<void>();
      const timer = setTimeout(patience.resolve, lastWordsMs);
      // Somebody who never gives a connection back must not hold up the end.
      await Promise.race([pool.end(), patience.promise]);
      clearTimeout(timer);
    },
  };
}

/** A connected client as a session. */
export function createSession(client: pg.ClientBase, giveBack: (broken: boolean) => void): Session {
  let broken = false;
  return {
    async query(sql: string, parameters: readonly Bound[], name?: string): Promise<Answer> {
      try {
        const values = parameters as Bound[];
        const answer = await client.query({ text: sql, values, ...(name !== undefined && { name }) });
        return { rows: answer.rows, count: answer.rowCount ?? 0, command: answer.command };
      } catch (thrown) {
        broken ||= endsSession(thrown);
        throw toStoreFailure(thrown);
      }
    },
    release: () => giveBack(broken || client.getTransactionStatus() !== 'I'),
  };
}
