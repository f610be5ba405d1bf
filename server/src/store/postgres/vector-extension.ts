import type { Logger } from '../../kernel/logger.ts';
import type { Session } from './session.ts';

/**
 * The schema that holds the `vector` extension, installed now if the server has it and the user may; null without
 * it. A missing extension is no failure: the store then searches by keywords.
 */
export async function tryVectors(
  session: Session,
  role: 'server' | 'cli',
  log: Logger,
): Promise<string | null> {
  const installed = async () => {
    const { rows } = await session.query(
      "select n.nspname as schema from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'vector'",
      [],
    );
    return typeof rows[0]?.schema === 'string' ? rows[0].schema : null;
  };
  const found = await installed();
  if (found !== null || role === 'cli') return found;
  try {
    await session.query('create extension if not exists vector', []);
  } catch (thrown) {
    log.info(
      { reason: (thrown as Error).message },
      'no vector extension: the database searches by keywords only',
    );
    return null;
  }
  return installed();
}
