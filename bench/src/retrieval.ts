/*
 * npm run bench:retrieval -- --data DIR [--sets squad-dev,scifact] [--answers 300] [--database postgres://…]
 *   [--modes keyword,embedding,hybrid] [--embedding sim|oracle|oracle-NOISE|local] [--weight 0.5]
 * Loads each set of DIR through the HTTP API of a fresh server, asks its questions with `searchTest` in each mode and
 * prints side by side how good and how quick the lists are; then asks some of them in a chat with the built-in model.
 *
 * A set is a folder with corpus.jsonl (_id, title, text), queries.jsonl (_id, text, answers?) and qrels.tsv
 * (query-id, corpus-id, score).
 *
 * The embedding model is the simulator's (weak: it knows letters), one that is told the answers (`oracle`, with a noise
 * of so many times the signal), or `local`: EMBEDDING_MODEL in the folder LOCAL_MODELS_DIR.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { simpleAppDocument } from '../../server/src/workflow/simple-app.ts';
import { type Api, createApp, logIn } from './lib/api.ts';
import {
  type Listening,
  startOracle,
  startServer,
  startSimulator,
  temporaryDirectory,
  temporarySchema,
} from './lib/children.ts';
import { askAll, loadCorpus, type Mode, modes, untilEmbedded } from './lib/quality.ts';
import { readSet, type TestSet } from './lib/test-set.ts';

/** What the product promises, where it promises something. */
const targets: Record<string, { ndcg?: number; answers?: number }> = {
  'squad-dev': { ndcg: 0.87, answers: 0.6 },
  scifact: { ndcg: 0.68 },
  'cmrc2018-dev': { ndcg: 0.98, answers: 0.6 },
};

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    sets: { type: 'string', default: Object.keys(targets).join(',') },
    answers: { type: 'string', default: '300' },
    database: { type: 'string' },
    modes: { type: 'string' },
    embedding: { type: 'string' },
    weight: { type: 'string', default: '0.5' },
  },
});
const { data: folder, embedding } = values;
if (folder === undefined)
  throw new Error('Usage: npm run bench:retrieval -- --data DIR [--sets a,b] [--answers 300]');

const isMode = (name: string): name is Mode => name in modes;
const asked = (values.modes ?? (embedding === undefined ? 'keyword' : 'keyword,embedding,hybrid')).split(',');
const chosen = asked.filter(isMode);
if (chosen.length < asked.length) throw new Error(`modes are ${Object.keys(modes).join(', ')}`);

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

/** The embedding model that was asked for, with the settings that connect it. */
async function connect(): Promise<{ model?: Listening; settings: Record<string, string> }> {
  if (embedding === undefined) return { settings: {} };
  if (embedding === 'local') {
    const { LOCAL_MODELS_DIR = '', EMBEDDING_MODEL = '' } = process.env;
    return { settings: { LOCAL_MODELS_DIR, EMBEDDING_MODEL } };
  }
  const name = embedding === 'sim' ? 'sim-embed' : embedding === 'oracle' ? 'oracle-1' : embedding;
  const model = name === 'sim-embed' ? await startSimulator() : await startOracle(folder ?? '', values.sets);
  return { model, settings: { OPENAI_BASE_URL: `${model.url}/v1`, EMBEDDING_MODEL: name } };
}

async function report(api: Api, url: string, name: string): Promise<void> {
  const set = readSet(join(folder ?? '', name));
  const began = performance.now();
  const loaded = await loadCorpus(api, name, set.corpus);
  const perSecond = Math.round(set.corpus.length / ((performance.now() - began) / 1000));
  if (embedding !== undefined) await untilEmbedded(api, loaded.datasetId);
  console.log(
    `\n${name}: ${set.corpus.length} passages (${perSecond}/s loaded), ${set.queries.length} questions`,
  );
  for (const mode of chosen) {
    const found = await askAll(api, set, loaded, mode, Number(values.weight));
    const target = mode === 'keyword' ? targets[name]?.ndcg : undefined;
    console.log(
      `  ${mode.padEnd(9)} nDCG@10 ${found.ndcg.toFixed(4)}${verdict(found.ndcg, target)}  MRR@10 ${found.mrr.toFixed(4)}  p50 ${found.p50.toFixed(1)} ms, p95 ${found.p95.toFixed(1)} ms`,
    );
    if (found.said !== '' && mode !== 'keyword') console.log(`            “${found.said}”`);
  }
  const chat = await answered(api, url, set, loaded.datasetId, Number(values.answers));
  if (chat) {
    const share = `${chat.share.toFixed(3)}${verdict(chat.share, targets[name]?.answers)}`;
    console.log(`  answer in the reply of the built-in model: ${share} of ${chat.of} questions`);
  }
}

const { model, settings } = await connect();
const directory = await temporaryDirectory();
const schema = values.database === undefined ? undefined : await temporarySchema(values.database);
const server = await startServer(directory.path, undefined, schema?.url, settings);
try {
  const api = await logIn(server.url);
  for (const name of values.sets.split(',')) await report(api, server.url, name);
} finally {
  await server.stop();
  await schema?.remove();
  await model?.stop();
  await directory.remove();
}
