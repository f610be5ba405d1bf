import { afterEach, expect, it } from 'vitest';
import { type EmbeddingUpstream, startEmbeddings } from '../../models/testing/embeddings.ts';
import { type CrashingServer, crashingServer } from '../../testing/crashing-server.ts';
import { startTestServer } from '../../testing/server.ts';
import { storeWithVectors } from '../../testing/test-store.ts';

const amount = 1000;
/** Items in one call of the model. */
const batch = 64;
const path = '/dataset/training/rebuildEmbedding';

const opened: EmbeddingUpstream[] = [];
let crashing: CrashingServer | undefined;
afterEach(async () => {
  await crashing?.close();
  await Promise.all(opened.splice(0).map((one) => one.close()));
});

async function upstreamOf(dimensions: number): Promise<EmbeddingUpstream> {
  const upstream = await startEmbeddings(dimensions);
  opened.push(upstream);
  return upstream;
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 20_000; tries += 1) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('it did not happen');
}

/** A server with a dataset whose second index is begun and has nothing yet. */
async function prepare(first: EmbeddingUpstream, second: EmbeddingUpstream) {
  const env = {
    OPENAI_BASE_URL: first.url,
    OPENAI_API_KEY: 'k',
    CHAT_MODEL: 'up-1',
    EMBEDDING_MODEL: 'embed-1',
  };
  const server = await startTestServer({ ...env, ...(await storeWithVectors()) });
  const { sessionToken } = server.root;
  const send = async (method: string, route: string, body: object) => {
    const answer = await server.call(method, route, { sessionToken, body });
    if (answer.status !== 200) throw new Error(`${route}: ${answer.text}`);
    return answer.json.data;
  };
  await send('POST', '/api/core/ai/trustedOrigin', { origin: new URL(second.url).origin });
  const requestUrl = `${second.url}/embeddings`;
  await send('PUT', '/api/core/ai/model/update', { model: 'embed-2', type: 'embedding', requestUrl });
  const datasetId: string = await send('POST', '/api/core/dataset/create', { name: 'd' });
  const collection = { datasetId, name: 'c', type: 'virtual' };
  const collectionId: string = await send('POST', '/api/core/dataset/collection/create', collection);
  for (let from = 0; from < amount; from += 200) {
    const data = Array.from({ length: 200 }, (_, i) => ({ q: `Item ${from + i} of many.`, a: 'An answer.' }));
    await send('POST', '/api/core/dataset/data/pushData', { collectionId, data });
  }
  await send('POST', '/api/core/dataset/data/pushData', { collectionId, data: [{ q: 'A hound barks.' }] });
  const { db } = server.app.store;
  const waits = () => db.selectFrom('data').select('id').where('vectorModel', 'is', null).executeTakeFirst();
  await until(async () => (await waits()) === undefined);
  // It answers nothing until the first server is stopped.
  second.set({ instead: () => true });
  await send('POST', `/api/core${path}`, { datasetId, vectorModel: 'embed-2' });
  crashing = await crashingServer(server, env);
  second.set({ instead: undefined });
  return { crashing, datasetId };
}

it('goes on when the server is killed in the middle, again and again, and answers all the time', async () => {
  const first = await upstreamOf(8);
  const second = await upstreamOf(12);
  const { crashing: server, datasetId } = await prepare(first, second);
  const search = async () => {
    const body = { datasetId, text: 'puppy', searchMode: 'embedding' };
    const { data } = await server.call('POST', '/dataset/searchTest', body);
    const { list, embeddingModel } = data as { list: { q: string }[]; embeddingModel: string };
    return { first: list[0]?.q, model: embeddingModel };
  };
  const kills = [2, 8, 16];
  await server.start();
  for (const batches of kills) {
    expect(await search()).toEqual({ first: 'A hound barks.', model: 'embed-1' });
    await until(() => second.texts.length >= batches * batch);
    await server.crash();
  }
  const stateOf = async () => {
    const { data } = await server.call('GET', `${path}?datasetId=${datasetId}`);
    return (data as { rebuild: { state: string } }).rebuild.state;
  };
  await until(async () => (await stateOf()) === 'switched');
  expect(await search()).toEqual({ first: 'A hound barks.', model: 'embed-2' });
  // What was written before a kill was not made again: 2 texts an item, and what was on its way at each kill.
  const texts = second.texts.filter((text) => text !== 'puppy').length;
  expect(texts).toBeLessThanOrEqual(2 * amount + 1 + kills.length * 4 * batch + 200);

  await until(async () => {
    const models = await server.look((db) =>
      db.selectFrom('data').select('vectorModel').distinct().execute(),
    );
    return models.map(({ vectorModel }) => vectorModel).join() === 'embed-2';
  });
  const rows = await server.look((db) =>
    db.selectFrom('vectors').select(['dataId', 'part', 'model']).execute(),
  );
  for (const model of ['embed-1', 'embed-2']) {
    const own = rows.filter((row) => row.model === model).map(({ dataId, part }) => `${dataId} ${part}`);
    expect(own).toHaveLength(2 * amount + 1);
    expect(new Set(own).size).toBe(own.length);
  }
}, 400_000);
