import { hostname } from 'node:os';
import { newId } from '../kernel/ids.ts';
import type { Logger } from '../kernel/logger.ts';
import { storeTime } from './clock.ts';
import type { Store } from './ports.ts';

/** How often a process says that it is there, in milliseconds. */
export const heartbeatMs = 5_000;
/** A process that has not been heard of for this long is gone, and others end or take over what it was doing. */
export const lostAfterMs = 30_000;

/** The server processes on one store, of which this is one. */
export interface ServerProcesses {
  /** Names this process as the owner of its runs and jobs. */
  readonly id: string;
  /** Whether there can be others: not on the embedded store, whose directory one server has to itself. */
  readonly shared: boolean;
  /** The store's time in milliseconds, the same in every process whatever the clock of its machine says. */
  now(): number;
  /** The ids of the processes that are there, as a part of a statement. Empty on the embedded store. */
  living(): ReturnType<typeof livingProcesses>;
  /**
   * Whether the silence of another process says something about that one: right after the store itself was away (or
   * this process just came), everybody has been silent.
   */
  mayJudge(): boolean;
  /** Enters this process, before it owns anything, and keeps it entered. */
  start(): Promise<void>;
  /** Writes down where this process answers. */
  announce(address: string): Promise<void>;
  /** Takes out the processes that are gone, once nothing of theirs is left to end. */
  forgetLost(): Promise<void>;
  /** Takes this process out. */
  stop(): Promise<void>;
}

/** The processes that have been heard of lately, by the store's clock alone. */
export function livingProcesses(store: Pick<Store, 'db' | 'engine'>) {
  return store.db
    .selectFrom('processes')
    .select('processes.id')
    .where('processes.heartbeatTime', '>', (eb) => eb(storeTime(store), '-', lostAfterMs));
}

export function createProcesses(options: {
  store: Pick<Store, 'db' | 'engine'>;
  log: Logger;
  version: string;
  heartbeatMs?: number;
}): ServerProcesses {
  const { store, log, version } = options;
  const everyMs = options.heartbeatMs ?? heartbeatMs;
  const id = newId();
  const shared = store.engine === 'postgres';
  let address = '';
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let beating: Promise<void> = Promise.resolve();
  // The store's time at a reading of the clock that no one can set.
  let known: { storeMs: number; atMs: number } | undefined;
  let steadySinceMs = 0;

  const beat = async () => {
    const sentMs = performance.now();
    const row = { id, host: hostname(), pid: process.pid, address, version };
    const time = storeTime(store);
    const { heartbeatTime } = await store.db
      .insertInto('processes')
      .values({ ...row, startTime: time, heartbeatTime: time })
      .onConflict((oc) => oc.column('id').doUpdateSet({ heartbeatTime: time, address }))
      .returning('heartbeatTime')
      .executeTakeFirstOrThrow();
    const nowMs = performance.now();
    if (!known || nowMs - known.atMs > 2 * everyMs) steadySinceMs = nowMs;
    known = { storeMs: Number(heartbeatTime), atMs: (sentMs + nowMs) / 2 };
  };
  const schedule = (ms: number) => {
    if (stopped) return;
    timer = setTimeout(() => {
      beating = beat().then(
        () => schedule(everyMs),
        (err) => {
          log.warn({ err }, 'the heartbeat could not be written');
          schedule(everyMs / 5);
        },
      );
    }, ms).unref();
  };

  return {
    id,
    shared,
    now: () => (known ? Math.round(known.storeMs + performance.now() - known.atMs) : Date.now()),
    living: () => livingProcesses(store),
    mayJudge: () => !shared || (known !== undefined && performance.now() - steadySinceMs > 2 * everyMs),
    async start() {
      if (!shared) return;
      await beat();
      schedule(everyMs);
    },
    async announce(where) {
      address = where;
      if (shared) await beat();
    },
    async forgetLost() {
      await store.db
        .deleteFrom('processes')
        .where('id', 'not in', livingProcesses(store))
        .where('id', '!=', id)
        .execute();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      // One on its way would enter this process again.
      await beating;
      if (shared) await store.db.deleteFrom('processes').where('id', '=', id).execute();
    },
  };
}
