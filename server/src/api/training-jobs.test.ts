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
