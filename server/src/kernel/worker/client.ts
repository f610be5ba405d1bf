import { fail } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Launch, Launched } from './launch.ts';
import type { WorkerReply } from './messages.ts';
import { unpackError } from './wire-error.ts';

interface Waiting {
  resolve(output: unknown): void;
  reject(error: Error): void;
  progress: ((share: number) => void) | undefined;
}

/** The cause when we ended the worker ourselves: nothing to report. */
const killed = 'stopped';

/** What the other side can be asked: the input and the output of each call. */
export type Calls<C> = { [K in keyof C]: { input: unknown; output: unknown } };

export interface CallOptions {
  signal?: AbortSignal;
  onProgress?: (share: number) => void;
}

export interface WorkerClient<C extends Calls<C>> {
  /** Rejects with the signal's reason as soon as it is aborted; the worker's answer is then ignored. */
  call<K extends keyof C & string>(
    call: K,
    input: C[K]['input'],
    options?: CallOptions,
  ): Promise<C[K]['output']>;
  /** Ends the worker at once; everything still waiting fails with storeUnavailable. A later call starts a new one. */
  kill(): Promise<void>;
  /** Ends the worker for good. */
  close(): Promise<void>;
  /** Calls not answered yet. */
  pending(): number;
}

/** The other side is started by the first call, and again by the first call after it died. */
export function createWorkerClient<C extends Calls<C>>(options: {
  /** For the log. */
  name: string;
  launch: Launch;
  log: Logger;
}): WorkerClient<C> {
  let worker: Launched | undefined;
  let closed = false;
  let lastId = 0;
  const waiting = new Map<number, Waiting>();

  function settle(id: number): Waiting | undefined {
    const entry = waiting.get(id);
    waiting.delete(id);
    // Only a worker with something to do keeps the process alive.
    if (waiting.size === 0) worker?.keepAlive(false);
    return entry;
  }
  function onReply(reply: WorkerReply): void {
    if ('progress' in reply) waiting.get(reply.id)?.progress?.(reply.progress);
    else if ('error' in reply) settle(reply.id)?.reject(unpackError(reply.error));
    else settle(reply.id)?.resolve(reply.output);
  }
  function onEnd(ended: Launched, cause: unknown): void {
    if (worker !== ended) return;
    worker = undefined;
    if (waiting.size > 0 && cause !== killed) {
      options.log.error({ worker: options.name, cause }, 'worker ended with calls waiting');
    }
    const left = [...waiting.values()];
    waiting.clear();
    for (const entry of left) entry.reject(fail('storeUnavailable', { cause }));
  }
  function start(): Launched {
    const started: Launched = options.launch({
      message: (reply) => onReply(reply as WorkerReply),
      gone: (cause) => onEnd(started, cause),
    });
    return started;
  }
  async function kill(): Promise<void> {
    const ending = worker;
    if (!ending) return;
    onEnd(ending, killed);
    await ending.end();
  }

  return {
    call(call, input, { signal, onProgress } = {}) {
      if (closed) return Promise.reject(fail('shuttingDown'));
      if (signal?.aborted) return Promise.reject(signal.reason);
      worker ??= start();
      const running = worker;
      lastId += 1;
      const id = lastId;
      return new Promise<never>((resolve, reject) => {
        const onAbort = (): void => settle(id)?.reject(signal?.reason);
        signal?.addEventListener('abort', onAbort, { once: true });
        const done = (): void => signal?.removeEventListener('abort', onAbort);
        waiting.set(id, {
          resolve(output) {
            done();
            resolve(output as never);
          },
          reject(error) {
            done();
            reject(error);
          },
          progress: onProgress,
        });
        running.keepAlive(true);
        running.send({ id, call, input });
      });
    },
    kill,
    async close() {
      closed = true;
      await kill();
    },
    pending: () => waiting.size,
  };
}
