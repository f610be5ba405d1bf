import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { bind } from '../bind.ts';
import type { StoreClient } from './client.ts';
import { Op } from './protocol.ts';

/** Kysely over the store worker. Any number of queries may be on their way at the same time. */
export function sqliteDialect(client: StoreClient): Dialect {
  return {
    createAdapter: () => new WorkerAdapter(),
    createDriver: () => new WorkerDriver(client),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** Whether the statement only reads, so that it can run beside an open transaction. */
export function isRead({ query, sql }: CompiledQuery): boolean {
  return query.kind === 'SelectQueryNode' || (query.kind === 'RawNode' && /^\s*select\b/i.test(sql));
}

class WorkerAdapter extends SqliteAdapter {
  /** Without this Kysely lets one query at a time through. */
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

class WorkerConnection implements DatabaseConnection {
  readonly client: StoreClient;
  tx = 0;

  constructor(client: StoreClient) {
    this.client = client;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const op = this.tx !== 0 ? Op.inside : isRead(query) ? Op.read : Op.write;
    const { rows, value } = await this.client.call(op, this.tx, [query.sql, bind(query.parameters)]);
    if (op === Op.read) return { rows: rows as R[] };
    return { rows: rows as R[], numAffectedRows: BigInt(value) };
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator; pages are read by LIMIT instead.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('The store does not stream rows. Read page by page.');
  }
}

class WorkerDriver implements Driver {
  readonly client: StoreClient;

  constructor(client: StoreClient) {
    this.client = client;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<WorkerConnection> {
    return new WorkerConnection(this.client);
  }

  async beginTransaction(connection: WorkerConnection): Promise<void> {
    connection.tx = (await this.client.call(Op.begin, 0, null)).value;
  }

  async commitTransaction(connection: WorkerConnection): Promise<void> {
    await this.finish(connection, Op.commit);
  }

  async rollbackTransaction(connection: WorkerConnection): Promise<void> {
    await this.finish(connection, Op.rollback);
  }

  async savepoint(
    connection: WorkerConnection,
    name: string,
    compile: QueryCompiler['compileQuery'],
  ): Promise<void> {
    await this.nested(connection, 'savepoint', name, compile);
  }

  async rollbackToSavepoint(
    connection: WorkerConnection,
    name: string,
    compile: QueryCompiler['compileQuery'],
  ): Promise<void> {
    await this.nested(connection, 'rollback to', name, compile);
  }

  async releaseSavepoint(
    connection: WorkerConnection,
    name: string,
    compile: QueryCompiler['compileQuery'],
  ): Promise<void> {
    await this.nested(connection, 'release', name, compile);
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}

  private async finish(connection: WorkerConnection, op: Op): Promise<void> {
    const { tx } = connection;
    connection.tx = 0;
    await this.client.call(op, tx, null);
  }

  private async nested(
    connection: WorkerConnection,
    verb: string,
    name: string,
    _compile: QueryCompiler['compileQuery'],
  ): Promise<void> {
    const quoted = `"${name.replaceAll('"', '""')}"`;
    await this.client.call(Op.inside, connection.tx, [`${verb} ${quoted}`, []]);
  }
}
