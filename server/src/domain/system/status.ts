import { statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { Lang, Text } from '@lectern/contract/lang.ts';
import type { systemEndpoints } from '@lectern/contract/system.ts';
import { shownDatabase } from '../../store/postgres/url.ts';
import type { App, Caller } from '../context.ts';
import { internalKinds } from '../jobs/queries.ts';
import { authorizeModels } from '../models/manage.ts';

type Status = OutputOf<typeof systemEndpoints.getSystemStatus>;

const started = Date.now() - process.uptime() * 1000;

/** What each check looked at, where nothing is wrong. */
const good: Record<string, Text> = {
  stopping: { en: 'The server takes requests.', zh: '服务器正常接收请求。' },
  store: { en: 'The store answers.', zh: '存储有响应。' },
  storeWrite: { en: 'The store can be written to.', zh: '存储可写。' },
  damage: { en: 'No damage to the data was seen.', zh: '未发现数据损坏。' },
  schema: { en: 'The schema is that of this version.', zh: '数据结构与当前版本一致。' },
  disk: { en: 'The disk has room.', zh: '磁盘空间充足。' },
  dataDirectory: { en: 'The data directory can be written to.', zh: '数据目录可写。' },
  searchWorker: { en: 'The search worker answers.', zh: '检索进程有响应。' },
  jobs: { en: 'The queue of jobs moves on.', zh: '任务队列正常运转。' },
};

/** How the installation is, for who manages it: this process, and what all processes share. */
export async function getSystemStatus(
  app: App,
  caller: Caller,
  { lang, version }: { lang: Lang; version: string },
): Promise<Status> {
  await authorizeModels(app, caller);
  const { config, store } = app;
  const [reasons, disk, jobs, processes] = await Promise.all([
    app.readiness.reasons(),
    diskOf(config.dataDir),
    jobCounts(app),
    store.db.selectFrom('processes').selectAll().orderBy('startTime').execute(),
  ]);
  const wrong = new Map(reasons.map(({ name, text }) => [name, text]));
  return {
    version,
    node: process.version,
    startTime: new Date(started).toISOString(),
    ready: reasons.length === 0,
    checks: app.readiness.checks.map((name) => ({
      name,
      ok: !wrong.has(name),
      text: (wrong.get(name) ?? good[name] ?? { en: name, zh: name })[lang],
    })),
    store: {
      engine: store.engine,
      // Without the password of the database.
      place: config.databaseUrl === undefined ? resolve(config.dataDir) : shownDatabase(config.databaseUrl),
      vectors: store.searcher === undefined || store.searcher.vectors !== undefined,
    },
    disk,
    memoryBytes: process.memoryUsage.rss(),
    jobs,
    runs: app.runs.count,
    processes: processes.map(({ host, pid, address, version: of, startTime }) => ({
      host,
      pid,
      address,
      version: of,
      startTime: new Date(Number(startTime)).toISOString(),
    })),
    models: app.models.summary(lang),
  };
}

async function diskOf(dataDir: string): Promise<Status['disk']> {
  try {
    const { bavail, blocks, bsize } = await statfs(dataDir);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return null;
  }
}

/** Of the whole installation; what failed longer than a week ago is no news. */
async function jobCounts(app: Pick<App, 'store'>): Promise<Status['jobs']> {
  const rows = await app.store.db
    .selectFrom('jobs')
    .select((eb) => ['state' as const, eb.fn.countAll<number>().as('n')])
    .where('kind', 'not in', internalKinds)
    .where((eb) =>
      eb.or([
        eb('state', 'in', ['waiting', 'running']),
        eb.and([eb('state', '=', 'failed'), eb('updateTime', '>', Date.now() - 7 * 24 * 3_600_000)]),
      ]),
    )
    .groupBy('state')
    .execute();
  const of = (state: string) => Number(rows.find((row) => row.state === state)?.n ?? 0);
  return { waiting: of('waiting'), running: of('running'), failed: of('failed') };
}
