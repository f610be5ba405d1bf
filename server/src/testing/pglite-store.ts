import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import type { Logger } from '../kernel/logger.ts';
import type { Bound } from '../store/bind.ts';
import { createLocalSignals } from '../store/local-signals.ts';
import { migrations } from '../store/migrations/index.ts';
import type { ServerStore } from '../store/ports.ts';
import { toStoreFailure } from '../store/postgres/failure.ts';
import { toStore, upgrade } from '../store/postgres/open.ts';
import type { Session, Sessions } from '../store/postgres/session.ts';
import { tryVectors } from '../store/postgres/vector-extension.ts';

const oid = { bool: 16, bytea: 17, int8: 20, numeric: 1700 };

/**
 * The Postgres store on a Postgres compiled to WebAssembly, in memory, with pgvector: for tests only. It has a single
 * session, so a query beside an open transaction waits for its end.
 */
export async function openPgliteStore(
  log: Logger,
  limits: { comparedOneByOne?: number } = {},
): Promise<ServerStore> {
  const pglite = await PGlite.create({
    extensions: { vector },
    parsers: {
      [oid.bool]: (text) => (text === 't' ? 1 : 0),
      [oid.bytea]: (text) => new Uint8Array(Buffer.from(text.slice(2), 'hex')),
      [oid.int8]: Number,
      [oid.numeric]: Number,
    },
  });
  const session = createSession(pglite, () => {});
  await upgrade(session, migrations, log);
  const vectors = await tryVectors(session, 'server', log);
  const sessions = oneAfterTheOther(pglite);
  return toStore({
    sessions,
    signals: createLocalSignals(),
    vectors:
      vectors === null
        ? null
        : { schema: vectors, openSession: sessions.acquire, concurrently: false, ...limits },
    log,
    observe: undefined,
    close: async () => {},
  });
}

function createSession(pglite: PGlite, release: () => void): Session {
  return {
    async query(sql: string, parameters: readonly Bound[]) {
      try {
        const values = parameters.map((value) => (typeof value === 'number' ? String(value) : value));
        const answer = await pglite.query<Record<string, unknown>>(sql, values);
        const command = /^\s*(with|select)\b/i.test(sql)
          ? 'SELECT'
          : (sql.trim().split(/\s/)[0] ?? '').toUpperCase();
        return { rows: answer.rows, count: answer.affectedRows ?? 0, command };
      } catch (thrown) {
        throw toStoreFailure(thrown);
      }
    },
    release,
  };
}

function oneAfterTheOther(pglite: PGlite): Sessions {
  let last: Promise<void> = Promise.resolve();
  return {
    async acquire() {
      const before = last;
      const { promise, resolve } = Promise.withResolvers<void>();
      last = promise;
      await before;
      return createSession(pglite, resolve);
    },
    async close() {
      await last;
      await pglite.close();
    },
  };
}
