/*
 * npm run bench:retrieval -- --data DIR [--sets squad-dev,scifact] [--answers 300] [--database postgres://…]
 * Loads each set of DIR through the HTTP API of a fresh server, asks its questions with `searchTest` (keyword search)
 * and prints how good and how quick the lists are; then asks some of them in a chat with the built-in model.
 *
 * A set is a folder with corpus.jsonl (_id, title, text), queries.jsonl (_id, text, answers?) and qrels.tsv
 * (query-id, corpus-id, score).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { simpleAppDocument } from '../../server/src/workflow/simple-app.ts';
import { type Api, createApp, logIn } from './lib/api.ts';
import { startServer, temporaryDirectory, temporarySchema } from './lib/children.ts';
import { quantiles } from './lib/stats.ts';

interface Passage {
  _id: string;
  title: string;
  text: string;
}
interface Query {
  _id: string;
  text: string;
  answers?: string[];
}
interface TestSet {
  corpus: Passage[];
  queries: Query[];
  /** Worth of a passage for a query: query id, then passage id. */
  relevant: Map<string, Map<string, number>>;
}

/** What the product promises, where it promises something. */
const targets: Record<string, { ndcg?: number; answers?: number }> = {
  'squad-dev': { ndcg: 0.87, answers: 0.6 },
  scifact: { ndcg: 0.68 },
  'cmrc2018-dev': { ndcg: 0.98, answers: 0.6 },
};
const batchSize = 200;
const cutoff = 10;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    sets: { type: 'string', default: Object.keys(targets).join(',') },
    answers: { type: 'string', default: '300' },
    database: { type: 'string' },
  },
});
if (values.data === undefined) {
  throw new Error('Usage: npm run bench:retrieval -- --data DIR [--sets a,b] [--answers 300]');
}

function readSet(directory: string): TestSet {
  const lines = (name: string): string[] =>
    readFileSync(join(directory, name), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '');
  const relevant: TestSet['relevant'] = new Map();
  for (const line of lines('qrels.tsv').slice(1)) {
    const [query = '', passage = '', worth] = line.split('\t');
    const known = relevant.get(query) ?? new Map<string, number>();
    relevant.set(query, known.set(passage, Number(worth)));
  }
  return {
    corpus: lines('corpus.jsonl').map((line) => JSON.parse(line) as Passage),
    queries: lines('queries.jsonl').map((line) => JSON.parse(line) as Query),
    relevant,
  };
}

/** Loads a corpus into one collection of a new dataset, as a user would; answers the passage behind each data id. */
async function load(
  api: Api,
  name: string,
  corpus: Passage[],
): Promise<{ datasetId: string; ids: Map<string, string> }> {
  const datasetId = await api.call<string>('POST', '/core/dataset/create', { name });
  const collection = { datasetId, name, type: 'virtual' };
  const collectionId = await api.call<string>('POST', '/core/dataset/collection/create', collection);
  const ids = new Map<string, string>();
  for (let start = 0; start < corpus.length; start += batchSize) {
    const batch = corpus.slice(start, start + batchSize);
    const data = batch.map(({ title, text }) => ({ q: `${title}\n${text}` }));
    const request = { collectionId, trainingType: 'chunk', data };
    const { items } = await api.call<{ items: { index: number; id?: string }[] }>(
      'POST',
      '/core/dataset/data/pushData',
      request,
    );
    for (const { index, id } of items) {
      const passage = batch[index];
      if (passage && id !== undefined) ids.set(id, passage._id);
    }
  }
  return { datasetId, ids };
}

interface Quality {
  ndcg: number;
  mrr: number;
}

function judge(found: string[], relevant: Map<string, number>): Quality {
  const gain = (worth: number, place: number): number => worth / Math.log2(place + 2);
  const ideal = [...relevant.values()].sort((a, b) => b - a).slice(0, cutoff);
  const best = ideal.reduce((sum, worth, place) => sum + gain(worth, place), 0);
  const got = found.slice(0, cutoff).reduce((sum, id, place) => sum + gain(relevant.get(id) ?? 0, place), 0);
  const first = found.slice(0, cutoff).findIndex((id) => (relevant.get(id) ?? 0) > 0);
  return { ndcg: best > 0 ? got / best : 0, mrr: first < 0 ? 0 : 1 / (first + 1) };
}

const mean = (numbers: number[]): number =>
  numbers.reduce((sum, n) => sum + n, 0) / Math.max(1, numbers.length);

async function search(api: Api, set: TestSet, datasetId: string, ids: Map<string, string>) {
  const judged: Quality[] = [];
  const times: number[] = [];
  for (const query of set.queries) {
    const began = performance.now();
    const { list } = await api.call<{ list: { id: string }[] }>('POST', '/core/dataset/searchTest', {
      datasetId,
      text: query.text,
      searchMode: 'fullTextRecall',
      limit: 20_000,
    });
    times.push(performance.now() - began);
    const passages = list.map(({ id }) => ids.get(id) ?? '');
    judged.push(judge([...new Set(passages)], set.relevant.get(query._id) ?? new Map()));
  }
  return { ndcg: mean(judged.map((q) => q.ndcg)), mrr: mean(judged.map((q) => q.mrr)), ...quantiles(times) };
}

const comparable = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** The share of questions with one of their answers in the reply of a chat over the dataset. */
async function answered(api: Api, url: string, set: TestSet, datasetId: string, most: number) {
  const asked = set.queries.filter((query) => (query.answers ?? []).length > 0);
  const step = Math.max(1, Math.floor(asked.length / Math.max(1, most)));
  const sample = asked.filter((_, i) => i % step === 0).slice(0, most);
  if (sample.length === 0) return undefined;
  const document = simpleAppDocument({ datasets: [{ datasetId }], search: { mode: 'fullTextRecall' } });
  const key = await createApp(api, 'questions', document);
  let right = 0;
  for (const query of sample) {
    const answer = await fetch(`${url}/api/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ messages: [{ role: 'user', content: query.text }] }),
    });
    const body = (await answer.json()) as { message?: string; choices?: { message: { content: string } }[] };
    const [choice] = body.choices ?? [];
    if (!choice) throw new Error(`the chat failed: ${answer.status} ${body.message ?? ''}`);
    const reply = comparable(choice.message.content);
    if ((query.answers ?? []).some((wanted) => reply.includes(comparable(wanted)))) right += 1;
  }
  return { share: right / sample.length, of: sample.length };
}

const verdict = (measured: number, target: number | undefined): string =>
  target === undefined ? '' : measured >= target ? ` (target ${target}: met)` : ` (target ${target}: MISSED)`;

const directory = await temporaryDirectory();
const schema = values.database === undefined ? undefined : await temporarySchema(values.database);
const server = await startServer(directory.path, undefined, schema?.url);
try {
  const api = await logIn(server.url);
  for (const name of values.sets.split(',')) {
    const set = readSet(join(values.data, name));
    const began = performance.now();
    const { datasetId, ids } = await load(api, name, set.corpus);
    const perSecond = Math.round(set.corpus.length / ((performance.now() - began) / 1000));
    const found = await search(api, set, datasetId, ids);
    console.log(
      `\n${name}: ${set.corpus.length} passages (${perSecond}/s loaded), ${set.queries.length} questions`,
    );
    console.log(
      `  nDCG@10 ${found.ndcg.toFixed(4)}${verdict(found.ndcg, targets[name]?.ndcg)}  MRR@10 ${found.mrr.toFixed(4)}`,
    );
    console.log(`  searchTest p50 ${found.p50.toFixed(1)} ms, p95 ${found.p95.toFixed(1)} ms`);
    const chat = await answered(api, server.url, set, datasetId, Number(values.answers));
    if (chat) {
      const share = `${chat.share.toFixed(3)}${verdict(chat.share, targets[name]?.answers)}`;
      console.log(`  answer in the reply of the built-in model: ${share} of ${chat.of} questions`);
    }
  }
} finally {
  await server.stop();
  await schema?.remove();
  await directory.remove();
}
