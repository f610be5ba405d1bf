import { rm } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { createLogger } from '../../kernel/logger.ts';
import { type EmbeddingUpstream, startEmbeddings } from '../../models/testing/embeddings.ts';
import { openSqliteStore } from '../../store/sqlite/open.ts';
import { startTestServer } from '../../testing/server.ts';
import { type ServerProcess, startedProcess } from '../../testing/server-process.ts';

const amount = 1000;
/** Items in one call of the model. */
const batch = 64;
const path = '/api/core/dataset/training/rebuildEmbedding';

const opened: EmbeddingUpstream[] = [];
const processes: ServerProcess[] = [];
let dataDir = '';
afterEach(async () => {
  await Promise.all(processes.splice(0).map((one) => one.kill()));
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await rm(dataDir, { recursive: true, force: true });
});

async function upstreamOf(dimensions: number): Promise<EmbeddingUpstream> {
  const upstream = await startEmbeddings(dimensions);
  opened.push(upstream);
  return upstream;
}

async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 6000; tries += 1) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('it did not happen');
}

/** A directory with a dataset whose second index is begun and has nothing yet. */
async function prepare(first: EmbeddingUpstream, second: EmbeddingUpstream) {
  const env = {
    OPENAI_BASE_URL: first.url,
    OPENAI_API_KEY: 'k',
    CHAT_MODEL: 'up-1',
    EMBEDDING_MODEL: 'embed-1',
    DATABASE_URL: '',
  };
  const server = await startTestServer(env);
  dataDir = server.dataDir;
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
  const key = await server.createKey();
  // It answers nothing until the first server is stopped.
  second.set({ instead: () => true });
  await send('POST', path, { datasetId, vectorModel: 'embed-2' });
  await server.stop();
  second.set({ instead: undefined });
  return { env, key, datasetId };
}

it('goes on when the server is killed in the middle, again and again, and answers all the time', async () => {
  const first = await upstreamOf(8);
  const second = await upstreamOf(12);
  const { env, key, datasetId } = await prepare(first, second);
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const start = async () => {
    const started = await startedProcess(dataDir, env);
    processes.push(started);
    return started;
  };
  const search = async ({ url }: ServerProcess) => {
    const body = JSON.stringify({ datasetId, text: 'puppy', searchMode: 'embedding' });
    const answer = await fetch(`${url}/api/core/dataset/searchTest`, { method: 'POST', headers, body });
    const { data } = (await answer.json()) as { data: { list: { q: string }[]; embeddingModel: string } };
    return { first: data.list[0]?.q, model: data.embeddingModel };
  };
  const kills = [2, 8, 16];
  for (const batches of kills) {
    const server = await start();
    expect(await search(server)).toEqual({ first: 'A hound barks.', model: 'embed-1' });
    await until(() => second.texts.length >= batches * batch);
    await server.kill();
  }
  const last = await start();
  const stateOf = async () => {
    const answer = await fetch(`${last.url}${path}?datasetId=${datasetId}`, { headers });
    return ((await answer.json()) as { data: { rebuild: { state: string } } }).data.rebuild.state;
  };
  await until(async () => (await stateOf()) === 'switched');
  expect(await search(last)).toEqual({ first: 'A hound barks.', model: 'embed-2' });
  // What was written before a kill was not made again: 2 texts an item, and what was on its way at each kill.
  const texts = second.texts.filter((text) => text !== 'puppy').length;
  expect(texts).toBeLessThanOrEqual(2 * amount + 1 + kills.length * 4 * batch + 200);

  const log = createLogger('silent');
  const marked = async () => {
    const store = await openSqliteStore({ dataDir, log, role: 'cli' });
    try {
      const models = await store.db.selectFrom('data').select('vectorModel').distinct().execute();
      return models.map(({ vectorModel }) => vectorModel).join();
    } finally {
      await store.close();
    }
  };
  await until(async () => (await marked()) === 'embed-2');
  await last.stop();
  const store = await openSqliteStore({ dataDir, log });
  try {
    const rows = await store.db.selectFrom('vectors').select(['dataId', 'part', 'model']).execute();
    for (const model of ['embed-1', 'embed-2']) {
      const own = rows.filter((row) => row.model === model).map(({ dataId, part }) => `${dataId} ${part}`);
      expect(own).toHaveLength(2 * amount + 1);
      expect(new Set(own).size).toBe(own.length);
    }
  } finally {
    await store.close();
  }
}, 120_000);
