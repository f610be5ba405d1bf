import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
/** What the model answers; `text` is what it was asked about. */
let answer: (call: ReceivedCall, text: string) => void;

const base = '/api/core/dataset';
const pairs = (about: string) =>
  `Q1: What is said of ${about}?\nA1: All of ${about}.\nQ2: Why ${about}?\nA2: Because.`;
const promptOf = ({ body }: ReceivedCall): string => {
  const content = (body.messages as { content: unknown }[]).at(-1)?.content ?? '';
  return typeof content === 'string' ? content : JSON.stringify(content);
};
const contextOf = (call: ReceivedCall) =>
  [...promptOf(call).matchAll(/<(Context|Passage)>\n([\s\S]*?)\n<\/\1>/g)].at(-1)?.[2]?.trim() ?? '';

beforeEach(async () => {
  answer = ({ response }, text) => answerWith(response, pairs(text));
  upstream = await startUpstream((call) => answer(call, contextOf(call)));
  server = await start({ OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'k', CHAT_MODEL: 'up-1' });
});
afterEach(async () => {
  await server.close();
  await upstream.close();
});

async function start(env: Record<string, string>): Promise<TestServer> {
  const started = await startTestServer(
    { TRASH_DAYS: '0', ...env },
    { trainOptions: { backoffMs: () => 10 } },
  );
  key = await started.createKey();
  return started;
}
async function data(method: string, path: string, body?: object, credential: object = { key }) {
  const got = await server.call(method, path.startsWith('/') ? path : `${base}/${path}`, {
    ...credential,
    ...(body && { body }),
  });
  if (got.status !== 200) throw new Error(`${path}: ${got.text}`);
  return got.json.data;
}
const post = (path: string, body: object) => data('POST', path, body);

async function newCollection(more: object = {}): Promise<{ datasetId: string; collectionId: string }> {
  const datasetId: string = await post('create', { name: 'trained' });
  const collectionId = await post('collection/create', { datasetId, name: 'c', type: 'virtual', ...more });
  return { datasetId, collectionId };
}
const detailOf = (collectionId: string) =>
  data('GET', `collection/trainingDetail?collectionId=${collectionId}`);
/** Waits until nothing of a collection is to come; answers its trainingDetail. */
async function trained(collectionId: string) {
  for (let tries = 0; tries < 600; tries += 1) {
    const detail = await detailOf(collectionId);
    const open = [detail.queuedCounts, detail.trainingCounts].flatMap((counts) => Object.values(counts));
    if (open.every((count) => count === 0)) return detail;
    await pause(50);
  }
  throw new Error('the training did not end');
}
const listOf = async (collectionId: string): Promise<{ q: string; a: string; _id: string }[]> =>
  (await post('data/v2/list', { collectionId, pageSize: 30 })).list;

describe('questions and answers', () => {
  it('are made of a text by the model of the dataset, where the text stood', async () => {
    const datasetId = await post('create', { name: 'qa', agentModel: 'up-1' });
    const body = { datasetId, name: 'Moss', text: '# Moss\n\nMoss is green.', trainingType: 'qa' };
    const { collectionId, results } = await post('collection/create/text', body);
    expect(results.insertLen).toBe(0);
    const detail = await trained(collectionId);
    expect(detail).toMatchObject({ trainingType: 'qa', trainedCount: 2 });
    const about = '# Moss\n\nMoss is green.';
    expect((await listOf(collectionId)).map(({ q, a }) => [q, a])).toEqual([
      [`What is said of ${about}?`, `All of ${about}.`],
      [`Why ${about}?`, 'Because.'],
    ]);
    expect(upstream.calls).toHaveLength(1);
    const found = await post('searchTest', { datasetId, text: 'why moss' });
    expect(found.list[0]).toMatchObject({ sourceName: 'Moss', a: 'Because.' });
  });

  it('are asked for in the words of the collection or of the push', async () => {
    const { collectionId } = await newCollection({ trainingType: 'qa', qaPrompt: 'Ask about colours.' });
    await post('data/pushData', { collectionId, trainingType: 'qa', data: [{ q: 'one' }] });
    await trained(collectionId);
    await post('data/pushData', {
      collectionId,
      mode: 'qa',
      prompt: 'Ask about sounds.',
      data: [{ q: 'two' }],
    });
    await trained(collectionId);
    expect(upstream.calls.map(promptOf).map((prompt) => prompt.split('\n')[0])).toEqual([
      'Ask about colours.',
      'Ask about sounds.',
    ]);
  });

  it('are billed: what the model took is shown, added to the bill and paid by the key', async () => {
    await server.close();
    server = await start({ OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'k', CHAT_MODEL: 'up-1' });
    const { sessionToken } = server.root;
    const model = { model: 'up-1', type: 'llm', inputPrice: 100, outputPrice: 1000 };
    await data('PUT', '/api/core/ai/model/update', { ...model, metadata: model }, { sessionToken });
    const { datasetId, collectionId } = await newCollection();
    const billId = await post('/api/support/wallet/usage/createTrainingUsage', { datasetId, name: 'May' });
    expect(billId).toMatch(/^[0-9a-f]{24}$/);
    const items = [{ q: 'one' }, { q: 'two' }, { q: 'one' }, { q: ' ' }];
    const pushed = await post('data/pushData', { collectionId, trainingType: 'qa', billId, data: items });
    expect(pushed.insertLen).toBe(2);
    expect(pushed.items.map(({ state }: { state: string }) => state)).toEqual([
      'queued',
      'queued',
      'duplicate',
      'empty',
    ]);
    const { usage } = await trained(collectionId);
    expect(usage).toEqual([
      { mode: 'qa', model: 'up-1', calls: 2, inputTokens: 14, outputTokens: 6, points: expect.any(Number) },
    ]);
    expect(usage[0].points).toBeGreaterThan(0);
    const { db } = server.app.store;
    expect(await db.selectFrom('training_usage').select(['billId', 'calls']).execute()).toEqual([
      { billId, calls: 2 },
    ]);
    await server.app.keyUsage.flush();
    const keys = await db.selectFrom('api_keys').select('usagePoints').execute();
    expect(keys.map(({ usagePoints }) => usagePoints)).toEqual([usage[0].points]);
  });

  it('of a long text are made piece by piece, each once', async () => {
    answer = ({ response }, text) => answerWith(response, `Q1: ${text.slice(0, 12)}?\nA1: ${text.length}`);
    const datasetId = await post('create', { name: 'long' });
    const text = Array.from({ length: 40 }, (_, i) => `## Part ${i}\n\n${'word '.repeat(300)}${i}.`).join(
      '\n\n',
    );
    const params = {
      trainingType: 'qa',
      chunkSettingMode: 'custom',
      chunkSize: 400,
      chunkTriggerType: 'forceChunk',
    };
    const { collectionId } = await post('collection/create/text', {
      datasetId,
      name: 'long',
      text,
      ...params,
    });
    expect((await trained(collectionId)).trainedCount).toBe(40);
    expect(upstream.calls).toHaveLength(40);
    expect(new Set(upstream.calls.map(contextOf)).size).toBe(40);
  });
});

describe('indexes by a model', () => {
  const indexes = (about: string) =>
    `{"summary": "A word on ${about}.", "questions": ["Is it ${about}?", "What lives there?"]}`;

  it.each([
    ['autoIndexes', { autoIndexes: true }],
    ['the older type auto', { trainingType: 'auto' }],
  ])('are added to every passage with %s', async (_, params) => {
    answer = ({ response }, text) => answerWith(response, indexes(text.includes('Peat') ? 'bogs' : 'fens'));
    const datasetId = await post('create', { name: 'auto' });
    const body = { datasetId, name: 'Wet', text: 'Peat lies deep.', ...params };
    const { collectionId, results } = await post('collection/create/text', body);
    expect(results.insertLen).toBe(1);
    await post('data/pushData', {
      collectionId,
      data: [{ q: 'Reed grows high.', indexes: [{ text: 'own' }] }],
    });
    expect(await trained(collectionId)).toMatchObject({
      trainedCount: 2,
      advancedTraining: { autoIndexes: true },
    });
    const [, pushed] = await listOf(collectionId);
    const detail = await data('GET', `data/detail?id=${pushed?._id}`);
    expect(detail.indexes.map(({ type, text }: { type: string; text: string }) => [type, text])).toEqual([
      ['default', 'Reed grows high.'],
      ['custom', 'own'],
      ['summary', 'A word on fens.'],
      ['question', 'Is it fens?'],
      ['question', 'What lives there?'],
    ]);
    const found = await post('searchTest', { datasetId, text: 'bogs' });
    expect(found.list.map(({ q }: { q: string }) => q)).toEqual(['Peat lies deep.']);
  });

  it('are asked for again when the passage was changed meanwhile', async () => {
    const { collectionId } = await newCollection({ autoIndexes: true });
    const asked = Promise.withResolvers<void>();
    const changed = Promise.withResolvers<void>();
    answer = ({ response }, text) => {
      asked.resolve();
      void changed.promise.then(() => answerWith(response, indexes(text)));
    };
    const { items } = await post('data/pushData', { collectionId, data: [{ q: 'old' }] });
    await asked.promise;
    await data('PUT', 'data/update', { dataId: items[0].id, q: 'new' });
    changed.resolve();
    await trained(collectionId);
    const { indexes: stored } = await data('GET', `data/detail?id=${items[0].id}`);
    expect(stored.map(({ text }: { text: string }) => text)).toEqual([
      'new',
      'A word on new.',
      'Is it new?',
      'What lives there?',
    ]);
  });
});

describe('pictures', () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const isShown = (call: ReceivedCall) =>
    promptOf(call).includes(`data:image/png;base64,${png.toString('base64')}`);
  const picture = () => new Blob([new Uint8Array(png)], { type: 'image/png' });
  async function vision(): Promise<string> {
    return await post('create', { name: 'pictures', vlmModel: 'up-1' });
  }

  it('of a push and of a file are described by the vision model of the dataset', async () => {
    answer = (call) => answerWith(call.response, isShown(call) ? 'A heron stands in reeds.' : 'nothing');
    const datasetId = await vision();
    const form = new FormData();
    form.append('file', picture(), 'bird.png');
    const { fileId } = await data('POST', '/api/common/file/upload', form);
    const collectionId = await post('collection/create', { datasetId, name: 'c', type: 'virtual' });
    const push = {
      collectionId,
      trainingType: 'imageParse',
      data: [{ imageId: fileId }, { imageId: fileId }, { q: 'x' }],
    };
    const pushed = await post('data/pushData', push);
    expect(pushed.items.map(({ state }: { state: string }) => state)).toEqual([
      'queued',
      'duplicate',
      'empty',
    ]);
    expect(await trained(collectionId)).toMatchObject({ trainedCount: 1, errorCounts: { imageParse: 0 } });
    expect(await listOf(collectionId)).toMatchObject([{ q: 'A heron stands in reeds.', imageId: fileId }]);
    const local = new FormData();
    local.append('data', JSON.stringify({ datasetId, trainingType: 'imageParse' }));
    local.append('file', picture(), 'reeds.png');
    const made = await data('POST', 'collection/create/localFile', local);
    expect((await trained(made.collectionId)).trainedCount).toBe(1);
    expect(await listOf(made.collectionId)).toMatchObject([{ q: 'A heron stands in reeds.' }]);
    expect((await post('searchTest', { datasetId, text: 'heron' })).list).toHaveLength(1);
  });

  it('of a collection of them are found by their names until they are described, and then by what they show', async () => {
    const held = Promise.withResolvers<void>();
    answer = (call) => void held.promise.then(() => answerWith(call.response, 'A heron stands in reeds.'));
    const datasetId = await vision();
    const form = new FormData();
    form.append('data', JSON.stringify({ datasetId, collectionName: 'Birds' }));
    for (const name of ['one.png', 'two.png']) form.append('file', picture(), name);
    const { collectionId, results } = await data('POST', 'collection/create/images', form);
    expect(results.insertLen).toBe(2);
    expect((await listOf(collectionId)).map(({ q }) => q)).toEqual(['one.png', 'two.png']);
    const [, second] = await listOf(collectionId);
    await data('PUT', 'data/update', { dataId: second?._id, q: 'Described by hand.' });
    held.resolve();
    expect((await trained(collectionId)).errorCounts.imageParse).toBe(0);
    // What somebody has written meanwhile stays.
    expect((await listOf(collectionId)).map(({ q }) => q)).toEqual([
      'A heron stands in reeds.',
      'Described by hand.',
    ]);
  });

  it('inside a passage give it more indexes, and what is no picture says so', async () => {
    answer = (call) => answerWith(call.response, isShown(call) ? 'A chart of rain: 12 mm.' : 'nothing');
    const datasetId = await vision();
    const form = new FormData();
    form.append('file', picture(), 'chart.png');
    const { fileId } = await data('POST', '/api/common/file/upload', form);
    const collectionId = await post('collection/create', {
      datasetId,
      name: 'c',
      type: 'virtual',
      imageIndex: true,
    });
    const items = [
      { q: `Weather. ![](picture:${fileId})` },
      { q: 'Without.' },
      { q: `![](picture:${'f'.repeat(24)})` },
    ];
    const { items: pushed } = await post('data/pushData', { collectionId, data: items });
    const detail = await trained(collectionId);
    expect(detail).toMatchObject({
      trainedCount: 3,
      errorCounts: { image: 1 },
      advancedTraining: { imageIndex: true },
    });
    const { indexes } = await data('GET', `data/detail?id=${pushed[0].id}`);
    expect(indexes.at(-1)).toMatchObject({ type: 'image', text: 'A chart of rain: 12 mm.' });
    expect((await post('searchTest', { datasetId, text: 'rain chart' })).list[0].q).toContain('Weather');
    const { list } = await post('training/getTrainingError', { collectionId });
    expect(list[0]).toMatchObject({ mode: 'image', cause: 'file' });
  });

  it('need a model that looks at them, which is said at once', async () => {
    const { datasetId, collectionId } = await newCollection();
    for (const [path, body] of [
      ['collection/create', { datasetId, name: 'x', type: 'virtual', imageIndex: true }],
      ['data/pushData', { collectionId, trainingType: 'imageParse', data: [{ imageId: 'x' }] }],
    ] as const) {
      const got = await server.call('POST', `${base}/${path}`, { key, body });
      expect(got.status, got.text).toBe(400);
      expect(got.json.code).toBe(501010);
      expect(got.json.message).toContain('vlmModel');
    }
  });
});

describe('what goes wrong', { timeout: 60_000 }, () => {
  it('is tried five times, shown with its cause, corrected and tried again', async () => {
    answer = ({ response }, text) =>
      answerWith(response, text.includes('bad') ? 'I would rather not.' : pairs(text));
    const { datasetId, collectionId } = await newCollection();
    await post('data/pushData', {
      collectionId,
      trainingType: 'qa',
      data: [{ q: 'bad' }, { q: 'good', chunkIndex: 7 }],
    });
    const detail = await trained(collectionId);
    expect(detail).toMatchObject({ trainedCount: 2, errorCounts: { qa: 1 } });
    expect(detail.usage[0].calls).toBe(6);
    expect(upstream.calls.filter((call) => contextOf(call) === 'bad')).toHaveLength(5);
    const { list, total } = await post('training/getTrainingError', {
      collectionId,
      pageSize: 10,
      offset: 0,
    });
    expect(total).toBe(1);
    expect(list[0]).toMatchObject({
      mode: 'qa',
      q: 'bad',
      a: '',
      chunkIndex: 0,
      retryCount: 0,
      cause: 'model',
    });
    expect(list[0].errorMsg).toContain('I would rather not.');
    const shown = await post('collection/listV2', { datasetId });
    expect(shown.list[0]).toMatchObject({ hasError: true, trainingAmount: 0 });
    expect((await data('GET', `collection/detail?id=${collectionId}`)).errorCount).toBe(1);
    const item = { datasetId, collectionId, dataId: list[0]._id };
    for (const [method, send] of [
      ['POST', item],
      ['GET', undefined],
    ] as const) {
      const query = send ? '' : `?${new URLSearchParams(item)}`;
      expect(await data(method, `training/getTrainingDataDetail${query}`, send)).toMatchObject({
        _id: list[0]._id,
        datasetId,
        mode: 'qa',
        q: 'bad',
      });
    }
    expect(await data('PUT', 'training/updateTrainingData', { ...item, q: 'better' })).toEqual({});
    expect(await trained(collectionId)).toMatchObject({ trainedCount: 4, errorCounts: { qa: 0 } });
    expect((await listOf(collectionId)).map(({ q }) => q)).toContain('What is said of better?');
  });

  it('is tried again for a whole collection, or dropped', async () => {
    let works = false;
    answer = ({ response }, text) =>
      works && text !== 'c'
        ? answerWith(response, pairs(text))
        : refuse(response, 400, 'the model is out of words');
    const { datasetId, collectionId } = await newCollection();
    const items = [{ q: 'a' }, { q: 'b' }, { q: 'c' }];
    await post('data/pushData', { collectionId, trainingType: 'qa', data: items });
    // A request that the provider refuses is not sent five times.
    expect(await trained(collectionId)).toMatchObject({ errorCounts: { qa: 3 } });
    expect(upstream.calls).toHaveLength(3);
    works = true;
    await post('training/updateTrainingData', { datasetId, collectionId });
    expect(await trained(collectionId)).toMatchObject({ trainedCount: 4, errorCounts: { qa: 1 } });
    const { list } = await post('training/getTrainingError', { collectionId });
    expect(list[0].errorMsg).toContain('out of words');
    await data('DELETE', 'training/deleteTrainingData', { datasetId, collectionId, dataId: list[0]._id });
    expect((await post('training/getTrainingError', { collectionId })).total).toBe(0);
    const again = await server.call('POST', `${base}/training/deleteTrainingData`, {
      key,
      body: { datasetId, collectionId, dataId: list[0]._id },
    });
    expect(again.status).toBe(404);
  });

  it('passes by itself where it is a limit, which costs no try, and a fault of the provider', async () => {
    let number = 0;
    answer = ({ response }, text) => {
      number += 1;
      if (number <= 7) refuse(response, 429, 'slow down', { 'retry-after': '0' });
      else if (number === 8) refuse(response, 500, 'oops');
      else answerWith(response, pairs(text));
    };
    const { collectionId } = await newCollection();
    await post('data/pushData', { collectionId, trainingType: 'qa', data: [{ q: 'patience' }] });
    await expect.poll(async () => (await trained(collectionId)).trainedCount, { timeout: 30_000 }).toBe(2);
    expect((await post('training/getTrainingError', { collectionId })).total).toBe(0);
  }, 40_000);

  it('is said at once where no language model is connected', async () => {
    await server.close();
    server = await start({});
    const { datasetId, collectionId } = await newCollection();
    const text = { datasetId, name: 'x', text: 'words' };
    for (const [path, body, field] of [
      ['collection/create/text', { ...text, trainingType: 'qa' }, 'trainingType'],
      ['collection/create/text', { ...text, autoIndexes: true }, 'autoIndexes'],
      ['collection/create', { datasetId, name: 'x', type: 'virtual', trainingMode: 'auto' }, 'autoIndexes'],
      ['data/pushData', { collectionId, trainingType: 'qa', data: [{ q: 'x' }] }, 'trainingType'],
    ] as const) {
      const got = await server.call('POST', `${base}/${path}`, { key, body });
      expect(got.status, got.text).toBe(400);
      expect(got.json).toMatchObject({ code: 501010, statusText: 'invalidVectorModelOrQAModel' });
      expect(got.json.message).toContain(field);
    }
  });
});

describe('the queue', () => {
  it('counts what is still to come, in every view', async () => {
    const held = Promise.withResolvers<void>();
    answer = ({ response }, text) => void held.promise.then(() => answerWith(response, pairs(text)));
    const { datasetId, collectionId } = await newCollection();
    const items = Array.from({ length: 6 }, (_, i) => ({ q: `text ${i}` }));
    await post('data/pushData', { collectionId, trainingType: 'qa', data: items });
    await expect.poll(async () => (await detailOf(collectionId)).trainingCounts.qa).toBe(1);
    expect((await detailOf(collectionId)).queuedCounts.qa).toBe(5);
    expect(await data('GET', `training/getDatasetTrainingQueue?datasetId=${datasetId}`)).toEqual({
      rebuildingCount: 0,
      trainingCount: 6,
    });
    const { sessionToken } = server.root;
    expect(await data('GET', 'training/getQueueLen', undefined, { sessionToken })).toMatchObject({
      qaTrainingCount: 6,
      autoTrainingCount: 0,
    });
    expect((await post('collection/listV2', { datasetId })).list[0]).toMatchObject({ trainingAmount: 6 });
    held.resolve();
    expect(await data('POST', '/api/common/system/unlockTask', {}, { sessionToken })).toBe(null);
    expect((await trained(collectionId)).trainedCount).toBe(12);
    expect(await data('GET', `training/getDatasetTrainingQueue?datasetId=${datasetId}`)).toMatchObject({
      trainingCount: 0,
    });
  });

  it('drops what is left of a document that was replaced', async () => {
    answer = () => undefined;
    const datasetId = await post('create', { name: 'replaced' });
    const put = (body: object) => data('PUT', 'collection/items/page', { datasetId, ...body });
    const { collectionId } = await put({ text: 'The heron is old.', trainingType: 'qa' });
    const path = `collection/trainingDetail?collectionId=${collectionId}`;
    const waiting = async () =>
      await data('GET', path).then((now) => now.queuedCounts.qa + now.trainingCounts.qa);
    for (let i = 0; i < 400 && (await waiting()) === 0; i++) await pause(25);
    expect(await waiting()).toBe(1);
    await put({ text: 'The heron is new.' });
    expect(await waiting()).toBe(0);
    expect(await listOf(collectionId)).toMatchObject([{ q: 'The heron is new.' }]);
  });

  it('is emptied with the collection, and with the dataset', async () => {
    const held = Promise.withResolvers<void>();
    answer = ({ response }, text) => void held.promise.then(() => answerWith(response, pairs(text)));
    const { db } = server.app.store;
    const left = () => db.selectFrom('training_items').select('id').execute();
    for (const of of ['collection', 'dataset'] as const) {
      const made = await newCollection();
      await post('data/pushData', {
        collectionId: made.collectionId,
        trainingType: 'qa',
        data: [{ q: 'a' }, { q: 'b' }],
      });
      await data('DELETE', `${of === 'dataset' ? '' : 'collection/'}delete?id=${made[`${of}Id`]}`);
      held.resolve();
      await expect.poll(left, { timeout: 10_000 }).toEqual([]);
      expect(await db.selectFrom('data').select('id').execute()).toEqual([]);
    }
  });
});
