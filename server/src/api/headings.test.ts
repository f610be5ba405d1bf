import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  answerWith,
  type ReceivedCall,
  refuse,
  startUpstream,
  type Upstream,
} from '../models/testing/upstream.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

/* Headings by a language model (paragraphChunkAIMode), with a real server that speaks OpenAI's interface. */

let upstream: Upstream;
let server: TestServer;
let key: string;
/** What the model answers to the numbered lines of a piece. */
let answer: (call: ReceivedCall, lines: string[]) => void;

const base = '/api/core/dataset';
const env = () => ({ OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'k', CHAT_MODEL: 'up-1' });
const birds = Array.from({ length: 12 }, (_, i) =>
  `Bird ${i} nests there. ${'It sings at dawn. '.repeat(20)}`.trim(),
);
const plain = birds.join('\n\n');
/** A heading before every fourth line. */
const everyFourth = (lines: string[]) =>
  lines.flatMap((line) => {
    const [, number = '', bird = ''] = /^(\d+): Bird (\d+)/.exec(line) ?? [];
    return Number(bird) % 4 === 0 ? [`${number}|2|About ${bird}`] : [];
  });
const linesOf = ({ body }: ReceivedCall): string[] => {
  const { content } = (body.messages as { content: string }[]).at(-1) ?? { content: '' };
  return (content.split('<Lines>\n')[1]?.split('\n</Lines>')[0] ?? '').split('\n');
};

beforeEach(async () => {
  answer = ({ response }, lines) => answerWith(response, everyFourth(lines).join('\n') || 'none');
  upstream = await startUpstream((call) => answer(call, linesOf(call)));
  server = await startTestServer(env());
  key = await server.createKey();
});
afterEach(async () => {
  await server.close();
  await upstream.close();
});

async function data(method: string, path: string, body?: object) {
  const got = await server.call(method, `${base}/${path}`, { key, ...(body && { body }) });
  if (got.status !== 200) throw new Error(`${path}: ${got.text}`);
  return got.json.data;
}
const post = (path: string, body: object) => data('POST', path, body);
const custom = (mode: string, more: object = {}) => ({
  name: 'Birds',
  chunkSettingMode: 'custom',
  paragraphChunkAIMode: mode,
  chunkTriggerType: 'forceChunk',
  chunkSize: 2000,
  ...more,
});
async function imported(collectionId: string) {
  for (let tries = 0; tries < 800; tries += 1) {
    const detail = await data('GET', `collection/trainingDetail?collectionId=${collectionId}`);
    // What was stored within the call has no import.
    if (!detail.progress || ['done', 'failed'].includes(detail.progress.state)) return detail;
    await pause(25);
  }
  throw new Error('the import did not end');
}
async function textsOf(collectionId: string): Promise<string[]> {
  const { list } = await post('data/v2/list', { collectionId, pageSize: 30 });
  return list.map(({ q }: { q: string }) => q);
}
async function create(text: string, params: object): Promise<Created> {
  const datasetId = await post('create', { name: 'd', agentModel: 'up-1' });
  const made = await post('collection/create/text', { datasetId, text, ...params });
  return {
    datasetId,
    ...made,
    detail: await imported(made.collectionId),
    texts: await textsOf(made.collectionId),
  };
}
interface Created {
  datasetId: string;
  collectionId: string;
  results: { insertLen: number };
  detail: Awaited<ReturnType<typeof imported>>;
  texts: string[];
}
const withoutHeadings = (texts: string[]) =>
  texts
    .join('\n\n')
    .split('\n\n')
    .filter((part) => !part.startsWith('#'))
    .join('\n\n');

describe('headings by a language model', () => {
  it('divide a text that has none, which itself stays as it was', async () => {
    const { datasetId, collectionId, results, detail, texts } = await create(plain, custom('auto'));
    expect(results.insertLen).toBe(0);
    expect(texts.map((text) => text.split('\n')[0])).toEqual(['## About 0', '## About 4', '## About 8']);
    expect(withoutHeadings(texts)).toBe(plain);
    expect(detail.usage).toMatchObject([{ mode: 'headings', model: 'up-1', calls: 1, inputTokens: 7 }]);
    expect(upstream.calls).toHaveLength(1);
    const found = await post('searchTest', { datasetId, text: 'About 4' });
    expect(found.list[0].q).toContain('Bird 5');
    // What the document was made of is remembered without what was added.
    const shown = await data('GET', `collection/detail?id=${collectionId}`);
    expect(shown.rawTextLength).toBe(plain.length);
  });

  it('are asked for with auto only where there are none to speak of, with force always, with forbid never', async () => {
    const own = `# Land\n\n${birds.slice(0, 6).join('\n\n')}\n\n# Sea\n\n${birds.slice(6).join('\n\n')}`;
    expect((await create(own, custom('auto'))).texts).toHaveLength(2);
    expect((await create(plain, custom('forbid'))).texts.join('\n\n')).not.toContain('#');
    await create(plain, custom('force', { chunkSettingMode: 'auto' }));
    await create(plain, custom('force', { chunkSplitMode: 'size' }));
    expect(upstream.calls).toHaveLength(0);
    const { texts } = await create(own, custom('force'));
    expect(upstream.calls).toHaveLength(1);
    expect(texts.map((text) => text.split('\n')[0])).toEqual(['# Land', '## About 4', '# Sea', '## About 8']);
    expect(withoutHeadings(texts)).toBe(plain);
  });

  it('are left out where the answer is none', async () => {
    answer = ({ response }) => answerWith(response, '# Birds\n\nBird 0 was rewritten. 999|2|Nowhere');
    const { texts, detail } = await create(plain, custom('force'));
    expect(withoutHeadings(texts)).toBe(plain);
    expect(texts.join('')).not.toMatch(/#|rewritten|Nowhere/);
    expect(detail).toMatchObject({ progress: { state: 'done' }, usage: [{ calls: 1 }] });
  });

  it('come before questions and answers, too, and for files and items by their own id', async () => {
    answer = (call, lines) =>
      answerWith(call.response, lines[0] ? everyFourth(lines).join('\n') : 'Q1: Who?\nA1: A bird.');
    const params = custom('auto', { trainingType: 'qa', chunkSize: 2000 });
    const datasetId = await post('create', { name: 'qa' });
    await post('collection/create/text', { datasetId, text: plain, ...params });
    await expect.poll(() => upstream.calls.length, { timeout: 20_000 }).toBe(4);
    const asked = upstream.calls.map(({ body }) => JSON.stringify(body.messages));
    expect(asked.filter((prompt) => prompt.includes('## About'))).toHaveLength(3);
    const item = await data('PUT', 'collection/items/b', { datasetId, text: plain, ...custom('auto') });
    expect(item).toMatchObject({ state: 'created', insertLen: 0 });
    await imported(item.collectionId);
    expect(await textsOf(item.collectionId)).toHaveLength(3);
  });

  it('wait for a provider that has enough, which costs no try, and ask for no piece twice', async () => {
    const long = Array.from({ length: 100 }, (_, i) =>
      `Bird ${i} nests. ${'It sings. '.repeat(30)}`.trim(),
    ).join('\n\n');
    let number = 0;
    const answered: string[] = [];
    answer = ({ response }, lines) => {
      number += 1;
      if (number > 1 && number < 8) return refuse(response, 429, 'slow down', { 'retry-after': '0' });
      answered.push(lines.join('\n'));
      answerWith(response, everyFourth(lines).join('\n'));
    };
    const { texts, detail } = await create(long, custom('force'));
    expect(detail.progress.state).toBe('done');
    expect(withoutHeadings(texts)).toBe(long);
    expect(texts).toHaveLength(25);
    expect(answered.length).toBeGreaterThan(3);
    expect(new Set(answered).size).toBe(answered.length);
    expect(detail.usage[0].calls).toBe(answered.length);
    const jobs = await server.app.store.db
      .selectFrom('jobs')
      .select('attempts')
      .where('kind', '=', 'import')
      .execute();
    expect(jobs.map(({ attempts }) => attempts)).toEqual([1]);
  }, 60_000);

  it('need a language model, which is said at once', async () => {
    await server.close();
    server = await startTestServer({});
    key = await server.createKey();
    const datasetId = await post('create', { name: 'none' });
    for (const [path, more] of [
      ['collection/create/text', { text: 'words' }],
      ['collection/create', { type: 'virtual' }],
    ] as const) {
      const body = { datasetId, ...custom('auto'), ...more };
      const got = await server.call('POST', `${base}/${path}`, { key, body });
      expect(got.status, got.text).toBe(400);
      expect(got.json).toMatchObject({ code: 501010, statusText: 'invalidVectorModelOrQAModel' });
      expect(got.json.message).toContain('paragraphChunkAIMode');
    }
  });
});
