import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEmbeddings } from '../models/testing/embeddings.ts';
import { type ModelWorld, startModelWorld } from '../testing/model-world.ts';
import { storeWithVectors } from '../testing/test-store.ts';

let world: ModelWorld;
beforeAll(async () => {
  world = await startModelWorld({ ...(await storeWithVectors()) });
}, 60_000);
afterAll(() => world.close());

it('the prices of embedding and rerank models are shown, summed up and charged to the key', async () => {
  const embeddings = await startEmbeddings();
  const origin = new URL(embeddings.url).origin;
  await world.root('POST', '/api/core/ai/trustedOrigin', { origin });
  const ranks = await world.upstream(({ body, response }) => {
    const documents = body.documents as string[];
    const results = documents.map((_, index) => ({ index, relevance_score: 0.9 - index / 100 }));
    response.end(JSON.stringify({ results, usage: { total_tokens: 500 } }));
  });
  const update = '/api/core/ai/model/update';
  await world.root('PUT', update, { model: 'v', type: 'embedding', charsPointsPrice: 1000 });
  await world.root('PUT', update, { model: 'r', type: 'rerank', inputPrice: 4 });
  await world.channel('v', embeddings.url, { models: ['v'] });
  await world.channel('r', ranks.url, { models: ['r'] });
  const key = await world.server.createKey({ name: 'pays' });
  const call = async (method: string, path: string, body?: object) => {
    const answer = await world.server.call(method, path, { key, ...(body && { body }) });
    expect(answer.status, answer.text).toBe(200);
    return answer.json.data ?? answer.json;
  };
  const datasetId = await call('POST', '/api/core/dataset/create', { name: 'priced', vectorModel: 'v' });
  const collectionId = await call('POST', '/api/core/dataset/collection/create', {
    datasetId,
    name: 'c',
    type: 'virtual',
  });
  const data = [{ q: 'A hound barks.' }, { q: 'My car is red.' }];
  await call('POST', '/api/core/dataset/data/pushData', { collectionId, trainingType: 'chunk', data });
  const { db } = world.server.app.store;
  for (let waiting = true; waiting; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const left = db.selectFrom('data').select('id').where('datasetId', '=', datasetId);
    waiting = (await left.where('vectorModel', 'is', null).executeTakeFirst()) !== undefined;
  }
  const shown = await call('GET', `/api/core/dataset/detail?id=${datasetId}`);
  expect(shown.vectorModel).toMatchObject({ model: 'v', charsPointsPrice: 1000 });

  const spent = async () => {
    await world.server.app.keyUsage.flush();
    const row = await db.selectFrom('api_keys').select('usagePoints').where('name', '=', 'pays');
    return Number((await row.executeTakeFirstOrThrow()).usagePoints);
  };
  expect(await spent()).toBe(0);
  const search = { datasetId, text: 'puppy', searchMode: 'embedding', usingReRank: true };
  const { embeddingTokens, usingReRank } = await call('POST', '/api/core/dataset/searchTest', search);
  expect([embeddingTokens > 0, usingReRank]).toEqual([true, true]);
  const points = embeddingTokens + 2;
  expect(await spent()).toBeCloseTo(points, 6);

  const appId = await world.root('POST', '/api/core/app/create', {
    name: 'priced',
    type: 'simple',
    simple: { datasets: [{ datasetId }], search: { usingReRank: true, searchMode: 'embedding' } },
  });
  const appKey = await world.server.createKey({ name: 'of the app', appId });
  const answer = await world.server.call('POST', '/api/v1/chat/completions', {
    key: appKey,
    body: { detail: true, messages: [{ role: 'user', content: 'puppy' }] },
  });
  const node = answer.json.responseData.find(
    ({ moduleType }: { moduleType: string }) => moduleType === 'datasetSearchNode',
  );
  expect(node).toMatchObject({ reRankInputTokens: 500, searchUsingReRank: true });
  expect(node.totalPoints).toBeCloseTo(points, 6);
  await embeddings.close();
});
