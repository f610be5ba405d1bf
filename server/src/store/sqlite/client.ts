import { Worker } from 'node:worker_threads';
import { AppError } from '../../kernel/errors.ts';
import { StoreError, storeFailure, storeUnavailable } from '../errors.ts';
import type { Failure, Greeting, Op, Reply, Request, Row, Statement, WorkerSettings } from './protocol.ts';

export interface Answer {
  rows: Row[] | Row[][];
  value: number;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** The main thread's end of the store worker. */
export interface StoreClient {
  /** One round trip. Rejects with StoreError when the statement is wrong, storeUnavailable when the store is. */
  call(op: Op, tx: number, body: Statement | Statement[] | null): Promise<Answer>;
  /** Why the worker is gone, as soon as it is. */
  readonly died: Promise<AppError>;
  /** Ends the thread without waiting for anything. */
  terminate(): Promise<void>;
}

/** Starts the worker and waits until it has opened the file. */
export async function startClient(settings: WorkerSettings): Promise<StoreClient> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: settings,
    name: 'store',
    // Rows live for one message: a larger nursery costs memory and saves no time.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let outbox: Request[] = [];
  let dead: AppError | null = null;
  const death = Promise.withResolvers<AppError>();
  const opened = Promise.withResolvers<void>();

  const send = () => {
    const requests = outbox;
    outbox = [];
    if (dead === null) worker.postMessage(requests);
  };
  const die = (cause: unknown) => {
    if (dead !== null) return;
    dead = cause instanceof AppError ? cause : storeUnavailable(cause);
    opened.reject(dead);
    death.resolve(dead);
    for (const { reject } of waiting.values()) reject(dead);
    waiting.clear();
  };
  const receive = (replies: Reply[]) => {
    for (const reply of replies) {
      const caller = waiting.get(reply[0]);
      waiting.delete(reply[0]);
      if (reply[1]) caller?.resolve({ rows: reply[2], value: reply[3] });
      else caller?.reject(toError(reply[2]));
    }
  };

  // Not all messages are the engine's: under `--watch`, Node itself posts what the thread imports.
  worker.on('message', (message: Greeting | Reply[] | object) => {
    if (Array.isArray(message)) receive(message);
    else if ('failure' in message) die(toError(message.failure));
    else if ('ready' in message) opened.resolve();
  });
  worker.on('error', die);
  worker.on('messageerror', die);
  worker.on('exit', (code) => die(new Error(`The store worker ended (exit code ${code}).`)));
  await opened.promise;

  return {
    died: death.promise,
    call(op, tx, body) {
      return new Promise((resolve, reject) => {
        if (dead !== null) {
          reject(dead);
          return;
        }
        const id = ++lastId;
        waiting.set(id, { resolve, reject });
        // What this turn of the event loop asks for shares a message: posting costs more than what is posted.
        if (outbox.push([id, op, tx, body]) === 1) setImmediate(send);
      });
    },
    async terminate() {
      await worker.terminate();
    },
  };
}

function toError({ message, errcode }: Failure): Error {
  const error = new StoreError(message, { errcode });
  const reason = storeFailure(errcode);
  if (reason === null) return error;
  error.message = `${message} (${reason})`;
  return storeUnavailable(error);
}
