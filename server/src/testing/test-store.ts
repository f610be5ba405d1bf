import pg from 'pg';
import { newId } from '../kernel/ids.ts';
import type { Logger } from '../kernel/logger.ts';
import { openStore } from '../store/open.ts';
import type { ServerStore } from '../store/ports.ts';
import { isRecentEnough } from '../store/postgres/vector-index.ts';

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

/**
 * The settings of a server whose test needs vectors: those of the engine under test, or of the embedded one where the
 * PostgreSQL of TEST_DATABASE_URL has no `vector` extension that is recent enough.
 */
export async function storeWithVectors(): Promise<Record<string, string>> {
  const base = process.env.TEST_DATABASE_URL;
  if (!base) return {};
  const client = new pg.Client({ connectionString: base });
  await client.connect();
  try {
    const { rows } = await client.query(
      "select default_version as version from pg_available_extensions where name = 'vector'",
    );
    const version = rows[0]?.version;
    return typeof version === 'string' && isRecentEnough(version) ? {} : { DATABASE_URL: '' };
  } finally {
    await client.end();
  }
}
