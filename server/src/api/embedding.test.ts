import { describe, expect, it } from 'vitest';
import { answerWith, refuse } from '../models/testing/upstream.ts';
import type { SearchRequest } from '../retrieval/ports.ts';
import { createSearchService } from '../retrieval/search.ts';
import {
  embedded,
  jobOf,
  key,
  makeDataset,
  pending,
  post,
  push,
  rest,
  restart,
  search,
  server,
  startAnew,
  until,
  upstream,
  vectors,
} from './test-embedding-world.ts';

describe('a dataset with an embedding model', () => {
  it('is found by meaning, with the cosine as its score', async () => {
    const { datasetId } = await makeDataset(['A hound barks.', ...rest]);
    await embedded(datasetId);
    const result = await search(datasetId, 'puppy');
    expect(result.found[0]).toBe('A hound barks.');
    expect(result).toMatchObject({
      searchMode: 'embedding',
      requestedSearchMode: 'embedding',
      embeddingModel: 'embed-1',
      embeddingTokens: 1,
      usingSimilarityFilter: true,
    });
    expect(result.notice).toBeUndefined();
    const [score] = result.list[0].score;
    expect(score).toMatchObject({ type: 'embedding', index: 0 });
    expect(score.value).toBeGreaterThan(0.9);
    expect(score.value).toBeLessThanOrEqual(1);
    const similar = await search(datasetId, 'puppy', { similarity: 0.8 });
    expect(similar.found).toEqual(['A hound barks.']);
  });

  it('is found across languages', async () => {
    const { datasetId } = await makeDataset(['公司汽车归行政部管理。', '员工每年有三十天休假。']);
    await embedded(datasetId);
    expect((await search(datasetId, 'vehicle')).found[0]).toBe('公司汽车归行政部管理。');
    expect((await search(datasetId, '假期')).found[0]).toBe('员工每年有三十天休假。');
  });

  it('tells its model, and that nothing waits any more', async () => {
    const { datasetId, collectionId } = await makeDataset(rest);
    await embedded(datasetId);
    const detail = await server.call('GET', `/api/core/dataset/detail?id=${datasetId}`, { key });
    expect(detail.json.data.vectorModel).toMatchObject({ model: 'embed-1', name: 'embed-1' });
    const list = await post('collection/listV2', { datasetId, pageSize: 10, offset: 0 });
    expect(list.list[0]).toMatchObject({ dataAmount: 3, trainingAmount: 0, hasError: false });
    await until(async () => (await jobOf(datasetId))?.state === 'done');
    const training = await server.call(
      'GET',
      `/api/core/dataset/collection/trainingDetail?collectionId=${collectionId}`,
      { key },
    );
    expect(training.json.data).toMatchObject({
      trainedCount: 3,
      queuedCounts: { chunk: 0 },
      trainingCounts: { chunk: 0 },
    });
  });

  it('has a vector for question, answer and every text of its own, the first two behind the title', async () => {
    const { datasetId, collectionId } = await makeDataset([]);
    const [id] = await push(collectionId, ['question'], { a: 'answer', indexes: [{ text: 'a puppy' }] });
    await embedded(datasetId);
    const rows = await vectors(datasetId);
    expect(rows.map(({ dataId }) => dataId)).toEqual([id, id, id]);
    expect(rows.map(({ part }) => part)).toEqual(['q', 'a', expect.stringMatching(/^[0-9a-f]{24}$/)]);
    expect(upstream.texts).toEqual(['c\nquestion', 'c\nanswer', 'a puppy']);
    const { list } = await search(datasetId, 'dog');
    expect(list.map(({ id: found }: { id: string }) => found)).toEqual([id]);
  });

  it('cuts texts that are longer than the model reads, and finds each part', async () => {
    const { datasetId, collectionId } = await makeDataset([]);
    upstream.set({
      instead({ response }, texts) {
        if (texts.every((text) => text.length < 2000)) return false;
        refuse(response, 400, 'input is too long for this model');
        return true;
      },
    });
    const filler = 'Nothing of interest stands in this sentence. '.repeat(100);
    const [long] = await push(collectionId, [`${filler} A hound. ${filler}`, 'My car is red.']);
    await embedded(datasetId);
    const rows = await vectors(datasetId);
    expect(rows.filter(({ dataId }) => dataId === long).length).toBeGreaterThan(2);
    expect((await search(datasetId, 'puppy')).list[0].id).toBe(long);
  });

  it('follows what is changed, renamed, forbidden and deleted', async () => {
    const { datasetId, collectionId } = await makeDataset([]);
    const [car, dog] = await push(collectionId, ['An automobile.', 'A hound.']);
    await embedded(datasetId);
    const change = await server.call('PUT', '/api/core/dataset/data/update', {
      key,
      body: { dataId: car, q: 'A wage.' },
    });
    expect(change.status).toBe(200);
    await embedded(datasetId);
    expect((await vectors(datasetId)).length).toBe(2);
    expect((await search(datasetId, 'salary')).found[0]).toBe('A wage.');
    await post('collection/update', { id: collectionId, name: 'Vacation' });
    await until(async () => upstream.texts.includes('Vacation\nA wage.'));
    await embedded(datasetId);
    expect((await vectors(datasetId)).length).toBe(2);
    await server.call('DELETE', `/api/core/dataset/data/delete?id=${dog}`, { key });
    expect((await search(datasetId, 'puppy')).found).toEqual(['A wage.']);
    expect((await vectors(datasetId)).map(({ dataId }) => dataId)).toEqual([car]);
    await post('collection/update', { id: collectionId, forbid: true });
    expect((await search(datasetId, 'salary')).found).toEqual([]);
    await post('collection/update', { id: collectionId, forbid: false });
    expect((await search(datasetId, 'salary')).found).toEqual(['A wage.']);
  });

  it('says nothing to another team', async () => {
    const { datasetId } = await makeDataset(['A hound.']);
    await embedded(datasetId);
    const stranger = await server.createTeam('strangers');
    const other = await server.createKey({}, stranger);
    const answer = await server.call('POST', '/api/core/dataset/searchTest', {
      key: other,
      body: { datasetId, text: 'puppy', searchMode: 'embedding' },
    });
    expect(answer.status).toBe(404);
    const found = await server.app.search.search(
      {
        teamId: stranger.caller.teamId,
        datasetIds: [datasetId],
        query: 'puppy',
        limit: 5000,
        similarity: 0,
        mode: 'embedding',
        embeddingWeight: 0.5,
        usingReRank: false,
        rerankWeight: 0.5,
      },
      { signal: new AbortController().signal },
    );
    expect(found.quotes).toEqual([]);
  });

  it('searches by words and by meaning at once', async () => {
    const { datasetId } = await makeDataset(['A hound barks.', 'The puppy tax form 77.', ...rest]);
    await embedded(datasetId);
    await server.app.store.db.updateTable('datasets').set({ bestEmbeddingWeight: 0.8 }).execute();
    const result = await search(datasetId, 'puppy', { searchMode: 'mixedRecall', embeddingWeight: 0.5 });
    expect(result.found.slice(0, 2)).toEqual(['The puppy tax form 77.', 'A hound barks.']);
    expect(result).toMatchObject({
      searchMode: 'mixedRecall',
      embeddingWeight: 0.5,
      usingSimilarityFilter: false,
    });
    expect(result.list[0].score.map(({ type }: { type: string }) => type)).toEqual([
      'embedding',
      'fullText',
      'rrf',
    ]);
    const several = await search(datasetId, JSON.stringify(['puppy', 'wage']), {});
    const [first] = several.list[0].score;
    expect(several.list.map(({ score }: { score: { index: number }[] }) => score[0]?.index)).toEqual([
      0, 1, 2, 3, 4,
    ]);
    expect(first.value).toBeGreaterThan(0.9);
    expect(several.embeddingTokens).toBe(2);
  });
});

describe('an embedding model that is added later', () => {
  it('embeds what is there, while keywords answer', async () => {
    await startAnew({ EMBEDDING_MODEL: '' });
    const { datasetId } = await makeDataset(['A hound barks.', ...rest]);
    const before = await search(datasetId, 'hound');
    expect(before).toMatchObject({ searchMode: 'fullTextRecall', embeddingModel: 'builtin-keyword' });
    expect(before.notice).toContain('No embedding model');
    expect(before.found).toEqual(['A hound barks.']);
    const shown = await server.call('GET', `/api/core/dataset/detail?id=${datasetId}`, { key });
    expect(shown.json.data.vectorModel.model).toBe('builtin-keyword');

    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let held = 0;
    upstream.set({
      instead({ response }) {
        held += 1;
        void gate.then(() => refuse(response, 500, 'try again'));
        return true;
      },
    });
    await restart({});
    await until(async () => held > 0);
    const meanwhile = await search(datasetId, 'hound');
    expect(meanwhile).toMatchObject({ searchMode: 'fullTextRecall', embeddingTokens: 0 });
    expect(meanwhile.notice).toBe(
      'Nothing in these datasets has been embedded yet, so this was a keyword search.',
    );
    expect(meanwhile.found).toEqual(['A hound barks.']);
    upstream.set({ instead: undefined });
    open();
    await embedded(datasetId);
    expect((await search(datasetId, 'puppy')).found[0]).toBe('A hound barks.');
  });
});

describe('while not everything is embedded', () => {
  it('says how far it is, and misses nothing', async () => {
    const { datasetId, collectionId } = await makeDataset(['A hound barks.', ...rest]);
    await embedded(datasetId);
    await until(async () => (await jobOf(datasetId))?.state === 'done');
    upstream.set({
      instead({ response }, texts) {
        if (texts.every((text) => !text.includes('zebra'))) return false;
        refuse(response, 429, 'slow down', { 'retry-after': '3000' });
        return true;
      },
    });
    await push(collectionId, ['A zebra crosses.']);
    await until(async () => (await jobOf(datasetId))?.error !== null);
    const job = await jobOf(datasetId);
    expect(job).toMatchObject({ state: 'waiting', cause: 'limit' });
    expect(Number(job?.runTime)).toBeGreaterThan(Date.now() + 2_000_000);
    const result = await search(datasetId, 'crosses');
    expect(result.found).toContain('A zebra crosses.');
    expect(result).toMatchObject({ searchMode: 'mixedRecall', requestedSearchMode: 'embedding' });
    expect(result.notice).toContain('4 of 5 passages are embedded');
    await server.app.store.db.updateTable('datasets').set({ bestEmbeddingWeight: 0.3 }).execute();
    const whole = await search(datasetId, 'crosses', { searchMode: 'mixedRecall', embeddingWeight: 1 });
    expect(whole.notice).toContain('The vectors count 0.3 instead of 1:');
    const list = await post('collection/listV2', { datasetId, pageSize: 10, offset: 0 });
    expect(list.list[0]).toMatchObject({ dataAmount: 5, trainingAmount: 1, hasError: false });
    const training = await server.call(
      'GET',
      `/api/core/dataset/collection/trainingDetail?collectionId=${collectionId}`,
      { key },
    );
    expect(training.json.data).toMatchObject({ trainedCount: 4, queuedCounts: { chunk: 1 } });
    expect(training.json.data.error).toContain('slow down');
  });

  it('embeds all but what the model refuses, and says which that is', async () => {
    upstream.set({
      instead({ response }, texts) {
        if (texts.every((text) => !text.includes('unspeakable'))) return false;
        refuse(response, 400, 'content policy');
        return true;
      },
    });
    const { datasetId, collectionId } = await makeDataset(['A hound barks.', 'The unspeakable.', ...rest]);
    await until(async () => (await jobOf(datasetId))?.state === 'failed');
    expect(await pending(datasetId)).toBe(1);
    const errors = await post('training/getTrainingError', { collectionId, offset: 0, pageSize: 10 });
    expect(errors.list).toMatchObject([{ mode: 'chunk', cause: 'model' }]);
    expect(errors.list[0].errorMsg).toContain('content policy');
    const list = await post('collection/listV2', { datasetId, pageSize: 10, offset: 0 });
    expect(list.list[0]).toMatchObject({ trainingAmount: 0, hasError: true });
    expect((await search(datasetId, 'unspeakable')).found).toContain('The unspeakable.');
    await push(collectionId, ['An automobile.']);
    await until(async () => (await pending(datasetId)) === 1 && (await jobOf(datasetId))?.state === 'failed');
    expect((await search(datasetId, 'car')).found).toContain('An automobile.');
  });
});

describe('a model that changed', () => {
  it('is refused by the dataset when its vectors have another length, and words answer', async () => {
    const { datasetId, collectionId } = await makeDataset(['A hound barks.', ...rest]);
    await embedded(datasetId);
    await until(async () => (await jobOf(datasetId))?.state === 'done');
    upstream.set({ dimensions: 32 });
    await push(collectionId, ['An automobile.']);
    await until(async () => (await jobOf(datasetId))?.state === 'failed');
    expect((await jobOf(datasetId))?.error).toContain('embeddingMismatch');
    expect(new Set((await vectors(datasetId)).map(({ dimensions }) => dimensions))).toEqual(new Set([24]));
    const result = await search(datasetId, 'automobile');
    expect(result).toMatchObject({ searchMode: 'fullTextRecall', requestedSearchMode: 'embedding' });
    expect(result.notice).toContain('32 dimensions');
    expect(result.found).toContain('An automobile.');
  });

  it('leaves a dataset its vectors and its name when it is gone, and each dataset its own model', async () => {
    const first = await makeDataset(['A hound barks.', ...rest]);
    await embedded(first.datasetId);
    await restart({ EMBEDDING_MODEL: 'embed-2' });
    const second = await makeDataset(['A hound howls.', ...rest], 'more animals');
    await embedded(second.datasetId);
    expect(new Set((await vectors(second.datasetId)).map(({ model }) => model))).toEqual(
      new Set(['embed-2']),
    );
    expect((await search(second.datasetId, 'puppy')).found[0]).toBe('A hound howls.');
    const result = await search(first.datasetId, 'hound');
    expect(result).toMatchObject({ searchMode: 'fullTextRecall' });
    expect(result.notice).toContain('embed-1');
    expect(result.found).toEqual(['A hound barks.']);
    const shown = await server.call('GET', `/api/core/dataset/detail?id=${first.datasetId}`, { key });
    expect(shown.json.data.vectorModel.model).toBe('embed-1');
    await push(first.collectionId, ['Another hound.']);
    await restart({});
    await embedded(first.datasetId);
    expect((await search(first.datasetId, 'puppy')).found.slice(0, 2).sort()).toEqual([
      'A hound barks.',
      'Another hound.',
    ]);
  });
});

describe('a model that does not answer', () => {
  it.each(['embedding', 'mixedRecall'])('leaves a search in mode %s to the words', async (searchMode) => {
    const { datasetId } = await makeDataset(['A hound barks.', ...rest]);
    await embedded(datasetId);
    await server.app.store.db.updateTable('datasets').set({ bestEmbeddingWeight: 0.8 }).execute();
    upstream.set({
      instead({ response }) {
        refuse(response, 401, 'no');
        return true;
      },
    });
    const result = await search(datasetId, 'hound', { searchMode });
    expect(result).toMatchObject({ searchMode: 'fullTextRecall', requestedSearchMode: searchMode });
    expect(result.notice).toContain('embed-1');
    expect(result.found).toEqual(['A hound barks.']);
  });
});

describe('a search that waits for models', () => {
  const silent = () => true;

  it('goes on without an embedding model that never answers', async () => {
    const { datasetId } = await makeDataset(['A hound barks.', ...rest]);
    await embedded(datasetId);
    await server.app.store.db.updateTable('datasets').set({ bestEmbeddingWeight: 0 }).execute();
    upstream.set({ instead: silent });
    const result = await impatient(datasetId, {});
    expect(result.quotes.map(({ q }) => q)).toEqual(['A hound barks.']);
    expect(result).toMatchObject({ mode: 'fullTextRecall', requestedMode: 'embedding' });
    // One reason, and no advice about vectors that were not searched.
    expect(result.notice?.en).toBe(
      'The question could not be embedded by embed-1, so keywords were searched instead. The model embed-1 did not answer within 0.2 seconds.',
    );
    expect(result.notice?.zh).toContain('0.2 秒内未响应');
  });

  it('goes on without a rerank model that never answers', async () => {
    await restart({ RERANK_MODEL: 'slow' });
    const { datasetId } = await makeDataset(['A hound barks.', ...rest]);
    await embedded(datasetId);
    upstream.set({ instead: silent });
    const result = await impatient(datasetId, { mode: 'fullTextRecall', usingReRank: true });
    expect(result.quotes.map(({ q }) => q)).toEqual(['A hound barks.']);
    expect(result).toMatchObject({ usingReRank: false });
    expect(result.notice?.en).toBe('The rerank model slow failed and was skipped.');
    expect(upstream.calls.filter(({ path }) => path.endsWith('/rerank'))).toHaveLength(1);
  });

  it('calls none when vectors count nothing in a hybrid', async () => {
    const { datasetId } = await makeDataset(['A hound barks.', ...rest]);
    await embedded(datasetId);
    const result = await search(datasetId, 'hound', { searchMode: 'mixedRecall', embeddingWeight: 0 });
    expect(result).toMatchObject({ searchMode: 'fullTextRecall', embeddingTokens: 0 });
    expect(result.found).toEqual(['A hound barks.']);
    expect(result.notice).toBeUndefined();
    expect(upstream.texts).not.toContain('hound');
  });
});

/** A search of the same server that waits a fifth of a second for a model. */
function impatient(datasetId: string, more: Partial<SearchRequest>) {
  const { store, textIndex, vectorIndex, models, log } = server.app;
  const patience = { embedding: 200, rerank: 200 };
  const request: SearchRequest = {
    teamId: server.root.caller.teamId,
    datasetIds: [datasetId],
    query: 'hound',
    limit: 5000,
    similarity: 0,
    mode: 'embedding',
    embeddingWeight: 0.5,
    usingReRank: false,
    rerankWeight: 0.5,
    ...more,
  };
  return createSearchService({ store, textIndex, vectorIndex, models, log, patience }).search(request, {
    signal: new AbortController().signal,
  });
}

it('says which model put a question in other words when the named one is not there', async () => {
  const { datasetId } = await makeDataset(['A hound barks.']);
  upstream.set({
    instead({ path, response }) {
      if (!path.endsWith('/chat/completions')) return false;
      answerWith(response, '["barking dogs"]');
      return true;
    },
  });
  const extended = await search(datasetId, 'hound', {
    searchMode: 'fullTextRecall',
    datasetSearchUsingExtensionQuery: true,
    datasetSearchExtensionModel: 'nope',
  });
  expect(extended.queryExtensionResult).toMatchObject({ query: 'barking dogs' });
  expect(extended.notice).toBe(
    'The model nope, which should extend the question, is not available: up-1 was used instead.',
  );
});

it('leaves nothing behind when a dataset is deleted for good while it is embedded', async () => {
  const { datasetId } = await makeDataset(['A hound barks.', ...rest]);
  const answer = await server.call('DELETE', `/api/core/dataset/delete?id=${datasetId}`, { key });
  expect(answer.status).toBe(200);
  const body = { ids: [datasetId] };
  const cleared = await server.call('POST', '/api/core/dataset/deleted/clear', { key, body });
  expect(cleared.status).toBe(200);
  await until(async () => {
    const left = await server.app.store.db
      .selectFrom('datasets')
      .select('id')
      .where('id', '=', datasetId)
      .execute();
    return left.length === 0;
  });
  expect(await vectors(datasetId)).toEqual([]);
});
