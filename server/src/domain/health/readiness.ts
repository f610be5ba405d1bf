import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import type { Text } from '@lectern/contract/lang.ts';
import { type AppError, fail } from '../../kernel/errors.ts';
import { isDamage } from '../../store/errors.ts';
import { schemaIsCurrent } from '../../store/migrate.ts';
import { migrations } from '../../store/migrations/index.ts';
import type { App } from '../context.ts';

/** Why the server cannot do its work: a name for programs, words for people. */
export interface Reason {
  name: string;
  text: Text;
}

/** Whether everything works that answers need. */
export interface Readiness {
  /** Names of what is looked at. */
  readonly checks: readonly string[];
  /** What is wrong now; empty = nothing. Asked often, it looks only every two seconds. */
  reasons(): Promise<readonly Reason[]>;
}

/** Remembers whether the store has ever said that its data is damaged. */
export interface DamageWatch {
  note(thrown: unknown): void;
  readonly seen: boolean;
}

/** Told of everything that the store threw. */
export function createDamageWatch(): DamageWatch {
  let seen = false;
  return {
    note(thrown) {
      seen ||= isDamage(thrown);
    },
    get seen() {
      return seen;
    },
  };
}

type Parts = Pick<App, 'config' | 'store' | 'textIndex' | 'jobs' | 'runs' | 'blobs'> & {
  damage: DamageWatch;
};

/** With less than this on the disk of the data directory, in bytes, writing will soon fail. */
export const leastFreeBytes = 64 * 2 ** 20;
const rememberedMs = 2_000;
const patienceMs = 3_000;
/** The queue looks every second; a long statement may hold it up. */
const jobsSilentMs = 30_000;

/** What is only known of a store that answers: without it they fail too, but not for the reason that they name. */
const needStore: ReadonlySet<string> = new Set(['storeWrite', 'schema', 'jobs']);

// Nothing here says where anything is or how full: everybody may ask.
const texts: Record<string, Text> = {
  stopping: { en: 'the server is stopping', zh: '服务器正在停止' },
  store: { en: 'the store does not answer', zh: '存储无响应' },
  storeWrite: { en: 'the store cannot be written to', zh: '存储不可写' },
  damage: { en: 'the data of the store is damaged', zh: '存储中的数据已损坏' },
  schema: {
    en: 'the store has the schema of another version of Lectern',
    zh: '存储的数据结构属于其他版本的 Lectern',
  },
  disk: { en: 'the disk of the data directory is almost full', zh: '数据目录所在磁盘空间即将用尽' },
  dataDirectory: { en: 'the data directory cannot be written to', zh: '数据目录不可写' },
  searchWorker: { en: 'the search worker does not answer', zh: '检索进程无响应' },
  jobs: { en: 'the queue of jobs stands still', zh: '任务队列停滞' },
};

/** Each fails or answers false when something is wrong. */
function checksOf({
  config,
  store,
  blobs,
  textIndex,
  jobs,
  runs,
  damage,
}: Parts): Record<string, () => Promise<boolean>> {
  return {
    stopping: async () => !runs.draining,
    store: async () => {
      await store.db.selectFrom('settings').select('name').limit(1).execute();
      return true;
    },
    storeWrite: async () => {
      const value = String(Date.now());
      await store.db
        .insertInto('settings')
        .values({ name: 'readyTime', value })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
        .execute();
      return true;
    },
    damage: async () => !damage.seen,
    schema: () => schemaIsCurrent(store.db, migrations),
    disk: async () => {
      const { bavail, bsize } = await statfs(config.dataDir);
      return bavail * bsize >= leastFreeBytes;
    },
    dataDirectory: async () => {
      await access(config.dataDir, constants.W_OK);
      await access(blobs.folder, constants.R_OK | constants.W_OK | constants.X_OK);
      return (await stat(blobs.folder)).isDirectory();
    },
    searchWorker: async () => {
      await textIndex.countTokens(['ready']);
      return true;
    },
    jobs: async () => Date.now() - jobs.lookedTime < jobsSilentMs,
  };
}

async function holds(check: () => Promise<boolean>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), patienceMs);
  try {
    return await Promise.race([check(), late.promise]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/** Looks at the parts of a server when asked. */
export function createReadiness(parts: Parts): Readiness {
  const checks = checksOf(parts);
  const look = async (): Promise<Reason[]> => {
    const looked = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => ({ name, good: await holds(check) })),
    );
    const failed = looked.filter(({ good }) => !good).map(({ name }) => name);
    return failed
      .filter((name) => !(failed.includes('store') && needStore.has(name)))
      .map((name) => ({ name, text: texts[name] ?? { en: name, zh: name } }));
  };
  let looked: { time: number; reasons: Promise<Reason[]> } | undefined;
  return {
    checks: Object.keys(checks),
    reasons() {
      const now = performance.now();
      const old = looked === undefined || now - looked.time > rememberedMs;
      // Stopping is known without looking, and a load balancer should hear of it at once.
      if (old || parts.runs.draining) looked = { time: now, reasons: look() };
      return looked?.reasons ?? look();
    },
  };
}

/** The refusal that says what is wrong. */
export function notReady(reasons: readonly Reason[]): AppError {
  const joined = (lang: 'en' | 'zh', by: string) => reasons.map(({ text }) => text[lang]).join(by);
  return fail('notReady', {
    params: { details: { en: `${joined('en', '; ')}.`, zh: `${joined('zh', '；')}。` } },
    reasons,
    retryAfter: 5,
  });
}
