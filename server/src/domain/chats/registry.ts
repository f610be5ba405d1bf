import type { CompiledQuery } from 'kysely';
import { newId } from '../../kernel/ids.ts';
import { isUnavailable } from '../../store/errors.ts';
import type { Store } from '../../store/ports.ts';
import type { RunRow } from '../../store/schema.ts';

type RunStatus = RunRow['status'];

/** Why a run was ended from outside: its caller left, somebody stopped it, or the server stops. */
export type StopReason = 'callerLeft' | 'stopped' | 'shutdown';

/** One running answer. */
export interface RunningRun {
  readonly id: string;
  readonly signal: AbortSignal;
  stop(reason: StopReason): void;
  /** Why it was ended from outside, if it was. */
  readonly stopped: StopReason | undefined;
}

/** What a run has to write down while it goes on. */
export interface PendingEvents {
  /** The next insert, or nothing. */
  take(): CompiledQuery | undefined;
}

/** The answers this process is working on. */
export interface RunRegistry {
  /** Names this process in the `owner` of its runs. */
  readonly owner: string;
  /** True once `drain` was called: no new run may begin. */
  readonly draining: boolean;
  readonly count: number;
  /** Registers a run; it stops when `callerSignal` aborts. Without one nobody's leaving stops it. */
  add(runId: string, callerSignal?: AbortSignal): RunningRun;
  /** Stops a run of this process, and resolves when its end is stored; undefined = it is not one of them. */
  stop(runId: string): Promise<void> | undefined;
  /** Forgets a run that ended so. */
  remove(runId: string, status: RunStatus): void;
  /** Has the pending events of a run written within 250 ms, together with those of all other runs. */
  writeSoon(pending: PendingEvents, store: Store, now?: boolean): void;
  /** Resolves when nothing that was asked to be written is on its way. */
  written(): Promise<void>;
  /**
   * Tries again and again to store the end of a run, which must be safe to store twice, until it works. What is left
   * at the server's end is recovered by the next one.
   */
  storeLater(work: () => Promise<unknown>): void;
  /** Lets running answers finish for at most `ms`, then stops them and waits until what they had is stored. */
  drain(ms: number): Promise<void>;
}

const flushMs = 250;
/** Between two tries to store what the store could not take. */
const laterMs = 1000;
/** How long stopped runs may take to store what they had. */
const savingMs = 5000;

/** One flush timer for all runs: a thousand streams cost four batches a second, not four thousand inserts. */
function createFlusher() {
  const waiting = new Map<PendingEvents, Store>();
  let timer: NodeJS.Timeout | undefined;
  let onTheWay: Promise<unknown> = Promise.resolve();

  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const byStore = new Map<Store, CompiledQuery[]>();
    for (const [pending, store] of waiting) {
      const insert = pending.take();
      if (!insert) continue;
      const inserts = byStore.get(store);
      if (inserts) inserts.push(insert);
      else byStore.set(store, [insert]);
    }
    waiting.clear();
    // A lost flush costs at most a quarter second of an interrupted answer; the end of the run stores everything.
    const writes = [...byStore].map(([store, inserts]) => store.batch(inserts).catch(() => undefined));
    if (writes.length > 0) onTheWay = Promise.all([onTheWay, ...writes]);
  };

  return {
    writeSoon(pending: PendingEvents, store: Store, now = false) {
      waiting.set(pending, store);
      if (now) flush();
      else timer ??= setTimeout(flush, flushMs);
    },
    async written() {
      await onTheWay;
    },
  };
}

/** Made once in compose.ts. `owner` names this process; `onEnd` is told how each run ended. */
export function createRunRegistry(owner: string = newId(), onEnd?: (status: RunStatus) => void): RunRegistry {
  const runs = new Map<string, RunningRun & { ended: PromiseWithResolvers<void> }>();
  const flusher = createFlusher();
  let draining = false;
  let whenEmpty: (() => void) | undefined;

  const empty = (ms: number) =>
    new Promise<void>((resolve) => {
      if (runs.size === 0) return resolve();
      const timer = setTimeout(resolve, ms);
      whenEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const storeLater = (work: () => Promise<unknown>) => {
    setTimeout(() => {
      work().catch((thrown) => {
        // Anything else does not pass by waiting; a row that is there already was stored after all.
        if (!draining && isUnavailable(thrown)) storeLater(work);
      });
    }, laterMs).unref();
  };

  return {
    owner,
    get draining() {
      return draining;
    },
    get count() {
      return runs.size;
    },
    add(runId, callerSignal) {
      const controller = new AbortController();
      let stopped: StopReason | undefined;
      const run = {
        ended: Promise.withResolvers<void>(),
        id: runId,
        signal: controller.signal,
        stop(reason: StopReason) {
          stopped ??= reason;
          controller.abort(new Error(reason));
        },
        get stopped() {
          return stopped;
        },
      };
      if (callerSignal?.aborted) run.stop('callerLeft');
      else callerSignal?.addEventListener('abort', () => run.stop('callerLeft'), { once: true });
      runs.set(runId, run);
      return run;
    },
    stop(runId) {
      const run = runs.get(runId);
      run?.stop('stopped');
      return run?.ended.promise;
    },
    remove(runId, status) {
      runs.get(runId)?.ended.resolve();
      if (runs.delete(runId)) onEnd?.(status);
      if (runs.size === 0) whenEmpty?.();
    },
    writeSoon: flusher.writeSoon,
    storeLater,
    written: flusher.written,
    async drain(ms) {
      draining = true;
      await empty(ms);
      for (const run of runs.values()) run.stop('shutdown');
      await empty(savingMs);
      await flusher.written();
    },
  };
}
