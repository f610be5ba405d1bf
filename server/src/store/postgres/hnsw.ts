import type { Logger } from '../../kernel/logger.ts';
import type { Session } from './session.ts';
import { hnswName, quotedName } from './vector-index.ts';

/** pgvector's limit for an index over half-precision vectors; longer ones are always compared one by one. */
export const mostIndexedDimensions = 4000;

/** How often a process asks whether another one has finished the index, in milliseconds. */
const askAgainMs = 15_000;

export interface HnswIndexes {
  /**
   * Whether the index of these dimensions can be used. Where it is missing, it is built in the background by one
   * process of all, and the answer is no until it is done.
   */
  ready(dimensions: number): boolean;
  /** Resolves when nothing is being built any more; for tests and for closing. */
  settled(): Promise<void>;
}

/**
 * Keeps the HNSW indexes, one for each number of dimensions. They are built when a search first needs one: building
 * over rows that are there is many times faster than adding each row to an index.
 */
export function createHnswIndexes(options: {
  schema: string;
  /** A session without a limit of time. */
  openSession(): Promise<Session>;
  /** False where the engine has a single session, which must not wait for itself. */
  concurrently: boolean;
  log: Logger;
}): HnswIndexes {
  const { log } = options;
  const schema = quotedName(options.schema);
  const known = new Set<number>();
  const asked = new Map<number, number>();
  const running = new Map<number, Promise<void>>();

  async function isValid(session: Session, name: string): Promise<boolean | undefined> {
    const { rows } = await session.query(
      `select i.indisvalid as valid from pg_index i join pg_class c on c.oid = i.indexrelid
       join pg_namespace n on n.oid = c.relnamespace
       where c.relname = $1 and n.nspname = current_schema()`,
      [name],
    );
    return rows[0] === undefined ? undefined : rows[0].valid === 1 || rows[0].valid === true;
  }

  async function build(session: Session, dimensions: number): Promise<void> {
    const name = hnswName(dimensions);
    const concurrently = options.concurrently ? 'concurrently' : '';
    // Left by a process that was ended while it built.
    if ((await isValid(session, name)) === false)
      await session.query(`drop index ${concurrently} if exists ${name}`, []);
    await session.query("set maintenance_work_mem = '512MB'", []);
    const began = performance.now();
    log.info({ dimensions }, 'building the vector index; searches compare one by one meanwhile');
    await session.query(
      `create index ${concurrently} if not exists ${name} on vector_index
       using hnsw ((embedding::${schema}.halfvec(${dimensions})) ${schema}.halfvec_cosine_ops)
       where dimensions = ${dimensions}`,
      [],
    );
    // Without fresh statistics the planner does not see what the index is worth.
    await session.query('analyze vector_index', []);
    log.info({ dimensions, seconds: Math.round((performance.now() - began) / 1000) }, 'vector index built');
  }

  async function look(dimensions: number): Promise<void> {
    const session = await options.openSession();
    try {
      const name = hnswName(dimensions);
      if ((await isValid(session, name)) !== true) {
        const lock = "hashtext('lectern vectors ' || current_schema())";
        const { rows } = await session.query(`select pg_try_advisory_lock(${lock}) as mine`, []);
        if (rows[0]?.mine !== 1 && rows[0]?.mine !== true) return;
        try {
          await build(session, dimensions);
        } finally {
          await session.query(`select pg_advisory_unlock(${lock})`, []).catch(() => {});
        }
      }
      known.add(dimensions);
    } finally {
      session.release();
    }
  }

  return {
    ready(dimensions) {
      if (known.has(dimensions)) return true;
      if (dimensions > mostIndexedDimensions || running.has(dimensions)) return false;
      const now = performance.now();
      if (now - (asked.get(dimensions) ?? -askAgainMs) < askAgainMs) return false;
      asked.set(dimensions, now);
      const looking = look(dimensions)
        .catch((err) => log.warn({ err, dimensions }, 'the vector index could not be built'))
        .finally(() => running.delete(dimensions));
      running.set(dimensions, looking);
      return false;
    },
    async settled() {
      await Promise.all(running.values());
    },
  };
}
