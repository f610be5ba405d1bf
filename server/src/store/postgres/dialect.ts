import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import { bind } from '../bind.ts';
import { StoreError } from '../errors.ts';
import { retryConflicts } from './retry.ts';
import type { Answer, Session, Sessions } from './session.ts';

/** Kysely over sessions of a Postgres. */
export function postgresDialect(sessions: Sessions): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new SessionDriver(sessions),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class SessionConnection implements DatabaseConnection {
  readonly session: Session;
  inTransaction = false;

  constructor(session: Session) {
    this.session = session;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const parameters = bind(query.parameters);
    const run = () => this.session.query(query.sql, parameters);
    // A statement of its own was undone as a whole; inside a transaction there is more than this one to do again.
    const { rows, count, command } = await (this.inTransaction ? run() : retryConflicts(run));
    if (command === 'SELECT') return { rows: rows as R[] };
    return { rows: rows as R[], numAffectedRows: BigInt(count) };
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator; pages are read by LIMIT instead.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('The store does not stream rows. Read page by page.');
  }
}

/** Postgres answers a commit of a failed transaction with the word ROLLBACK and no error. */
export function assertCommitted({ command }: Answer): void {
  if (command === 'ROLLBACK') {
    throw new StoreError('The transaction was rolled back: it failed.', { sqlState: '25P02' });
  }
}

class SessionDriver implements Driver {
  private readonly sessions: Sessions;

  constructor(sessions: Sessions) {
    this.sessions = sessions;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SessionConnection> {
    return new SessionConnection(await this.sessions.acquire());
  }

  async beginTransaction(connection: SessionConnection, settings: TransactionSettings): Promise<void> {
    connection.inTransaction = true;
    const level = settings.isolationLevel ? ` isolation level ${settings.isolationLevel}` : '';
    // Travels with the first statement, which fails when this does.
    connection.session.query(`begin${level}`, []).catch(() => {});
  }

  async commitTransaction(connection: SessionConnection): Promise<void> {
    connection.inTransaction = false;
    assertCommitted(await connection.session.query('commit', []));
  }

  async rollbackTransaction(connection: SessionConnection): Promise<void> {
    connection.inTransaction = false;
    // When the connection is gone, so is the transaction; what went wrong first is what the caller has to hear.
    await connection.session.query('rollback', []).catch(() => {});
  }

  async savepoint(connection: SessionConnection, name: string): Promise<void> {
    await nested(connection, 'savepoint', name);
  }

  async rollbackToSavepoint(connection: SessionConnection, name: string): Promise<void> {
    await nested(connection, 'rollback to', name);
  }

  async releaseSavepoint(
    connection: SessionConnection,
    name: string,
    _compile: QueryCompiler['compileQuery'],
  ): Promise<void> {
    await nested(connection, 'release', name);
  }

  async releaseConnection(connection: SessionConnection): Promise<void> {
    connection.session.release();
  }

  async destroy(): Promise<void> {}
}

async function nested(connection: SessionConnection, verb: string, name: string): Promise<void> {
  await connection.session.query(`${verb} "${name.replaceAll('"', '""')}"`, []);
}
