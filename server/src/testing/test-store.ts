import pg from 'pg';
import { newId } from '../kernel/ids.ts';
import type { Logger } from '../kernel/logger.ts';
import { openStore } from '../store/open.ts';
import type { ServerStore } from '../store/ports.ts';

/** An empty schema of the PostgreSQL that TEST_DATABASE_URL names. */
export interface TestDatabase {
  /** Opens in that schema. */
  url: string;
  /** Removes the schema with everything in it. */
  drop(): Promise<void>;
}

/** Where tests run that work on both engines: null = on the embedded one. */
export async function createTestDatabase(): Promise<TestDatabase | null> {
  const base = process.env.TEST_DATABASE_URL;
  if (!base) return null;
  const schema = `test_${newId()}`;
  await run(base, `create schema ${schema}`);
  const url = new URL(base);
  url.searchParams.set('options', `-c search_path=${schema}`);
  return { url: url.href, drop: () => run(base, `drop schema ${schema} cascade`) };
}

async function run(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`set client_min_messages = warning; ${statement}`);
  } finally {
    await client.end();
  }
}

/** An empty store in a directory, or on the PostgreSQL of TEST_DATABASE_URL; closing that one removes it. */
export async function openTestStore({
  dataDir,
  log,
}: {
  dataDir: string;
  log: Logger;
}): Promise<ServerStore & { databaseUrl?: string }> {
  const database = await createTestDatabase();
  const store = await openStore({ dataDir, databaseUrl: database?.url, databasePoolSize: 5 }, log);
  if (database === null) return store;
  return {
    ...store,
    databaseUrl: database.url,
    async close() {
      await store.close();
      await database.drop();
    },
  };
}
