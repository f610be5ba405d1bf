import { describe, expect, it } from 'vitest';
import { nowhere, wordsAsVector } from '../models/testing/embeddings.ts';
import {
  embedded,
  jobOf,
  makeDataset,
  push,
  search,
  server,
  until,
  upstream,
} from './test-embedding-world.ts';

describe('a hybrid search', () => {
  const places = ['harbour', 'valley', 'library', 'kitchen', 'bridge', 'tower', 'garden', 'office'];
  const things = ['lantern', 'ledger', 'kettle', 'compass', 'violin', 'anchor', 'ladder', 'mirror'];
  const deeds = [
    'repaired',
    'counted',
    'painted',
    'measured',
    'borrowed',
    'inspected',
    'polished',
    'labelled',
  ];
  const passages = Array.from({ length: 64 }, (_, i) => {
    const [place, thing] = [places[i % 8], things[Math.floor(i / 8)]];
    const [deed, month] = [deeds[(i * 3) % 8], i + 1900];
    return `In ${month} the old ${thing} of the ${place} was ${deed} by hand, and nobody wrote down who ${deed} it.`;
  });
  const weightOf = async (datasetId: string) => {
    await until(async () => {
      const row = await server.app.store.db
        .selectFrom('datasets')
        .select('calibratedItems')
        .where('id', '=', datasetId)
        .executeTakeFirst();
      return row?.calibratedItems !== null;
    });
    const row = await server.app.store.db
      .selectFrom('datasets')
      .select(['bestEmbeddingWeight', 'calibratedItems'])
      .where('id', '=', datasetId)
      .executeTakeFirstOrThrow();
    return row;
  };

  it('is left to the words where the vectors would make it worse, and says so', async () => {
    upstream.set({ vectorOf: nowhere });
    const { datasetId } = await makeDataset(passages, 'records');
    expect(await weightOf(datasetId)).toEqual({ bestEmbeddingWeight: 0, calibratedItems: 64 });
    const result = await search(datasetId, 'anchor of the tower', { searchMode: 'mixedRecall' });
    const words = await search(datasetId, 'anchor of the tower', { searchMode: 'fullTextRecall' });
    expect(result).toMatchObject({ searchMode: 'fullTextRecall', requestedSearchMode: 'mixedRecall' });
    expect(result.found).toEqual(words.found);
    expect(result.notice).toContain('find less than keywords');
    const byVectors = await search(datasetId, 'anchor of the tower');
    expect(byVectors).toMatchObject({ searchMode: 'embedding' });
    expect(byVectors.notice).toContain('keywords find more');
  });

  it('has the weight that was asked for where the vectors are good', async () => {
    upstream.set({ vectorOf: wordsAsVector, dimensions: 512 });
    const { datasetId, collectionId } = await makeDataset(passages, 'records');
    const { bestEmbeddingWeight } = await weightOf(datasetId);
    // Which questions are made up is chance, and with it how much: more than until it was measured, in any case.
    expect(bestEmbeddingWeight).toBeGreaterThanOrEqual(0.3);
    const asked = { searchMode: 'mixedRecall', embeddingWeight: 0.3 };
    const result = await search(datasetId, 'anchor of the tower', asked);
    expect(result).toMatchObject(asked);
    expect(result.notice).toBeUndefined();
    // Measured again only when it has doubled.
    await push(collectionId, ['One more record.']);
    await embedded(datasetId);
    await until(async () => (await jobOf(datasetId))?.state === 'done');
    expect((await weightOf(datasetId)).calibratedItems).toBe(64);
    await push(
      collectionId,
      passages.map((text) => text.replace('old', 'new')),
    );
    await until(async () => (await weightOf(datasetId)).calibratedItems === 129);
  });

  it('gives vectors little weight until they were measured, and says so', async () => {
    upstream.set({ vectorOf: wordsAsVector });
    const { datasetId } = await makeDataset(passages, 'records');
    await weightOf(datasetId);
    await server.app.store.db.updateTable('datasets').set({ bestEmbeddingWeight: null }).execute();
    const result = await search(datasetId, 'anchor of the tower', { searchMode: 'mixedRecall' });
    expect(result).toMatchObject({ searchMode: 'mixedRecall', embeddingWeight: 0.1 });
    expect(result.notice).toContain('until it is measured');
  });
});
