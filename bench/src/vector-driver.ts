/*
 * Searches the vectors of a store the way the server does, in a process of its own: `node vector-driver.ts JOB`, the
 * job as JSON. What is measured is this process's main thread, which does for a search what the server's does: send it
 * to the vector worker, and wait.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import pg from 'pg';
import { createLogger } from '../../server/src/kernel/logger.ts';
import { createVectorIndex } from '../../server/src/retrieval/vector-index.ts';
import { openPostgresStore } from '../../server/src/store/postgres/open.ts';
import { quantiles } from './lib/stats.ts';
import type { VectorJob, VectorResult } from './lib/vectors.ts';
import { makeVectors, queriesFor } from './lib/vectors.ts';

const job = JSON.parse(process.argv[2] ?? '{}') as VectorJob;
const log = createLogger('silent');
const postgres = job.databaseUrl
  ? await openPostgresStore({ url: job.databaseUrl, poolSize: 10, log })
  : undefined;
const index = createVectorIndex({ store: postgres ?? { indexPath: job.path }, cacheMb: job.cacheMb, log });
const { signal } = new AbortController();
const memory = () => process.memoryUsage().rss / 2 ** 20;
const queries = queriesFor(job.seed, job.queries);
const search = (vector: Float32Array, limit: number) =>
  index.search(
    { teamId: job.teamId, datasetIds: job.datasetIds, model: job.model, vector, limit },
    { signal },
  );

/** Waits until a building of the vector index has begun and ended, where one is to be expected. */
async function untilIndexed(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  let valid = false;
  for (let waited = 0; !valid && waited < 600; waited += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { rows } = await client.query(
      `select 1 from pg_index i join pg_class c on c.oid = i.indexrelid
       where c.relname like 'vector_index_hnsw_%' and c.relnamespace = current_schema()::regnamespace
         and i.indisvalid`,
    );
    valid = rows.length > 0;
  }
  await client.end();
  // It is believed a little later than it is there.
  await new Promise((resolve) => setTimeout(resolve, 3000));
}

async function times(limit: number): Promise<ReturnType<typeof quantiles>> {
  const took: number[] = [];
  for (const query of queries) {
    const began = performance.now();
    await search(query, limit);
    took.push(performance.now() - began);
  }
  return quantiles(took);
}

/** The share of the best 20 of every vector compared in full that the index finds. */
async function recall(): Promise<number> {
  const asked = queries.slice(0, job.recallQueries);
  const best = asked.map(() => [] as { number: number; score: number }[]);
  let number = 0;
  for (const vector of makeVectors(job.seed, job.vectors)) {
    const mine = number;
    number += 1;
    if (!job.part.remainders.includes(mine % job.part.of)) continue;
    asked.forEach((query, i) => {
      let score = 0;
      for (let k = 0; k < query.length; k += 1) score += (query[k] ?? 0) * (vector[k] ?? 0);
      const top = best[i] ?? [];
      if (top.length === 20 && score <= (top[19]?.score ?? 0)) return;
      top.push({ number: mine, score });
      top.sort((a, b) => b.score - a.score);
      if (top.length > 20) top.pop();
    });
  }
  let found = 0;
  for (const [i, query] of asked.entries()) {
    const hits = new Set((await search(query, 20)).map(({ dataId }) => dataId));
    found += (best[i] ?? []).filter(({ number: wanted }) => hits.has(String(wanted))).length;
  }
  return asked.length === 0 ? 1 : found / (20 * asked.length);
}

async function together(callers: number, ms: number): Promise<{ delayP99: number; perSecond: number }> {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const until = performance.now() + ms;
  let answered = 0;
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let i = caller; performance.now() < until; i += 1) {
        const query = queries[i % queries.length];
        if (query) await search(query, 100);
        answered += 1;
      }
    }),
  );
  delay.disable();
  return { delayP99: delay.percentile(99) / 1e6 - 5, perSecond: answered / (ms / 1000) };
}

const before = memory();
const began = performance.now();
const [first] = queries;
if (first) await search(first, 100);
const firstMs = performance.now() - began;
// The first large search has the index of PostgreSQL built; it is measured with it.
if (job.databaseUrl && job.vectors > 10_000 && job.part.of === 1) await untilIndexed(job.databaseUrl);
const grown = memory() - before;
await times(20);
const result: VectorResult = {
  firstMs,
  grown,
  limit20: await times(20),
  limit100: await times(100),
  recall: await recall(),
  ...(await together(8, job.togetherMs)),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
await index.close();
await postgres?.close();
process.exit(0);
