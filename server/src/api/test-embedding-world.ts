import { afterEach, beforeEach } from 'vitest';
import { type EmbeddingUpstream, startEmbeddings } from '../models/testing/embeddings.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';
import { storeWithVectors } from '../testing/test-store.ts';

/*
 * For each test of a file that imports this: a server whose embedding model is a real one that answers on loopback.
 */

/** The model; it can be made to behave otherwise. */
export let upstream: EmbeddingUpstream;
export let server: TestServer;
export let key: string;

beforeEach(async () => {
  upstream = await startEmbeddings();
  server = await start();
});
afterEach(async () => {
  await server.close();
  await upstream.close();
});

async function start(env: Record<string, string> = {}): Promise<TestServer> {
  const started = await startTestServer({
    OPENAI_BASE_URL: upstream.url,
    OPENAI_API_KEY: 'k',
    CHAT_MODEL: 'up-1',
    EMBEDDING_MODEL: 'embed-1',
    ...(await storeWithVectors()),
    ...env,
  });
  key = await started.createKey();
  return started;
}

/** A new server, with an empty store, in the place of the first. */
export async function startAnew(env: Record<string, string>): Promise<void> {
  await server.close();
  server = await start(env);
}

/** Starts the server again on what the last one left. */
export async function restart(env: Record<string, string>): Promise<void> {
  const { dataDir, app } = server;
  const { databaseUrl } = app.config;
  await server.stop();
  server = await start({ ...env, DATA_DIR: dataDir, ...(databaseUrl && { DATABASE_URL: databaseUrl }) });
}

export async function post(path: string, body: object, as = key) {
  const answer = await server.call('POST', `/api/core/dataset/${path}`, { key: as, body });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`);
  return answer.json.data;
}

export async function makeDataset(
  texts: string[],
  name = 'animals',
): Promise<{ datasetId: string; collectionId: string }> {
  const datasetId = await post('create', { name });
  const collectionId = await post('collection/create', { datasetId, name: 'c', type: 'virtual' });
  if (texts.length > 0) await push(collectionId, texts);
  return { datasetId, collectionId };
}

export async function push(collectionId: string, texts: string[], more: object = {}): Promise<string[]> {
  const data = texts.map((q) => ({ q, ...more }));
  const { items } = await post('data/pushData', { collectionId, trainingType: 'chunk', data });
  return items.map(({ id }: { id: string }) => id);
}

export async function search(datasetId: string, text: string, more: object = {}) {
  const answer = await post('searchTest', { datasetId, text, searchMode: 'embedding', ...more });
  return { ...answer, found: answer.list.map(({ q }: { q: string }) => q) };
}

/** The same for somebody who reads Chinese. */
export async function searchInChinese(datasetId: string, text: string, more: object = {}) {
  const answer = await server.call('POST', '/api/core/dataset/searchTest', {
    ...{ key, headers: { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' } },
    body: { datasetId, text, searchMode: 'embedding', ...more },
  });
  return answer.json.data;
}

/** Waits for something that the server does in the background. */
export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not happen');
}

export const pending = async (datasetId: string) =>
  Number(
    (
      await server.app.store.db
        .selectFrom('data')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .where('datasetId', '=', datasetId)
        .where('vectorModel', 'is', null)
        .executeTakeFirstOrThrow()
    ).n,
  );
export const vectors = (datasetId: string) =>
  server.app.store.db
    .selectFrom('vectors')
    .select(['dataId', 'part', 'model', 'dimensions'])
    .where('datasetId', '=', datasetId)
    .orderBy('seq')
    .execute();
export const embedded = (datasetId: string) => until(async () => (await pending(datasetId)) === 0);
export const jobOf = (datasetId: string) =>
  server.app.store.db
    .selectFrom('jobs')
    .selectAll()
    .where('kind', '=', 'embed')
    .where('datasetId', '=', datasetId)
    .executeTakeFirst();
export const rest = ['My car is red.', 'The wage is paid monthly.', 'Vacation lasts thirty days.'];
