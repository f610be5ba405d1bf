import { expect, it } from 'vitest';
import { makeDataset, search, searchInChinese, startAnew, until } from './test-embedding-world.ts';

type Explained = Awaited<ReturnType<typeof search>>['explain'];
const stage = (explain: Explained, name: string) =>
  explain.stages.find((one: { stage: string }) => one.stage === name);
const textOf = (explain: Explained, id: string): string =>
  explain.passages.find((passage: { id: string }) => passage.id === id)?.text;

it('shows what every stage of a hybrid search found, with scores, and what was left out and why', async () => {
  const animals = ['A dog barks.', 'A dog barks!', 'A cat sleeps.', 'A dog and a cat play.'];
  const { datasetId } = await makeDataset(animals);
  await until(async () => (await search(datasetId, 'dog')).searchMode === 'embedding');
  const plain = await search(datasetId, 'dog', { searchMode: 'mixedRecall' });
  expect(plain).not.toHaveProperty('explain');
  const { explain, list, embeddingTokens } = await search(datasetId, 'dog', {
    searchMode: 'mixedRecall',
    explain: true,
  });
  const names = explain.stages.map((one: { stage: string }) => one.stage);
  expect(names.toSorted()).toEqual(['dedupe', 'embed', 'extension', 'fuse', 'keyword', 'limit', 'vector']);
  for (const one of explain.stages) expect(one.ms).toBeGreaterThanOrEqual(0);
  expect(stage(explain, 'extension').queries).toEqual(['dog']);
  expect(stage(explain, 'embed')).toMatchObject({ model: 'embed-1', tokens: embeddingTokens });
  const [byWords] = stage(explain, 'keyword').lists;
  expect(byWords).toHaveLength(3);
  expect(byWords[0].score).toBeGreaterThan(0);
  const [byVectors] = stage(explain, 'vector').lists;
  expect(byVectors.length).toBeGreaterThanOrEqual(3);
  const fused = stage(explain, 'fuse').candidates;
  expect(fused[0].score).toBeGreaterThan(fused.at(-1).score);
  // One of the two that say the same.
  const repeats = stage(explain, 'dedupe').dropped;
  expect(repeats).toEqual([{ id: expect.any(String), reason: expect.stringContaining('same text') }]);
  expect(textOf(explain, repeats[0].id).toLowerCase()).toContain('dog barks');
  const left = stage(explain, 'limit').candidates.map(({ id }: { id: string }) => id);
  expect(left).toEqual(list.map(({ id }: { id: string }) => id));
});

it('says what fell below the similarity and what was beyond the limit', async () => {
  const { datasetId } = await makeDataset(['dog dog', 'a dog and a cat', 'the sea']);
  await until(async () => (await search(datasetId, 'dog')).searchMode === 'embedding');
  const similar = await search(datasetId, 'dog', { similarity: 0.9, explain: true });
  const { dropped } = stage(similar.explain, 'similarity');
  expect(dropped.length + similar.list.length).toBe(stage(similar.explain, 'fuse').candidates.length);
  expect(dropped.map(({ id }: { id: string }) => textOf(similar.explain, id))).toContain('the sea');
  expect(dropped[0].reason).toContain('0.9');
  const short = await search(datasetId, 'dog', { limit: 1, explain: true });
  expect(short.list).toHaveLength(1);
  const beyond = stage(short.explain, 'limit');
  expect(beyond.dropped[0].reason).toContain('1 tokens');
  expect(beyond.tokens).toBe(short.list[0].tokens);
  const asked = { similarity: 0.9, limit: 1, explain: true };
  const { explain } = await searchInChinese(datasetId, 'dog', asked);
  const reasons = explain.stages.flatMap((one: { dropped?: { reason: string }[] }) => one.dropped ?? []);
  expect(stage(explain, 'similarity').dropped[0].reason).toBe('向量得分低于 0.9');
  for (const { reason } of reasons) expect(reason).toMatch(/[\u4e00-\u9fff]/);
});

it('explains a search by words where there is no embedding model', async () => {
  await startAnew({ EMBEDDING_MODEL: '', OPENAI_BASE_URL: '', OPENAI_API_KEY: '', CHAT_MODEL: '' });
  const { datasetId } = await makeDataset(['A dog barks.']);
  const { explain } = await search(datasetId, 'dog', { explain: 'true' });
  expect(explain.stages.map((one: { stage: string }) => one.stage)).toEqual([
    'extension',
    'keyword',
    'fuse',
    'dedupe',
    'limit',
  ]);
  expect(explain.passages).toEqual([expect.objectContaining({ text: 'A dog barks.', sourceName: 'c' })]);
});
