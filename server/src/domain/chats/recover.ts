import type { RunEvent } from '@lectern/contract/stream.ts';
import { fail } from '../../kernel/errors.ts';
import { fromJson } from '../../store/json.ts';
import type { App } from '../context.ts';
import { createOutcome, finishRun } from './finish-run.ts';

const pageSize = 100;

/**
 * Ends the runs that a process which is gone left behind: the record says interrupted, with the text that had been
 * written down. Call it before this process begins runs of its own. Answers how many there were.
 */
export async function recoverInterruptedRuns(app: Pick<App, 'store' | 'runs' | 'log'>): Promise<number> {
  const error = fail('interrupted');
  let recovered = 0;
  for (;;) {
    const runs = await app.store.db
      .selectFrom('runs')
      .select(['id', 'teamId', 'appId', 'chatRowId', 'dataId', 'startTime'])
      .where('status', '=', 'running')
      .where('owner', '!=', app.runs.owner)
      .limit(pageSize)
      .execute();
    for (const run of runs) {
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
    recovered += runs.length;
    if (runs.length < pageSize) break;
  }
  if (recovered > 0)
    app.log.warn({ count: recovered }, 'answers were interrupted when the server last stopped');
  return recovered;
}
