import { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import type { Database } from '../schema.ts';

/** A store as it is at one moment, for reading only, whatever a running server writes meanwhile. */
export interface Snapshot {
  db: Kysely<Database>;
  close(): Promise<void>;
}

/** The embedded store's file as it is now. Reads in this thread: for commands, never for a server. */
export function openSqliteSnapshot(path: string): Snapshot {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  // The first read of the transaction is what fixes the moment.
  database.exec('begin; select count(*) from sqlite_master');
  const db = new Kysely<Database>({
    dialect: new SqliteDialect({
      database: {
        prepare(text) {
          const statement = database.prepare(text);
          const all = (parameters: readonly unknown[]) => statement.all(...(parameters as string[]));
          return {
            reader: true,
            all,
            run: (parameters) => {
              all(parameters);
              return { changes: 0, lastInsertRowid: 0 };
            },
            iterate: (parameters) => all(parameters)[Symbol.iterator](),
          };
        },
        close: () => database.close(),
      },
    }),
  });
  return { db, close: () => db.destroy() };
}
