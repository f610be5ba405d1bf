import { expect, it } from 'vitest';
import { embedded, key, post, server, startAnew, upstream } from './test-embedding-world.ts';

const custom = { chunkSettingMode: 'custom', chunkTriggerType: 'forceChunk' };
const sentence = (n: number) => `Sentence number ${n} tells something of its own about subject ${n}.`;
const sentences = (n: number, from = 0) => Array.from({ length: n }, (_, i) => sentence(from + i)).join(' ');
const guide = [
  '# Guide',
  sentences(3),
  '## Install',
  sentences(3, 10),
  '### Linux',
  'Use apt.',
  '### Windows',
  'Use the installer.',
].join('\n\n');

let dataset = '';
async function datasetOfTest(): Promise<string> {
  dataset = await post('create', { name: 'chunking' });
  return dataset;
}

/** The pieces that a text is stored as. */
async function pieces(text: string, params: object): Promise<{ q: string; tokens: number; id: string }[]> {
  const { collectionId } = await post('collection/create/text', {
    datasetId: dataset,
    name: 'Doc',
    text,
    ...params,
  });
  const { list } = await post('data/v2/list', { collectionId, pageSize: 30 });
  return list.map(({ _id, q, tokens }: { _id: string; q: string; tokens: number }) => ({
    id: _id,
    q,
    tokens,
  }));
}
const texts = async (text: string, params: object) => (await pieces(text, params)).map(({ q }) => q);

it('repeats as much between the pieces of a paragraph as it is told', async () => {
  await datasetOfTest();
  const lengthOf = async (overlapRatio?: number) =>
    (await texts(sentences(120), { overlapRatio, chunkTriggerType: 'forceChunk' })).join('').length;
  const [none, usual, half] = [await lengthOf(0), await lengthOf(), await lengthOf(0.5)];
  expect(none).toBeLessThan(usual);
  expect(usual).toBeLessThan(half);
  expect(await lengthOf(0.2)).toBe(usual);
  const { status, json } = await server.call('POST', '/api/core/dataset/collection/create/text', {
    key,
    body: { datasetId: dataset, name: 'x', text: 'x', overlapRatio: 0.6 },
  });
  expect(status).toBe(400);
  expect(json.message).toContain('overlapRatio');
});

it('follows every parameter of the splitter', async () => {
  await datasetOfTest();
  // When to split at all.
  expect(await texts(guide, {})).toHaveLength(1);
  expect(await texts(guide, { chunkTriggerMinSize: 20 })).toHaveLength(4);
  expect(await texts(guide, { chunkTriggerType: 'forceChunk' })).toHaveLength(4);
  const long = `${guide}\n\n${sentences(120)}`;
  expect(
    (await texts(long, { chunkTriggerType: 'minSize', chunkTriggerMinSize: 512 })).length,
  ).toBeGreaterThan(4);
  expect(await texts(long, { chunkTriggerType: 'maxSize' })).toHaveLength(1);
  // auto decides sizes itself.
  const auto = { chunkTriggerType: 'forceChunk' };
  expect(await texts(guide, { ...auto, chunkSize: 64, paragraphChunkDeep: 0, chunkSplitter: 'apt' })).toEqual(
    await texts(guide, auto),
  );
  // Headings.
  const deep = async (paragraphChunkDeep: number) =>
    (await texts(guide, { ...custom, chunkSize: 1000, paragraphChunkDeep })).length;
  expect([await deep(0), await deep(1), await deep(2), await deep(3), await deep(8)]).toEqual([
    1, 1, 2, 4, 4,
  ]);
  const joined = await texts(guide, { ...custom, chunkSize: 1000, paragraphChunkMinSize: 30 });
  expect(joined).toHaveLength(2);
  expect(joined[1]).toMatch(/## Install[\s\S]*### Linux[\s\S]*### Windows/);
  // Sizes.
  const sizes = async (chunkSize: number) =>
    (await pieces(sentences(60), { ...custom, chunkSize })).map(({ tokens }) => tokens);
  for (const size of [64, 200]) {
    for (const tokens of (await sizes(size)).slice(0, -1)) {
      expect(tokens).toBeGreaterThanOrEqual(0.8 * size);
      expect(tokens).toBeLessThanOrEqual(1.2 * size);
    }
  }
  expect(await sizes(1)).toEqual(await sizes(64));
  const bySize = await texts(guide, { ...custom, chunkSplitMode: 'size', chunkSize: 100 });
  expect(bySize.length).toBeLessThan(4);
  expect(bySize.some((text) => /Sentence number 12[\s\S]*### Linux/.test(text))).toBe(true);
});

it('cuts at literal separators and at regular expressions', async () => {
  await datasetOfTest();
  const by = (more: object) => ({ ...custom, ...more });
  expect(await texts('a.b\nc.*d|e', by({ chunkSplitter: '.*|\\n' }))).toEqual(['a.b', 'c', 'd|e']);
  const law =
    'Preamble.\nArticle 1 Everyone is free.\nArticle 2 Nobody is above Article 1.\nArticle 10 The end.';
  expect(await texts(law, by({ chunkSplitterRegex: '^(Article \\d+)' }))).toEqual([
    'Preamble.',
    'Article 1 Everyone is free.',
    'Article 2 Nobody is above Article 1.',
    'Article 10 The end.',
  ]);
  expect(
    await texts('one ## two #### three', by({ chunkSplitMode: 'char', chunkSplitterRegex: ' #+ ' })),
  ).toEqual(['one', 'two', 'three']);
  expect(await texts('a1b-c', by({ chunkSplitter: '-', chunkSplitterRegex: '\\d' }))).toEqual([
    'a',
    'b',
    'c',
  ]);
  // Matches of nothing cut nowhere, and what would hang another engine ends.
  expect(await texts('abc', by({ chunkSplitterRegex: 'x*' }))).toEqual(['abc']);
  const hostile = await texts(
    `${'a'.repeat(40_000)}!`,
    by({ chunkSplitterRegex: '(a|aa)+$', chunkSize: 4000 }),
  );
  expect(hostile.join('')).toHaveLength(40_001);
});

it.each(['(', 'a{2000}', '(?<=a)b', '*'])(
  'refuses the pattern %s and names its field',
  async (chunkSplitterRegex) => {
    const datasetId = await datasetOfTest();
    const body = { datasetId, name: 'x', text: 'abc', ...custom, chunkSplitterRegex };
    const answer = await server.call('POST', '/api/core/dataset/collection/create/text', { key, body });
    expect(answer.status, answer.text).toBe(400);
    expect(answer.json.message).toContain('chunkSplitterRegex');
    const { sessionToken } = server.root;
    const update = { id: datasetId, chunkSettings: { chunkSplitterRegex } };
    expect(
      (await server.call('PUT', '/api/core/dataset/update', { sessionToken, body: update })).status,
    ).toBe(400);
  },
);

it('makes vectors of the size that is asked for, with the title or without', async () => {
  const datasetId = await datasetOfTest();
  const embeddedOf = async (params: object) => {
    const before = upstream.texts.length;
    await pieces(sentences(30), { ...custom, chunkSize: 2000, ...params });
    await embedded(datasetId);
    return upstream.texts.slice(before);
  };
  expect(await embeddedOf({})).toEqual([`Doc\n${sentences(30)}`]);
  const small = await embeddedOf({ indexSize: 100 });
  expect(small.length).toBeGreaterThan(3);
  for (const text of small) expect(text.startsWith('Doc\n')).toBe(true);
  expect(await embeddedOf({ indexSize: 1 })).toEqual(await embeddedOf({ indexSize: 64 }));
  expect(await embeddedOf({ indexPrefixTitle: false })).toEqual([sentences(30)]);
});

it('finds a document by its name unless the name is not indexed', async () => {
  await startAnew({ EMBEDDING_MODEL: '' });
  const datasetId = await datasetOfTest();
  const make = (name: string, more: object) =>
    post('collection/create/text', { datasetId, name, text: 'Some words.', ...more });
  await make('zebra.md', {});
  await make('giraffe.md', { indexPrefixTitle: false });
  const names = async (text: string) =>
    (await post('searchTest', { datasetId, text })).list.map(
      (item: { sourceName: string }) => item.sourceName,
    );
  expect(await names('zebra')).toEqual(['zebra.md']);
  expect(await names('giraffe')).toEqual([]);
});
