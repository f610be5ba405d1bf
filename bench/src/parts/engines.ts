import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { simpleAppDocument } from '../../../server/src/workflow/simple-app.ts';
import { type Api, createApp, fillDataset, logIn } from '../lib/api.ts';
import { startServer, startSimulator, temporaryDirectory, temporarySchema } from '../lib/children.ts';
import { runLoad } from '../lib/load.ts';
import { askAll, loadCorpus, type Mode, modes, untilEmbedded } from '../lib/quality.ts';
import { mb, ms, type Scale, type Section } from '../lib/section.ts';
import { quantiles } from '../lib/stats.ts';
import { readSet } from '../lib/test-set.ts';
import { questions } from '../lib/text.ts';

/** Points of nDCG@10 by which the engines may differ. */
const mostApart = 0.005;
const sets = ['squad-dev', 'scifact', 'cmrc2018-dev'];

interface Measured {
  /** Row name, then the text of this engine. */
  rows: Map<string, string>;
  /** nDCG@10 by set. */
  ndcg: Map<string, number>;
}

export interface EnginesOptions extends Scale {
  /** A PostgreSQL with the extension `vector`; a schema is made in it and removed. */
  database: string;
  /** The folder of the development sets, to compare what both engines find. */
  data: string | undefined;
}

/** The same work on both engines, one after the other, in one run. */
export async function runEngines(options: EnginesOptions): Promise<Section> {
  const embedded = await measure(options, undefined);
  const postgres = await measure(options, options.database);
  const apart = [...embedded.ndcg].map(([name, value]) => Math.abs(value - (postgres.ndcg.get(name) ?? 0)));
  const most = Math.max(0, ...apart);
  return {
    id: 'g',
    title: 'Both engines side by side',
    method: `The same server, on its embedded store and on a PostgreSQL with pgvector on the same machine; ${options.quick ? '1,000' : '20,000'} chunks in ${datasetsOf(options)} datasets with vectors of 64 dimensions. Times are those of whole HTTP requests. The development sets lie beside these chunks in the same store: the embedded engine counts how rare a word is over all that it holds, PostgreSQL over the datasets that are searched. Alone in a store both find the same (\`npm run bench:retrieval\`).`,
    columns: ['', 'embedded', 'PostgreSQL'],
    rows: [...embedded.rows].map(([name, value]) => [name, value, postgres.rows.get(name) ?? '']),
    checks:
      apart.length === 0
        ? []
        : [
            {
              name: 'nDCG@10 of keyword search apart',
              target: '≤ 0.005',
              measured: most.toFixed(4),
              met: most <= mostApart,
            },
          ],
  };
}

const datasetsOf = ({ quick }: Scale) => (quick ? 5 : 10);

async function measure(options: EnginesOptions, database: string | undefined): Promise<Measured> {
  const { quick } = options;
  const directory = await temporaryDirectory();
  const schema = database === undefined ? undefined : await temporarySchema(database);
  const simulator = await startSimulator();
  const server = await startServer(directory.path, simulator.url, schema?.url, {
    EMBEDDING_MODEL: 'sim-embed',
  });
  const rows = new Map<string, string>();
  try {
    const api = await logIn(server.url);
    await answers(api, server.url, quick ? 160 : 1600, rows);
    const ids: string[] = [];
    const began = performance.now();
    const count = datasetsOf(options);
    const each = quick ? 200 : 2000;
    for (let n = 0; n < count; n++) ids.push(await fillDataset(api, `dataset ${n}`, each, 100 + n));
    rows.set(
      'chunks loaded a second',
      String(Math.round((count * each * 1000) / (performance.now() - began))),
    );
    for (const id of ids) await untilEmbedded(api, id);
    rows.set('from the first chunk to all embedded', `${Math.round((performance.now() - began) / 1000)} s`);
    await searches(api, ids[1] ?? '', quick ? 20 : 200, rows);
    rows.set('disk', mb(schema ? await schemaMb(schema.url) : filesMb(directory.path)));
    const ndcg = new Map<string, number>();
    if (options.data !== undefined) {
      for (const name of sets) ndcg.set(name, await quality(api, options.data, name, rows));
    }
    return { rows, ndcg };
  } finally {
    await server.stop();
    await simulator.stop();
    await schema?.remove();
    await directory.remove();
  }
}

/** Stored chats with a model that answers at once: what is left is the server and its store. */
async function answers(api: Api, url: string, count: number, rows: Map<string, string>): Promise<void> {
  const key = await createApp(api, 'plain', simpleAppDocument({ model: 'sim-3-0', prompt: 'Be brief.' }));
  const job = {
    url: `${url}/api/v1/chat/completions`,
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({
      chatId: 'chat-{worker}',
      stream: true,
      messages: [{ role: 'user', content: '{question}' }],
    }),
    questions: questions(100, 11),
    stuckMs: 20_000,
    rampMs: 100,
  };
  await runLoad({ ...job, count: 100, concurrency: 16 });
  const load = await runLoad({ ...job, count, concurrency: 16 });
  rows.set('stored answers a second, 16 at once', String(Math.round(load.answers / load.seconds)));
  rows.set('whole answer p50 / p99', `${ms(load.totalMs.p50)} / ${ms(load.totalMs.p99)}`);
  rows.set('errors', String(load.errors + load.stuck));
}

async function searches(
  api: Api,
  datasetId: string,
  count: number,
  rows: Map<string, string>,
): Promise<void> {
  const asked = questions(count + 10, 13);
  for (const mode of Object.keys(modes) as Mode[]) {
    const times: number[] = [];
    for (const text of asked) {
      const began = performance.now();
      await api.call('POST', '/core/dataset/searchTest', {
        datasetId,
        text,
        limit: 1500,
        searchMode: modes[mode],
      });
      times.push(performance.now() - began);
    }
    const { p50, p95 } = quantiles(times.slice(10));
    rows.set(`searchTest, ${mode}, p50 / p95`, `${ms(p50)} / ${ms(p95)}`);
  }
}

async function quality(api: Api, data: string, name: string, rows: Map<string, string>): Promise<number> {
  const set = readSet(join(data, name));
  const loaded = await loadCorpus(api, name, set.corpus);
  const found = await askAll(api, set, loaded, 'keyword', 0.5);
  rows.set(`nDCG@10 ${name}, keyword`, found.ndcg.toFixed(4));
  return found.ndcg;
}

/** The database file and its log, in MB. */
function filesMb(directory: string): number {
  const names = existsSync(directory) ? readdirSync(directory) : [];
  const bytes = names
    .filter((name) => name.startsWith('lectern.db'))
    .reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
  return bytes / 1e6;
}

/** Tables and indexes of the schema, in MB. */
async function schemaMb(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    `select sum(pg_total_relation_size(c.oid))::float8 as bytes from pg_class c
     where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'`,
  );
  await client.end();
  return Number(rows[0]?.bytes ?? 0) / 1e6;
}
