import { lostAfterMs } from '../../store/processes.ts';
import type { App } from '../context.ts';
import { endUnfinished } from './end-unfinished.ts';

const pageSize = 100;
/** How often a process looks for answers that another one left behind, in milliseconds. */
const lookMs = lostAfterMs / 3;

type RecoveringApp = Pick<App, 'store' | 'runs' | 'log' | 'processes'>;

/**
 * Ends the runs that processes which are gone left behind: the record says interrupted, with the text that had been
 * written down. Whichever process does it, each is ended once. Answers how many this one ended.
 */
export async function recoverInterruptedRuns(app: RecoveringApp): Promise<number> {
  let recovered = 0;
  for (let after = ''; ; ) {
    const runs = await app.store.db
      .selectFrom('runs')
      .select(['id', 'owner', 'chatRowId', 'startTime'])
      .where('status', '=', 'running')
      .where('owner', '!=', app.runs.owner)
      .where('owner', 'not in', app.processes.living())
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageSize)
      .execute();
    for (const run of runs) {
      try {
        if (await endUnfinished(app, run, { status: 'interrupted', error: 'interrupted' })) recovered += 1;
      } catch (thrown) {
        // A record that cannot be mended keeps neither the others nor the start of the server waiting.
        app.log.error({ err: thrown, runId: run.id }, 'an interrupted answer could not be recovered');
      }
    }
    const last = runs.at(-1);
    if (!last || runs.length < pageSize) break;
    after = last.id;
  }
  await app.processes.forgetLost();
  if (recovered > 0) app.log.warn({ count: recovered }, 'answers were interrupted when a server stopped');
  return recovered;
}

/**
 * Recovers now. Where other processes share the store, again and again from a little later on, so that the answers of
 * one that dies are ended by whoever is left; and what another one stops is stopped here. Answers how to end that.
 */
export async function keepRecovering(app: RecoveringApp): Promise<() => Promise<void>> {
  if (!app.processes.shared) {
    await recoverInterruptedRuns(app);
    return async () => undefined;
  }
  // A run that another process has stopped is ended in the store; this one gives up working on it.
  const stopListening = app.store.signals.on('runs', (runId) => void app.runs.stop(runId));
  let looking: Promise<unknown> | undefined;
  const look = () => {
    if (!app.processes.mayJudge()) return;
    looking ??= recoverInterruptedRuns(app)
      .catch((err) => app.log.warn({ err }, 'looking for interrupted answers failed'))
      .finally(() => {
        looking = undefined;
      });
  };
  const timer = setInterval(look, lookMs).unref();
  return async () => {
    stopListening();
    clearInterval(timer);
    await looking;
  };
}
