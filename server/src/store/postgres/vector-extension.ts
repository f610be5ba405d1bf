import type { Logger } from '../../kernel/logger.ts';
import type { Session } from './session.ts';
import { isRecentEnough, prepareVectorIndex } from './vector-index.ts';

interface Extension {
  /** Where it lives. */
  schema: string;
  version: string;
}

async function installed(session: Session): Promise<Extension | null> {
  const { rows } = await session.query(
    `select n.nspname as schema, e.extversion as version
     from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'vector'`,
    [],
  );
  const [row] = rows;
  return row === undefined ? null : { schema: String(row.schema), version: String(row.version) };
}

async function install(session: Session, log: Logger): Promise<Extension | null> {
  try {
    await session.query('create extension if not exists vector', []);
  } catch (thrown) {
    log.info(
      { reason: (thrown as Error).message },
      'no vector extension: the database searches by keywords only',
    );
    return null;
  }
  return installed(session);
}

/**
 * The schema that holds the `vector` extension, installed now if the server has it and the user may; null where vectors
 * cannot be searched. A missing extension is no failure: the store then searches by keywords. Brings the table that
 * the extension searches up to date, under the lock of upgrades; the command line leaves that to the server.
 */
export async function tryVectors(
  session: Session,
  role: 'server' | 'cli',
  log: Logger,
): Promise<string | null> {
  const found = (await installed(session)) ?? (role === 'server' ? await install(session, log) : null);
  if (found === null) return null;
  if (!isRecentEnough(found.version)) {
    log.warn(
      { version: found.version },
      'the vector extension is older than 0.8: the database searches by keywords only',
    );
    return null;
  }
  if (role === 'server') {
    await prepareVectorIndex(session, found.schema, log);
    return found.schema;
  }
  const { rows } = await session.query("select to_regclass('vector_index') is not null as made", []);
  return rows[0]?.made === 1 || rows[0]?.made === true ? found.schema : null;
}
