import { describe, expect, it } from 'vitest';
import { refuse } from '../models/testing/upstream.ts';
import {
  jobOf,
  key,
  makeDataset,
  pending,
  post,
  push,
  rest,
  server,
  until,
  upstream,
} from './test-embedding-world.ts';

const bad = ['The unspeakable.', 'Also unspeakable.'];

/** Refuses every request with something unspeakable in it. */
function beStrict(): void {
  upstream.set({
    instead({ response }, texts) {
      const offending = texts.find((text) => text.includes('nspeakable'));
      if (offending === undefined) return false;
      refuse(response, 400, `content policy: ${offending.includes('Also') ? 'second' : 'first'}`);
      return true;
    },
  });
}
async function makeRefused() {
  beStrict();
  const made = await makeDataset(['A hound barks.', ...rest]);
  const ids = [...(await push(made.collectionId, [bad[0] ?? ''], { a: 'An answer.', chunkIndex: 5 }))];
  ids.push(...(await push(made.collectionId, [bad[1] ?? ''], { chunkIndex: 6 })));
  // The state last: it may be that of the run before, as long as the second is not refused.
  await until(
    async () => (await errors(made)).total === 2 && (await jobOf(made.datasetId))?.state === 'failed',
  );
  return { ...made, ids };
}
const errors = ({ collectionId }: { collectionId: string }, page: object = {}) =>
  post('training/getTrainingError', { collectionId, offset: 0, pageSize: 10, ...page });
async function send(method: string, path: string, body: object) {
  const answer = await server.call(method, `/api/core/dataset/${path}`, { key, body });
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}
const job = async (datasetId: string) => {
  const { list } = (await server.call('GET', `/api/core/jobs?datasetId=${datasetId}&kind=embed`, { key }))
    .json.data;
  return list[0];
};
const detail = async (collectionId: string) =>
  (
    await server.call('GET', `/api/core/dataset/collection/trainingDetail?collectionId=${collectionId}`, {
      key,
    })
  ).json.data;

describe('items that the embedding model refuses', () => {
  it('are listed one by one, with what the provider said of each', async () => {
    const made = await makeRefused();
    const { list, total } = await errors(made);
    expect(total).toBe(2);
    expect(list).toMatchObject([
      {
        _id: made.ids[0],
        q: bad[0],
        a: 'An answer.',
        chunkIndex: 5,
        mode: 'chunk',
        cause: 'model',
        retryCount: 0,
      },
      { _id: made.ids[1], q: bad[1], a: '', chunkIndex: 6, mode: 'chunk', cause: 'model', retryCount: 0 },
    ]);
    expect(list[0].errorMsg).toContain('content policy: first');
    expect(list[1].errorMsg).toContain('content policy: second');
    expect((await errors(made, { offset: 1, pageSize: 1 })).list).toMatchObject([{ _id: made.ids[1] }]);
    expect(await detail(made.collectionId)).toMatchObject({
      trainedCount: 4,
      errorCounts: { chunk: 2 },
      queuedCounts: { chunk: 0 },
    });
    expect((await post('collection/listV2', { datasetId: made.datasetId })).list[0]).toMatchObject({
      hasError: true,
      trainingAmount: 0,
    });
    const failed = await post('collection/listV2', { datasetId: made.datasetId, state: 'failed' });
    expect(failed.list).toMatchObject([{ _id: made.collectionId, hasError: true }]);
    const importing = await post('collection/listV2', { datasetId: made.datasetId, state: 'importing' });
    expect(importing.list).toEqual([]);
    expect((await job(made.datasetId)).counts).toMatchObject({ refused: 2, pending: 2 });
  });

  it('are corrected, which has them embedded', async () => {
    const made = await makeRefused();
    const { datasetId, collectionId, ids } = made;
    const item = { datasetId, collectionId, dataId: ids[0] };
    expect(await send('POST', 'training/getTrainingDataDetail', item)).toMatchObject({
      _id: ids[0],
      mode: 'chunk',
      q: bad[0],
      a: 'An answer.',
      chunkIndex: 5,
    });
    await send('PUT', 'training/updateTrainingData', { ...item, q: 'What can be said.', chunkIndex: 9 });
    await until(async () => (await pending(datasetId)) === 1);
    const stored = await server.call('GET', `/api/core/dataset/data/detail?id=${ids[0]}`, { key });
    expect(stored.json.data).toMatchObject({ q: 'What can be said.', a: 'An answer.', chunkIndex: 9 });
    expect((await errors(made)).list).toMatchObject([{ _id: ids[1] }]);
  });

  it('are tried again together when somebody asks for it', async () => {
    const made = await makeRefused();
    upstream.set({ instead: () => false });
    await send('PUT', 'training/updateTrainingData', {
      datasetId: made.datasetId,
      collectionId: made.collectionId,
    });
    await until(async () => (await pending(made.datasetId)) === 0);
    expect((await errors(made)).total).toBe(0);
  });

  it('are not asked for again, however often others are embedded, until somebody asks for it', async () => {
    const made = await makeRefused();
    const asked: string[] = [];
    upstream.set({
      instead: (_, texts) => {
        asked.push(...texts);
        return false;
      },
    });
    await push(made.collectionId, ['A bell rings.']);
    await until(async () => (await pending(made.datasetId)) === 2);
    await until(async () => (await jobOf(made.datasetId))?.state === 'failed');
    const failed = await job(made.datasetId);
    expect(failed.error).toContain('content policy');
    expect(failed.counts).toMatchObject({ refused: 2, pending: 2 });
    expect(asked.join()).toContain('A bell rings.');
    expect(asked.join()).not.toContain('nspeakable');
    expect((await errors(made)).total).toBe(2);
    await server.call('POST', `/api/core/jobs/${failed._id}/retry`, { key });
    await until(async () => (await pending(made.datasetId)) === 0);
    expect(asked.join()).toContain('unspeakable');
  });

  it('are asked for again when their text or the models change', async () => {
    const made = await makeRefused();
    upstream.set({ instead: () => false });
    const body = { dataId: made.ids[0], q: 'What can be said.' };
    await send('PUT', 'data/update', body);
    await until(async () => (await pending(made.datasetId)) === 1);
    await until(async () => (await jobOf(made.datasetId))?.state === 'failed');
    const { sessionToken } = server.root;
    const change = { model: 'embed-1', type: 'embedding', name: 'Mended' };
    const answer = await server.call('PUT', '/api/core/ai/model/update', { sessionToken, body: change });
    expect(answer.status, answer.text).toBe(200);
    await until(async () => (await pending(made.datasetId)) === 0);
  });

  it('can be given up one by one; with the last of them nothing has failed any more', async () => {
    const made = await makeRefused();
    const { datasetId, collectionId, ids } = made;
    for (const [left, dataId] of [...ids.entries()].reverse()) {
      await send('DELETE', 'training/deleteTrainingData', { datasetId, collectionId, dataId });
      expect((await errors(made)).total).toBe(left);
    }
    expect(await jobOf(datasetId)).toMatchObject({ state: 'done', error: null, cause: null });
    const found = await post('searchTest', { datasetId, text: 'unspeakable', searchMode: 'fullTextRecall' });
    expect(found.list).toHaveLength(2);
    expect(await detail(collectionId)).toMatchObject({
      errorCounts: { chunk: 0 },
      queuedCounts: { chunk: 0 },
    });
  });

  it('are forgotten with the data, and with their collection', async () => {
    const made = await makeRefused();
    const other = await makeDataset(['Nobody calls this unspeakable.'], 'others');
    await until(
      async () => (await errors(other)).total === 1 && (await jobOf(other.datasetId))?.state === 'failed',
    );
    for (const id of made.ids) {
      const gone = await server.call('DELETE', `/api/core/dataset/data/delete?id=${id}`, { key });
      expect(gone.status).toBe(200);
    }
    expect((await errors(made)).total).toBe(0);
    expect((await jobOf(made.datasetId))?.state).toBe('done');
    const query = `collection/delete?id=${other.collectionId}`;
    expect((await server.call('DELETE', `/api/core/dataset/${query}`, { key })).status).toBe(200);
    await until(async () => (await jobOf(other.datasetId))?.state === 'done');
    const left = await server.app.store.db.selectFrom('embedding_refusals').selectAll().execute();
    expect(left).toEqual([]);
  });

  it('of another team are not found', async () => {
    const { datasetId, collectionId, ids } = await makeRefused();
    const stranger = await server.createTeam('others');
    for (const path of ['training/getTrainingDataDetail', 'training/deleteTrainingData']) {
      const answer = await server.call('POST', `/api/core/dataset/${path}`, {
        ...stranger,
        body: { datasetId, collectionId, dataId: ids[0] },
      });
      expect(answer.status).toBe(404);
    }
  });
});

it('a model that refuses everything is given up soon, and its items are embedded once it is mended', async () => {
  let requests = 0;
  upstream.set({
    instead({ response }) {
      requests += 1;
      refuse(response, 400, 'no such encoding');
      return true;
    },
  });
  const { datasetId, collectionId } = await makeDataset(Array.from({ length: 200 }, (_, n) => `text ${n}`));
  await until(async () => (await jobOf(datasetId))?.state === 'failed');
  const failed = await job(datasetId);
  expect(failed).toMatchObject({ cause: 'model', error: expect.stringContaining('even a single word') });
  expect(failed.error).toContain('no such encoding');
  expect(requests).toBeLessThan(150);
  const { list, total } = await errors({ collectionId });
  expect([total, list[0].errorMsg]).toEqual([1, failed.error]);
  const rows = await post('collection/listV2', { datasetId, state: 'failed' });
  expect(rows.list).toMatchObject([{ _id: collectionId, hasError: true }]);
  upstream.set({ instead: () => false });
  await server.call('POST', `/api/core/jobs/${failed._id}/retry`, { key });
  await until(async () => (await pending(datasetId)) === 0);
});

it('a model that refuses many items in a row goes on with the others', async () => {
  beStrict();
  const texts = Array.from({ length: 35 }, (_, n) => `The unspeakable ${n}.`);
  const { datasetId, collectionId } = await makeDataset([...texts, ...rest]);
  await until(
    async () => (await jobOf(datasetId))?.state === 'failed' && (await errors({ collectionId })).total === 35,
  );
  expect(await pending(datasetId)).toBe(35);
});

it('embedding counts on after it was held back', async () => {
  let limits = 1;
  upstream.set({
    instead({ response }, texts) {
      if (limits === 0 || !texts.some((text) => text.includes('99'))) return false;
      limits -= 1;
      refuse(response, 429, 'slow down', { 'retry-after': '3' });
      return true;
    },
  });
  const { datasetId } = await makeDataset(Array.from({ length: 100 }, (_, n) => `text ${n}`));
  await until(async () => (await jobOf(datasetId))?.cause === 'limit');
  expect((await job(datasetId)).counts).toEqual({ total: 100, embedded: 64, pending: 36, refused: 0 });
  await until(async () => (await jobOf(datasetId))?.state === 'done');
  expect((await job(datasetId)).counts).toEqual({ total: 100, embedded: 100, pending: 0, refused: 0 });
});

it('a cancelled embedding says in the detail of its collection that nobody goes on', async () => {
  upstream.set({ instead: () => true });
  const { datasetId, collectionId } = await makeDataset(['never embedded']);
  await until(async () => (await jobOf(datasetId))?.state === 'running');
  const { _id } = await job(datasetId);
  expect((await server.call('POST', `/api/core/jobs/${_id}/cancel`, { key })).status).toBe(200);
  const shown = await detail(collectionId);
  expect(shown).toMatchObject({
    trainedCount: 0,
    errorCounts: { chunk: 1 },
    queuedCounts: { chunk: 0 },
    trainingCounts: { chunk: 0 },
    progress: { state: 'cancelled', stage: 'embed' },
  });
  expect(shown.error).toContain(`POST /api/core/jobs/${_id}/retry`);
});
