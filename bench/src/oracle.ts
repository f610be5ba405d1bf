/*
 * An embedding model that knows the answers, in a process of its own: `node oracle.ts --data DIR --sets a,b`. It is
 * no model: the vector of a question is that of the passages that the set calls relevant, plus noise, and the vector of
 * any other text that of the passage it has most words in common with. It shows what a good embedding model would do
 * to a search, and with more noise what a middling one would: `oracle-<noise>`, noise as a multiple of the signal.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { announce } from './lib/announce.ts';
import { readSet } from './lib/test-set.ts';

const { values } = parseArgs({
  options: { data: { type: 'string' }, sets: { type: 'string', default: '' } },
});
const dimensions = 128;

/** A direction of length 1 that depends on the name only. */
function direction(name: string): Float32Array {
  const vector = new Float32Array(dimensions);
  let sum = 0;
  for (let i = 0; i < dimensions; i += 8) {
    const bytes = createHash('sha512').update(`${name} ${i}`).digest();
    for (let k = 0; k < 8; k += 1) {
      const radius = Math.sqrt(-2 * Math.log((bytes.readUInt32LE(8 * k) + 1) / 2 ** 32));
      const value = radius * Math.cos((2 * Math.PI * bytes.readUInt32LE(8 * k + 4)) / 2 ** 32);
      vector[i + k] = value;
      sum += value * value;
    }
  }
  return vector.map((value) => value / Math.sqrt(sum));
}

/** Words, and of Chinese every pair of neighbours. */
function wordsOf(text: string): Set<string> {
  const words = new Set<string>();
  for (const [word] of text.toLowerCase().matchAll(/[\u4e00-\u9fff]+|[\p{L}\p{N}]+/gu)) {
    if (!/[\u4e00-\u9fff]/.test(word)) words.add(word);
    else for (let i = 0; i + 1 < word.length; i += 1) words.add(word.slice(i, i + 2));
  }
  return words;
}

/** Passages by their text, so that only what is no passage has to be guessed. */
const byText = new Map<string, string>();
const passagesOf = new Map<string, string[]>();
const relevant = new Map<string, string[]>();
for (const name of values.sets.split(',').filter(Boolean)) {
  const set = readSet(join(values.data ?? '', name));
  for (const { _id, title, text } of set.corpus) {
    byText.set(text.trim(), `${name} ${_id}`);
    for (const word of wordsOf(`${title} ${text}`)) {
      const known = passagesOf.get(word);
      if (known) known.push(`${name} ${_id}`);
      else passagesOf.set(word, [`${name} ${_id}`]);
    }
  }
  for (const { _id, text } of set.queries) {
    relevant.set(
      text.trim(),
      [...(set.relevant.get(_id)?.keys() ?? [])].map((id) => `${name} ${id}`),
    );
  }
}

/** The passage itself, or the one with most words in common, rare ones counting more. */
function passageOf(text: string): string {
  for (let rest = text; rest !== ''; rest = rest.slice(rest.indexOf('\n') + 1 || rest.length)) {
    const known = byText.get(rest.trim());
    if (known !== undefined) return known;
  }
  const scores = new Map<string, number>();
  for (const word of wordsOf(text)) {
    const holders = passagesOf.get(word) ?? [];
    for (const id of holders) scores.set(id, (scores.get(id) ?? 0) + 1 / (1 + holders.length));
  }
  let best = '';
  let most = 0;
  for (const [id, score] of scores) {
    if (score <= most) continue;
    best = id;
    most = score;
  }
  return best;
}

function embed(text: string, noise: number): Float32Array {
  const asked = relevant.get(text.trim());
  const vector = new Float32Array(dimensions);
  const add = (other: Float32Array, times: number) => {
    for (let i = 0; i < dimensions; i += 1) vector[i] = (vector[i] ?? 0) + times * (other[i] ?? 0);
  };
  for (const id of asked ?? [passageOf(text)]) add(direction(id), 1);
  // Passages lie where they lie; what is asked is what a model misunderstands.
  if (asked || text.length <= 300) add(direction(`noise ${text}`), noise);
  return vector;
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (data: Buffer) => chunks.push(data));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as {
      model?: string;
      input?: string | string[];
    };
    const noise = Number(/^oracle-([\d.]+)$/.exec(body.model ?? '')?.[1] ?? 0);
    const texts = [body.input ?? []].flat();
    const data = texts.map((text, index) => ({
      object: 'embedding',
      index,
      embedding: Buffer.from(embed(text, noise).buffer).toString('base64'),
    }));
    const tokens = texts.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0);
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        object: 'list',
        data,
        model: body.model,
        usage: { prompt_tokens: tokens, total_tokens: tokens },
      }),
    );
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', 1024, () => announce(server));
