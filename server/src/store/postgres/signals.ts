import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Logger } from '../../kernel/logger.ts';
import type { Signals, Topic } from '../ports.ts';
import { connectionSettings } from './pool.ts';
import type { Sessions } from './session.ts';

/** Postgres' own limit is 8000 bytes for the whole payload. */
const mostBytes = 7_900;
const firstPauseMs = 200;
const longestPauseMs = 5_000;
const topics: readonly Topic[] = ['jobs', 'models', 'runs'];

/** Signals with the connection that they need. */
export interface PostgresSignals extends Signals {
  /** Resolves when the other processes are heard for the first time. */
  readonly listening: Promise<void>;
  close(): Promise<void>;
}

/**
 * Signals over LISTEN and NOTIFY, on a connection of their own that is made again whenever it is lost. Something may
 * have been missed meanwhile: then every topic is signalled once, without a text. `channel` keeps apart the
 * installations that share a database.
 */
export function createSignals(options: {
  url: string;
  channel: string;
  sessions: Sessions;
  log: Logger;
}): PostgresSignals {
  const { channel, sessions, log } = options;
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  const listening = Promise.withResolvers<void>();
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let pauseMs = firstPauseMs;
  let heardBefore = false;

  const connect = async () => {
    const made = new pg.Client(connectionSettings({ url: options.url }));
    client = made;
    const lost = once(() => {
      if (client === made) client = null;
      made.removeAllListeners('notification');
      void made.end().catch(() => {});
      if (closed) return;
      timer = setTimeout(connect, pauseMs);
      timer.unref();
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    });
    made.on('error', lost);
    made.on('end', lost);
    made.on('notification', ({ payload = '' }) => {
      const [topic, text] = JSON.parse(payload) as [Topic, string];
      emitter.emit(topic, text);
    });
    try {
      await made.connect();
      await made.query(`listen "${channel}"`);
      pauseMs = firstPauseMs;
      listening.resolve();
      if (heardBefore) for (const topic of topics) emitter.emit(topic, '');
      heardBefore = true;
    } catch (thrown) {
      log.warn({ reason: (thrown as Error).message }, 'other processes cannot be heard at the moment');
      lost();
    }
  };
  void connect();

  return {
    listening: listening.promise,
    async send(topic, text = '') {
      const payload = JSON.stringify([topic, text]);
      if (Buffer.byteLength(payload) > mostBytes)
        throw new TypeError(`A signal has at most ${mostBytes} bytes.`);
      const session = await sessions.acquire();
      try {
        await session.query('select pg_notify($1, $2)', [channel, payload]);
      } finally {
        session.release();
      }
    },
    on(topic, listener) {
      emitter.on(topic, listener);
      return () => emitter.off(topic, listener);
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}
