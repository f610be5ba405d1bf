import pg from 'pg';
import { createLogger } from '../../../server/src/kernel/logger.ts';
import { openPostgresStore } from '../../../server/src/store/postgres/open.ts';
import { temporarySchema } from '../lib/children.ts';
import { mb, ms, type Scale, type Section } from '../lib/section.ts';
import { makeVectors, type VectorJob } from '../lib/vectors.ts';
import { datasetId, datasets, drive, model, seed, teamId, three } from './vectors.ts';

const pageSize = 500;

/** Writes vectors as the server does, under rows that only make the foreign keys hold. */
async function fill(url: string, count: number): Promise<void> {
  const store = await openPostgresStore({ url, poolSize: 2, log: createLogger('silent') });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(
    `insert into teams (id, name, avatar, "createTime") values ('${teamId}', '', '', 1);
     insert into datasets (id, "teamId", "memberId", type, name, intro, avatar, "createTime", "updateTime")
       select lpad(to_hex(n), 24, 'd'), '${teamId}', '', 'dataset', '', '', '', 1, 1
       from generate_series(0, ${datasets - 1}) n;
     insert into collections (id, "teamId", "datasetId", "memberId", type, name, "trainingType", params, forbid,
         metadata, tags, "createTime", "updateTime")
       select id, "teamId", id, '', 'virtual', '', 'chunk', '{}', 0, '{}', '[]', 1, 1 from datasets;
     insert into data (id, "teamId", "datasetId", "collectionId", "memberId", q, a, headings, "chunkIndex", tokens,
         hash, "createTime", "updateTime")
       select n::text, '${teamId}', lpad(to_hex(n % ${datasets}), 24, 'd'), lpad(to_hex(n % ${datasets}), 24, 'd'), '',
         '', '', '[]', 0, 1, '', 1, 1
       from generate_series(0, ${count - 1}) n`,
  );
  const write = (page: [number, Float32Array][]) =>
    store.db.transaction().execute((trx) =>
      store.index.writeVectors(
        trx,
        page.map(([number, vector]) => {
          const id = datasetId(number % datasets);
          const place = { teamId, datasetId: id, collectionId: id, dataId: String(number) };
          return { ...place, part: 'q', model, vector };
        }),
      ),
    );
  let page: [number, Float32Array][] = [];
  let number = 0;
  for (const vector of makeVectors(seed, count)) {
    page.push([number, vector]);
    number += 1;
    if (page.length < pageSize && number < count) continue;
    await write(page);
    page = [];
  }
  await client.query('analyze');
  await client.end();
  await store.close();
}

/** Puts all of the vectors into the first dataset, and tells the size of what is searched, in MB. */
async function unite(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const table of ['vectors', 'vector_index'])
    await client.query(`update ${table} set "datasetId" = $1`, [datasetId(0)]);
  await client.query('vacuum analyze vector_index');
  await client.end();
}

async function sizeOf(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    "select (pg_total_relation_size('vectors') + pg_total_relation_size('vector_index'))::float8 as bytes",
  );
  await client.end();
  return Number(rows[0]?.bytes ?? 0) / 2 ** 20;
}

/** Vector search in PostgreSQL, with the numbers of vectors that the embedded store is measured with. */
export async function runPostgresVectors({ quick }: Scale, database: string): Promise<Section> {
  const count = quick ? 12_000 : 100_000;
  const schema = await temporarySchema(database);
  try {
    const began = performance.now();
    await fill(schema.url, count);
    const perSecond = Math.round((count * 1000) / (performance.now() - began));
    const job = {
      path: '',
      databaseUrl: schema.url,
      teamId,
      model,
      vectors: count,
      seed,
      queries: quick ? 20 : 200,
      recallQueries: quick ? 5 : 25,
      cacheMb: 1,
      togetherMs: quick ? 500 : 5000,
    };
    const inThree = await drive({
      ...job,
      datasetIds: three.map(datasetId),
      part: { of: datasets, remainders: three },
    });
    const before = await sizeOf(schema.url);
    await unite(schema.url);
    const all: VectorJob = { ...job, datasetIds: [datasetId(0)], part: { of: 1, remainders: [0] } };
    const inOne = await drive(all);
    const size = [before, await sizeOf(schema.url)];
    return {
      id: 'h',
      title: 'Vector search in PostgreSQL',
      method: `The ${count.toLocaleString('en')} vectors of the embedded store's part, in a PostgreSQL with pgvector on the same machine, written by the server's store at ${perSecond} a second; the second row with the HNSW index that the server builds when a search first needs one.`,
      columns: [
        'searched',
        'p50, 20 hits',
        'p50, 100 hits',
        'p99, 100 hits',
        'recall@20',
        '8 callers',
        'loop delay p99',
        'disk',
      ],
      rows: [inThree, inOne].map((result, i) => [
        i === 0 ? `3 of ${datasets} datasets` : 'one dataset',
        ms(result.limit20.p50),
        ms(result.limit100.p50),
        ms(result.limit100.p99),
        result.recall.toFixed(4),
        `${Math.round(result.perSecond)}/s`,
        ms(Math.max(0, result.delayP99)),
        mb(size[i] ?? 0),
      ]),
      checks: [
        {
          name: 'event loop delay p99 with 8 callers',
          target: '≤ 20 ms',
          measured: ms(Math.max(0, inThree.delayP99, inOne.delayP99)),
          met: Math.max(inThree.delayP99, inOne.delayP99) <= 20,
        },
      ],
    };
  } finally {
    await schema.remove();
  }
}
