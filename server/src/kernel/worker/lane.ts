import type { Logger } from '../logger.ts';
import { type CallOptions, type Calls, createWorkerClient } from './client.ts';
import { type Launch, MemoryLimitError, ProcessEndError } from './launch.ts';

/** Why a process did not answer: it took too long, met its memory limit, or broke down. */
export class LaneFailure extends Error {
  readonly reason: 'slow' | 'memory' | 'broken';

  constructor(reason: LaneFailure['reason'], cause: unknown) {
    super(reason, { cause });
    this.name = 'LaneFailure';
    this.reason = reason;
  }
}

/** A process that does one thing after the other. */
export interface Lane<C extends Calls<C>> {
  /** Takes its turn behind what was asked for earlier. Throws LaneFailure, or what the process answered. */
  run<K extends keyof C & string>(
    call: K,
    input: C[K]['input'],
    /** `timeLimitMs` where this call may take longer, or must be shorter, than others. */
    options: CallOptions & { signal: AbortSignal; timeLimitMs?: number },
  ): Promise<C[K]['output']>;
  /** Ends the process for good. */
  close(): Promise<void>;
}

/** The process is started by the first call, and by the first after it ended. */
export function createLane<C extends Calls<C>>(options: {
  /** For the log. */
  name: string;
  launch: Launch;
  log: Logger;
  /** Longest time of one call, in milliseconds; a process that takes longer is ended. */
  timeLimitMs: number;
  /** The process ends after so long without work, in milliseconds, and gives its memory back. */
  idleMs: number;
  /** Whether a call that is aborted ends the process, which would otherwise finish it for nobody. */
  endOnAbort: boolean;
}): Lane<C> {
  const { idleMs, endOnAbort, ...rest } = options;
  const client = createWorkerClient<C>(rest);
  let line: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;

  const run: Lane<C>['run'] = async (
    call,
    input,
    { signal, onProgress, timeLimitMs = options.timeLimitMs },
  ) => {
    signal.throwIfAborted();
    clearTimeout(idle);
    const late = AbortSignal.timeout(timeLimitMs);
    const stop = AbortSignal.any([signal, late]);
    try {
      return await client.call(call, input, { signal: stop, ...(onProgress ? { onProgress } : {}) });
    } catch (error) {
      if (late.aborted || (signal.aborted && endOnAbort)) await client.kill();
      signal.throwIfAborted();
      if (late.aborted) throw new LaneFailure('slow', error);
      const cause = error instanceof Error ? error.cause : undefined;
      if (cause instanceof MemoryLimitError) throw new LaneFailure('memory', error);
      throw cause instanceof ProcessEndError ? new LaneFailure('broken', error) : error;
    } finally {
      idle = setTimeout(() => void client.kill(), idleMs);
      idle.unref();
    }
  };

  return {
    run(call, input, callOptions) {
      const result = line.then(() => run(call, input, callOptions));
      line = result.catch(() => undefined);
      return result;
    },
    async close() {
      clearTimeout(idle);
      await client.close();
    },
  };
}
