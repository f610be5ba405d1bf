import type { ErrorName } from '@lectern/contract/errors.ts';
import type { RunEvent } from '@lectern/contract/stream.ts';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { fromJson } from '../../store/json.ts';
import type { RunRow } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { createOutcome, finishRun } from './finish-run.ts';

/** What of a run its end needs. */
export type UnfinishedRun = Pick<RunRow, 'id' | 'owner' | 'chatRowId' | 'startTime'>;

/**
 * Ends a run that no code of this process works on, with the text that was written down so far. Answers false when it
 * has ended meanwhile.
 */
export async function endUnfinished(
  app: Pick<App, 'store' | 'runs'>,
  run: UnfinishedRun,
  end: { status: 'interrupted' | 'stopped'; error?: ErrorName },
): Promise<boolean> {
  const outcome = createOutcome();
  const rows = await app.store.db
    .selectFrom('run_events')
    .select('events')
    .where('runId', '=', run.id)
    .orderBy('seq')
    .execute();
  for (const row of rows) outcome.add(fromJson<RunEvent[]>(row.events, []));
  const error = end.error && { name: end.error, message: fail(end.error).message };
  return finishRun(
    app,
    { ...run, answerId: newId(), status: end.status, error, hasEvents: rows.length > 0 },
    outcome,
  );
}
