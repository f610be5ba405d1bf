import { spawn } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createLogger } from '../../../server/src/kernel/logger.ts';
import { vectorBytes } from '../../../server/src/store/search-index/vectors.ts';
import { openSqliteStore } from '../../../server/src/store/sqlite/open.ts';
import { temporaryDirectory } from '../lib/children.ts';
import { mb, ms, type Scale, type Section } from '../lib/section.ts';
import { dimensions, makeVectors, type VectorJob, type VectorResult } from '../lib/vectors.ts';

export const teamId = '0'.repeat(24);
export const model = 'generated';
export const seed = 4711;
export const datasets = 50;
/** The datasets that a search in 3 of 50 looks at. */
export const three = [1, 25, 48];

export const datasetId = (n: number) => n.toString(16).padStart(24, 'd');

/** Writes vectors straight into a new store: what they belong to is not searched here. */
async function fill(dataDir: string, count: number): Promise<string> {
  await (await openSqliteStore({ dataDir, log: createLogger('silent') })).close();
  const path = join(dataDir, 'lectern.db');
  const db = new DatabaseSync(path);
  db.exec('PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; BEGIN');
  const dataset = db.prepare(
    `INSERT INTO datasets (id, teamId, memberId, type, name, intro, avatar, createTime, updateTime)
     VALUES (?, ?, '', 'dataset', '', '', '', 1, 1)`,
  );
  for (let n = 0; n < datasets; n += 1) dataset.run(datasetId(n), teamId);
  const insert = db.prepare(
    `INSERT INTO vectors (teamId, datasetId, collectionId, dataId, part, model, dimensions, vector)
     VALUES (?, ?, ?, ?, 'q', ?, ?, ?)`,
  );
  let number = 0;
  for (const vector of makeVectors(seed, count)) {
    const id = datasetId(number % datasets);
    insert.run(teamId, id, id, String(number), model, dimensions, vectorBytes(vector));
    number += 1;
  }
  db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  return path;
}

/** Puts all of the vectors into the first dataset. */
function unite(path: string): void {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF');
  db.prepare('UPDATE vectors SET datasetId = ?').run(datasetId(0));
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}

export function drive(job: VectorJob): Promise<VectorResult> {
  const file = join(import.meta.dirname, '../vector-driver.ts');
  const child = spawn(process.execPath, [file, JSON.stringify(job)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data;
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      if (code === 0) resolve(JSON.parse(output) as VectorResult);
      else reject(new Error(`the vector driver ended with ${code}: ${output}`));
    });
  });
}

interface Measured {
  name: string;
  count: number;
  result: VectorResult;
  disk: number;
}

async function measure(count: number, quick: boolean): Promise<Measured[]> {
  const directory = await temporaryDirectory();
  try {
    const path = await fill(directory.path, count);
    const disk = (await stat(path)).size / 2 ** 20;
    const job = {
      path,
      teamId,
      model,
      vectors: count,
      seed,
      queries: quick ? 20 : 200,
      recallQueries: quick ? 5 : 25,
      cacheMb: 1024,
      togetherMs: quick ? 500 : 5000,
    };
    const few: VectorJob = {
      ...job,
      datasetIds: three.map(datasetId),
      part: { of: datasets, remainders: three },
    };
    const all: VectorJob = { ...job, datasetIds: [datasetId(0)], part: { of: 1, remainders: [0] } };
    const inThree = await drive(few);
    unite(path);
    const inOne = await drive(all);
    console.error(`  measured ${count.toLocaleString('en')} vectors`);
    return [
      { name: `3 of ${datasets} datasets`, count, result: inThree, disk },
      { name: 'one dataset', count, result: inOne, disk },
    ];
  } finally {
    await directory.remove();
  }
}

/** Vector search on the embedded store. */
export async function runVectors({ quick }: Scale): Promise<Section> {
  const sizes = quick ? [2000, 10_000] : [10_000, 100_000, 500_000];
  const measured: Measured[] = [];
  for (const count of sizes) measured.push(...(await measure(count, quick)));
  const rows = measured.map(({ name, count, result, disk }) => [
    count.toLocaleString('en'),
    name,
    ms(result.limit20.p50),
    ms(result.limit100.p50),
    ms(result.limit100.p99),
    result.recall.toFixed(4),
    ms(result.firstMs),
    `${Math.round(result.perSecond)}/s`,
    ms(Math.max(0, result.delayP99)),
    mb(result.grown),
    mb(disk),
  ]);
  const of = (count: number, name: string) =>
    measured.find((m) => m.count === count && m.name === name)?.result;
  const checked = sizes.at(-2) ?? 0;
  const [few, one] = [of(checked, `3 of ${datasets} datasets`), of(checked, 'one dataset')];
  const worst = (pick: (result: VectorResult) => number) => Math.max(...measured.map((m) => pick(m.result)));
  const lowest = Math.min(...measured.map((m) => m.result.recall));
  const delay = worst((result) => result.delayP99);
  const shown = checked.toLocaleString('en');
  return {
    id: 'f',
    title: 'Vector search on the embedded store',
    method: `Generated vectors of ${dimensions} dimensions around 400 topics, searched by the server's own index from another thread, one after the other; then by 8 callers at once for throughput and for the delay of the event loop that waits for them. Recall is the share of the best 20 of every vector compared in 32 bits. The first search reads the vectors from disk; memory is what it adds, disk the whole store.`,
    columns: [
      'vectors',
      'searched',
      'p50, 20 hits',
      'p50, 100 hits',
      'p99, 100 hits',
      'recall@20',
      'first search',
      '8 callers',
      'loop delay p99',
      'memory',
      'disk',
    ],
    rows,
    checks: [
      {
        name: `3 of ${datasets} datasets of ${shown} p50`,
        target: '≤ 5 ms',
        measured: ms(few?.limit20.p50 ?? 0),
        met: (few?.limit20.p50 ?? 99) <= 5,
      },
      {
        name: `one dataset of ${shown} p50`,
        target: '≤ 15 ms',
        measured: ms(one?.limit20.p50 ?? 0),
        met: (one?.limit20.p50 ?? 99) <= 15,
      },
      { name: 'recall@20', target: '≥ 0.99', measured: lowest.toFixed(4), met: lowest >= 0.99 },
      {
        name: 'event loop delay p99 with 8 callers',
        target: '≤ 20 ms',
        measured: ms(Math.max(0, delay)),
        met: delay <= 20,
      },
    ],
  };
}
