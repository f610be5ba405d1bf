import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { giveWay } from './give-way.ts';

/** A thread or process that answers requests, as its client sees it. */
export interface Launched {
  send(message: unknown): void;
  /** Whether it keeps the server's process from ending. */
  keepAlive(keeps: boolean): void;
  end(): Promise<unknown>;
}

export interface Listeners {
  message(message: unknown): void;
  /** Called at least once when it is gone, with the reason. */
  gone(cause: unknown): void;
}

/** How to start the other side. */
export type Launch = (listeners: Listeners) => Launched;

/** A thread: quick to start, shares its memory's fate with the server. */
export function thread(url: URL, options: { name: string; workerData: unknown }): Launch {
  return (listeners) => {
    // A small young generation: what a search allocates is little, and the space is never given back. The old one has
    // room for the longest text that a call may bring (10 MB); beyond it the thread ends and is started anew.
    const worker = new Worker(url, {
      ...options,
      resourceLimits: { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 },
    });
    worker.on('message', (message) => listeners.message(message));
    worker.on('error', (error) => listeners.gone(error));
    worker.on('exit', (code) => listeners.gone(new Error(`exit code ${code}`)));
    return {
      send: (message) => worker.postMessage(message),
      keepAlive: (keeps) => (keeps ? worker.ref() : worker.unref()),
      end: () => worker.terminate(),
    };
  };
}

/** Why a process ended that met its memory limit. */
export class MemoryLimitError extends Error {}
/** Why a process ended that broke down by itself. */
export class ProcessEndError extends Error {}

/** Bytes of a process in memory, or 0 where the system does not tell (it does on Linux). */
function residentBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4096;
  } catch {
    return 0;
  }
}

/** How a process ends that the engine, this file or the system ended for its memory. */
const memorySignals = new Set(['SIGABRT', 'SIGTRAP', 'SIGKILL']);

/** A process that reads one file after the other keeps little between them: half of what it would take otherwise. */
const smallHeap = ['--max-semi-space-size=2', '--optimize-for-size'];
const smallMalloc = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '65536' };

/** How often the memory of a process is looked at, in milliseconds; it can grow by some 100 MB meanwhile. */
const watchMs = 250;

/**
 * A process: gives all its memory back when it ends (a thread leaves most of it with the server), and can be killed
 * in the middle of anything. It gets nothing of the server's environment, where secrets are.
 */
export function childProcess(url: URL, options: { memoryLimitMb: number }): Launch {
  return (listeners) => {
    const child = fork(fileURLToPath(url), {
      execArgv: [`--max-old-space-size=${options.memoryLimitMb}`, ...smallHeap],
      env: smallMalloc,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    giveWay(child.pid);
    child.on('message', (message) => listeners.message(message));
    child.on('error', (error) => listeners.gone(error));
    // The engine limits its own heap only, not the buffers beside it.
    const watch = setInterval(() => {
      if (residentBytes(child.pid ?? 0) > 2 * options.memoryLimitMb * 2 ** 20) child.kill('SIGKILL');
    }, watchMs);
    watch.unref();
    const ended = new Promise<void>((resolve) => {
      child.on('exit', (code, signal) => {
        clearInterval(watch);
        const outOfMemory = memorySignals.has(signal ?? '') || code === 134;
        listeners.gone(outOfMemory ? new MemoryLimitError() : new ProcessEndError(`exit ${code ?? signal}`));
        resolve();
      });
      child.on('error', () => resolve());
    });
    return {
      send(message) {
        if (child.connected) child.send(message as object, () => {});
      },
      keepAlive(keeps) {
        if (keeps) {
          child.ref();
          child.channel?.ref();
        } else {
          child.unref();
          child.channel?.unref();
        }
      },
      end() {
        // Who waits for the end must not be ended before it.
        child.ref();
        child.kill('SIGKILL');
        return ended;
      },
    };
  };
}
