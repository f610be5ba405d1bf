import type { RunEvent } from '@lectern/contract/stream.ts';
import { AppError, fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { isUnavailable } from '../../store/errors.ts';
import type { App, Caller } from '../context.ts';
import type { BegunRun } from './begin-run.ts';
import { createOutcome, type FinishedRun, finishRun, type Outcome, usageOf } from './finish-run.ts';
import type { RunningRun } from './registry.ts';
import { createRunLog } from './run-log.ts';

type RecordingApp = Pick<App, 'store' | 'runs' | 'keyUsage' | 'log'>;
type Done = Extract<RunEvent, { type: 'done' }>;
type Failed = Extract<RunEvent, { type: 'error' }>;

/** How a run ended. */
type End = Pick<FinishedRun, 'status' | 'done' | 'error'>;

/**
 * Passes the events of a run on and writes them down. Whatever ends the run (its own end, a failure, a caller who
 * leaves, the server's stop, a reader who stops reading) is stored exactly once, with the text so far.
 */
export function recordRun(
  app: RecordingApp,
  caller: Caller,
  run: BegunRun,
  running: RunningRun,
  source: AsyncIterable<RunEvent[]>,
): AsyncGenerator<RunEvent[]> {
  const outcome = createOutcome();
  const log = createRunLog(app, run.id);
  let storing: Promise<void> | undefined;

  const store = async (end: End) => {
    try {
      const hasEvents = await log.close();
      const { done } = end;
      const finished = {
        id: run.id,
        answerId: newId(),
        owner: app.runs.owner,
        chatRowId: run.chatRowId,
        startTime: run.time,
        ...end,
        variables: done && changedVariables(run, done),
        hasEvents,
      };
      // False = the chat was deleted, and with it whatever it was still answering.
      const finish = () => finishRun(app, finished, outcome);
      await finish().catch((error) => {
        // The caller hears of it now; the answer is stored as soon as the store is back.
        if (isUnavailable(error)) app.runs.storeLater(finish);
        throw error;
      });
    } catch (error) {
      app.log.error({ err: error, runId: run.id }, 'an answer could not be stored');
      throw error;
    } finally {
      app.runs.remove(run.id, end.status);
      if (caller.kind !== 'session' && outcome.points > 0)
        app.keyUsage.addPoints(caller.keyId, outcome.points);
    }
  };
  const settle = (end: End) => {
    storing ??= store(end);
    return storing;
  };

  async function* record(): AsyncGenerator<RunEvent[]> {
    try {
      for await (const batch of source) {
        const done = batch.find((e): e is Done => e.type === 'done');
        const failed = batch.find((e): e is Failed => e.type === 'error');
        const open = done || failed ? batch.filter((e) => e.type !== 'done' && e.type !== 'error') : batch;
        outcome.add(open);
        log.add(open);
        if (open.length > 0) yield open;
        if (!done) continue;
        await settle({ status: failed ? 'failed' : 'done', done, error: failed });
        yield failed ? [failed, done] : [done];
      }
    } catch (thrown) {
      await settle(endOf(running, thrown));
      if (running.stopped === 'callerLeft') return;
      if (running.stopped === 'stopped') {
        yield [doneOf(run, outcome)];
        return;
      }
      throw running.stopped === 'shutdown' ? fail('interrupted') : thrown;
    } finally {
      await settle(endOf(running, undefined));
    }
  }

  const events = record();
  // A reader that is gone does not ask for the end: this does, also when reading never began.
  const leave = () =>
    // One whose answer was stopped is still there, and hears of the end.
    void Promise.resolve(running.stopped === 'stopped' ? undefined : events.return(undefined))
      .then(() => settle(endOf(running, undefined)))
      .catch(() => undefined);
  if (running.signal.aborted) leave();
  else running.signal.addEventListener('abort', leave, { once: true });
  return events;
}

function endOf(running: RunningRun, thrown: unknown): End {
  if (running.stopped === 'shutdown') {
    return { status: 'interrupted', error: { name: 'interrupted', message: fail('interrupted').message } };
  }
  if (running.stopped || thrown === undefined) return { status: 'stopped' };
  const error = thrown instanceof AppError ? thrown : fail('internal', { params: { requestId: '' } });
  return { status: 'failed', error: { name: error.errorName, message: error.message } };
}

/** The end of an answer that was stopped, as its reader hears of it. */
function doneOf(run: BegunRun, outcome: Outcome): Done {
  return {
    type: 'done',
    usage: usageOf(outcome.responses),
    model: outcome.model,
    durationSeconds: Math.max(0, Date.now() - run.time) / 1000,
    newVariables: {},
  };
}

/** The chat's variables after the run, when the run changed them. */
function changedVariables(run: BegunRun, done: Done): Record<string, unknown> | undefined {
  const changed = Object.entries(done.newVariables).some(([key, value]) => run.variables[key] !== value);
  return changed ? { ...run.chat?.variables, ...run.variables, ...done.newVariables } : undefined;
}
