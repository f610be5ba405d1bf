import type { CompiledQuery, Kysely } from 'kysely';
import type { Database } from './schema.ts';

/**
 * The store behind one port. `db` is the only way to the data; transactions are Kysely's own. On the embedded
 * engine every statement runs in the store worker, and writes that wait together share one commit.
 */
export interface Store {
  readonly engine: 'sqlite' | 'postgres';
  readonly db: Kysely<Database>;
  /**
   * Runs compiled statements in one round trip and one transaction: all or none. For the hot path.
   * Answers the rows of each statement, in order.
   */
  batch(statements: CompiledQuery[]): Promise<unknown[][]>;
  /** The file the search worker reads (embedded engine). */
  readonly indexPath: string;
  /** A consistent copy of the whole store while it runs. */
  backup(toPath: string): Promise<void>;
  close(): Promise<void>;
}
