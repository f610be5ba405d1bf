import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  answerWith,
  type ReceivedCall,
  refuse,
  startUpstream,
  type Upstream,
} from '../models/testing/upstream.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

let upstream: Upstream;
let server: TestServer;
let key: string;
let answer: (call: ReceivedCall) => void;

const pairs = 'Q1: What is moss?\nA1: A green plant.';

beforeEach(async () => {
  answer = ({ response }) => answerWith(response, pairs);
  upstream = await startUpstream((call) => answer(call));
  server = await startTestServer(
    { OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'k', CHAT_MODEL: 'up-1' },
    { trainOptions: { backoffMs: () => 10 } },
  );
  key = await server.createKey();
});
afterEach(async () => {
  await server.close();
  await upstream.close();
});

async function data(method: string, path: string, body?: object) {
  const got = await server.call(method, `/api/core/${path}`, { key, ...(body && { body }) });
  if (got.status !== 200) throw new Error(`${path}: ${got.text}`);
  return got.json.data;
}
async function importText(): Promise<{ datasetId: string; collectionId: string }> {
  const datasetId: string = await data('POST', 'dataset/create', { name: 'trained', agentModel: 'up-1' });
  const { collectionId } = await data('POST', 'dataset/collection/create/text', {
    datasetId,
    name: 'Moss',
    text: 'Moss is green.',
    trainingType: 'qa',
  });
  return { datasetId, collectionId };
}
/** The one job that trains, as soon as `want` is true of it. */
async function trainJob(want: (job: { state: string; cause: string | null }) => boolean) {
  for (let tries = 0; tries < 400; tries += 1) {
    const { list } = await data('GET', 'jobs');
    const job = list.find(({ kind }: { kind: string }) => kind === 'train');
    if (job && want(job)) return job;
    await pause(50);
  }
  throw new Error('the job that trains did not get there');
}

it('a job whose items failed for good fails, says why, and tries them again when it is retried', async () => {
  answer = ({ response }) => refuse(response, 401, 'Incorrect API key');
  const { collectionId } = await importText();
  const failed = await trainJob(({ state }) => state === 'failed' || state === 'done');
  expect(failed).toMatchObject({
    state: 'failed',
    errorName: 'trainingFailed',
    cause: 'model',
    counts: { trained: 0, failed: 1, pending: 0 },
  });
  expect(failed.error).toContain('Incorrect API key');
  expect(failed.hint).toContain('does not accept the key');

  answer = ({ response }) => answerWith(response, pairs);
  await data('POST', `jobs/${failed._id}/retry`);
  const done = await trainJob(({ state }) => state === 'failed' || state === 'done');
  expect(done).toMatchObject({ state: 'done', error: '', cause: null, counts: { trained: 1, failed: 0 } });
  const detail = await data('GET', `dataset/collection/trainingDetail?collectionId=${collectionId}`);
  expect(detail).toMatchObject({ trainedCount: 1, errorCounts: { qa: 0 } });
});

it('the progress of a collection is done when models are through, and says why they are not', async () => {
  answer = ({ response }) => refuse(response, 429, 'slow down', { 'retry-after': '60' });
  const { collectionId } = await importText();
  await trainJob(({ cause }) => cause === 'limit');
  const detail = await data('GET', `dataset/collection/trainingDetail?collectionId=${collectionId}`);
  expect(detail).toMatchObject({
    trainedCount: 0,
    progress: { state: 'waiting', stage: 'train', percent: 0 },
    cause: 'limit',
  });
  expect(detail.error).toContain('slow down');
  expect(detail.hint).toContain('goes on by itself');
});

it('a job that was cancelled is not begun again by what waited, but by what comes later', async () => {
  answer = ({ response }) => refuse(response, 429, 'slow down', { 'retry-after': '60' });
  const { collectionId } = await importText();
  const held = await trainJob(({ cause }) => cause === 'limit');
  await data('POST', `jobs/${held._id}/cancel`);
  answer = ({ response }) => answerWith(response, pairs);
  await server.app.training.wake();
  await server.app.training.wake();
  expect(await trainJob(() => true)).toMatchObject({ state: 'cancelled' });
  const path = `dataset/collection/trainingDetail?collectionId=${collectionId}`;
  const detail = await data('GET', path);
  expect(detail).toMatchObject({ trainedCount: 0, progress: { state: 'cancelled', stage: 'train' } });
  expect(detail.error).toContain('was cancelled');
  await pause(5);
  await data('POST', 'dataset/data/pushData', { collectionId, trainingType: 'qa', data: [{ q: 'Fern.' }] });
  expect(await trainJob(({ state }) => state === 'done')).toMatchObject({ counts: { trained: 2 } });
});

it('a job is not left failed when the last item that failed is dropped', async () => {
  answer = ({ response }) => refuse(response, 401, 'Incorrect API key');
  const { datasetId, collectionId } = await importText();
  await data('POST', 'dataset/data/pushData', { collectionId, trainingType: 'qa', data: [{ q: 'Fern.' }] });
  const failedItems = async () =>
    (await data('POST', 'dataset/training/getTrainingError', { collectionId })).total;
  await expect.poll(failedItems, { timeout: 10_000 }).toBe(2);
  await trainJob(({ state }) => state === 'failed');
  for (let left = 2; left > 0; left -= 1) {
    const { list } = await data('POST', 'dataset/training/getTrainingError', { collectionId });
    expect(list).toHaveLength(left);
    expect((await trainJob(() => true)).state).toBe('failed');
    const item = { datasetId, collectionId, dataId: list[0]._id };
    await data('DELETE', 'dataset/training/deleteTrainingData', item);
  }
  expect(await trainJob(() => true)).toMatchObject({ state: 'done', error: '', cause: null });
});

/** A document under an id of its caller's, long enough to be cut by a job. */
const parts = (word: string, count: number) =>
  Array.from({ length: count }, (_, n) => `The ${word} number ${n} stands in the water.`).join('§');
const cut = {
  chunkSettingMode: 'custom',
  chunkTriggerType: 'forceChunk',
  chunkSplitMode: 'char',
  chunkSplitter: '§',
};
const put = (datasetId: string, body: object) =>
  data('PUT', 'dataset/collection/items/page', { datasetId, ...cut, ...body });
const importsDone = (datasetId: string) =>
  expect
    .poll(
      async () => {
        const { list } = await data('GET', `jobs?datasetId=${datasetId}&kind=import&pageSize=50`);
        return list.every(({ state }: { state: string }) => ['done', 'cancelled'].includes(state));
      },
      { timeout: 30_000 },
    )
    .toBe(true);
const piecesOf = (collectionId: string) =>
  server.app.store.db
    .selectFrom('training_items')
    .select(['q', 'state'])
    .where('collectionId', '=', collectionId)
    .execute();

it('a document that comes in the background in the place of another has nothing made of the old one', async () => {
  const asked: (() => void)[] = [];
  answer = ({ response }) => void asked.push(() => answerWith(response, pairs));
  const datasetId: string = await data('POST', 'dataset/create', { name: 'replaced', agentModel: 'up-1' });
  const old = { text: 'The old heron.§The old egret.', trainingType: 'qa' };
  const { collectionId } = await put(datasetId, old);
  await expect.poll(() => asked.length, { timeout: 10_000 }).toBeGreaterThan(0);
  await put(datasetId, { text: parts('stork', 1500), trainingType: 'chunk' });
  await importsDone(datasetId);
  for (const release of asked) release();
  await expect.poll(() => piecesOf(collectionId), { timeout: 10_000 }).toEqual([]);
  await trainJob(({ state }) => state === 'done');
  const { list, total } = await data('POST', 'dataset/data/v2/list', { collectionId, pageSize: 30 });
  expect([total, list.every(({ q }: { q: string }) => q.includes('stork'))]).toEqual([1500, true]);
}, 60_000);

it('pieces of an import that was stopped by the next one are dropped before they are given to a model', async () => {
  const seen: string[] = [];
  answer = ({ body, response }) => {
    seen.push(JSON.stringify(body));
    answerWith(response, pairs);
  };
  const datasetId: string = await data('POST', 'dataset/create', { name: 'held', agentModel: 'up-1' });
  const { collectionId } = await put(datasetId, { text: parts('old heron', 4000), trainingType: 'qa' });
  // All of them are held until the last one is cut.
  await expect
    .poll(async () => (await piecesOf(collectionId)).some(({ state }) => state === 'held'), {
      timeout: 30_000,
      interval: 2,
    })
    .toBe(true);
  await put(datasetId, { text: 'The new stork.', trainingType: 'qa' });
  await importsDone(datasetId);
  await expect.poll(() => piecesOf(collectionId), { timeout: 30_000 }).toEqual([]);
  expect(seen.filter((text) => text.includes('old heron'))).toEqual([]);
  expect(seen.filter((text) => text.includes('new stork'))).toHaveLength(1);
}, 60_000);
