import type { RunEvent } from '@lectern/contract/stream.ts';
import { fail } from '../../kernel/errors.ts';
import { fromJson } from '../../store/json.ts';
import type { RunRow } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { createOutcome, finishRun } from './finish-run.ts';

const pageSize = 100;

/**
 * Ends the runs that a process which is gone left behind: the record says interrupted, with the text that had been
 * written down. Call it before this process begins runs of its own. Answers how many there were.
 */
export async function recoverInterruptedRuns(app: Pick<App, 'store' | 'runs' | 'log'>): Promise<number> {
  let recovered = 0;
  for (;;) {
    const runs = await app.store.db
      .selectFrom('runs')
      .select(['id', 'teamId', 'appId', 'chatRowId', 'dataId', 'startTime'])
      .where('status', '=', 'running')
      .where('owner', '!=', app.runs.owner)
      .limit(pageSize)
      .execute();
    try {
      for (const run of runs) await endInterrupted(app, run);
    } catch (thrown) {
      // A record that cannot be mended must not keep the server from starting; the next start tries again.
      app.log.error({ err: thrown }, 'an interrupted answer could not be recovered');
      return recovered;
    }
    recovered += runs.length;
    if (runs.length < pageSize) break;
  }
  if (recovered > 0)
    app.log.warn({ count: recovered }, 'answers were interrupted when the server last stopped');
  return recovered;
}

type LostRun = Pick<RunRow, 'id' | 'teamId' | 'appId' | 'chatRowId' | 'dataId' | 'startTime'>;

async function endInterrupted(app: Pick<App, 'store'>, run: LostRun): Promise<void> {
  const error = fail('interrupted');
  const outcome = createOutcome();
  const rows = await app.store.db
    .selectFrom('run_events')
    .select('events')
    .where('runId', '=', run.id)
    .orderBy('seq')
    .execute();
  for (const row of rows) outcome.add(fromJson<RunEvent[]>(row.events, []));
  const failure = { name: error.errorName, message: error.message };
  await finishRun(
    app,
    { ...run, status: 'interrupted', error: failure, hasEvents: rows.length > 0 },
    outcome,
  );
}
