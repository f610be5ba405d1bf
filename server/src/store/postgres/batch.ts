import type { CompiledQuery } from 'kysely';
import { type Bound, bind } from '../bind.ts';
import { assertCommitted } from './dialect.ts';
import { retryConflicts } from './retry.ts';
import type { Session, Sessions } from './session.ts';

/** Distinct statements that stay prepared in every session; those beyond are parsed each time. */
const mostNames = 200;

interface Statement {
  sql: string;
  parameters: readonly Bound[];
  name: string | undefined;
}

/** Runs statements in one transaction and one round trip: nothing is waited for before everything is sent. */
export function createBatch(sessions: Sessions): (queries: CompiledQuery[]) => Promise<unknown[][]> {
  const names = new Map<string, string>();
  const nameOf = (sql: string): string | undefined => {
    const known = names.get(sql);
    if (known !== undefined || names.size >= mostNames) return known;
    const made = `lectern_${names.size}`;
    names.set(sql, made);
    return made;
  };
  return async (queries) => {
    if (queries.length === 0) return [];
    const statements = queries.map(({ sql, parameters }) => ({
      sql,
      parameters: bind(parameters),
      name: nameOf(sql),
    }));
    const session = await sessions.acquire();
    try {
      return await retryConflicts(() => inOneTransaction(session, statements));
    } finally {
      session.release();
    }
  };
}

async function inOneTransaction(session: Session, statements: Statement[]): Promise<unknown[][]> {
  const run = ({ sql, parameters, name }: Statement) => session.query(sql, parameters, name);
  const [only] = statements;
  if (only !== undefined && statements.length === 1) return [(await run(only)).rows];
  const begin = session.query('begin', []);
  const answers = statements.map(run);
  const commit = session.query('commit', []);
  const all = await Promise.allSettled([begin, ...answers, commit]);
  // The first one that failed is the reason; those behind it only say that the transaction was aborted.
  for (const outcome of all) if (outcome.status === 'rejected') throw outcome.reason;
  assertCommitted(await commit);
  return (await Promise.all(answers)).map(({ rows }) => rows);
}
