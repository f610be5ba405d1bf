import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { checkIndex } from '../domain/index-check/check-index.ts';
import { endKept } from '../jobs/rebuild/keep-up.ts';
import { type EmbeddingUpstream, startEmbeddings } from '../models/testing/embeddings.ts';
import {
  embedded,
  key,
  makeDataset,
  pending,
  post,
  push,
  rest,
  search,
  server,
  until,
  upstream,
  vectors,
} from './test-embedding-world.ts';

const path = '/api/core/dataset/training/rebuildEmbedding';
const animals = ['A hound barks.', ...rest];

/** The second model: its vectors are longer. */
let second: EmbeddingUpstream | undefined;
afterEach(async () => {
  await second?.close();
  second = undefined;
});

async function secondModel(): Promise<EmbeddingUpstream> {
  const upstream = await startEmbeddings(32);
  second = upstream;
  const { sessionToken } = server.root;
  const send = async (method: string, route: string, body: object) => {
    const answer = await server.call(method, route, { sessionToken, body });
    if (answer.status !== 200) throw new Error(answer.text);
  };
  await send('POST', '/api/core/ai/trustedOrigin', { origin: new URL(upstream.url).origin });
  await send('PUT', '/api/core/ai/model/update', {
    model: 'embed-2',
    type: 'embedding',
    requestUrl: `${upstream.url}/embeddings`,
  });
  return upstream;
}

const start = (datasetId: string, more: object = {}) =>
  server.call('POST', path, { key, body: { datasetId, vectorModel: 'embed-2', ...more } });
const act = (datasetId: string, action: string) =>
  server.call('PUT', path, { key, body: { datasetId, action } });
const status = async (datasetId: string) =>
  (await server.call('GET', `${path}?datasetId=${datasetId}`, { key })).json.data.rebuild;
const reaches = (datasetId: string, state: string) =>
  until(async () => (await status(datasetId))?.state === state);
const modelOf = async (datasetId: string) =>
  (await server.call('GET', `/api/core/dataset/detail?id=${datasetId}`, { key })).json.data.vectorModel.model;
const modelsIn = async (datasetId: string) => [
  ...new Set((await vectors(datasetId)).map(({ model }) => model)),
];
const problems = async () =>
  (await checkIndex(server.app, { repair: false, progress() {} })).problems.map(({ what }) => what.en);

/** Lets the job that waits for what else is written run now, and end. */
async function follows(datasetId: string): Promise<void> {
  const { db } = server.app.store;
  const jobs = () =>
    db.selectFrom('jobs').selectAll().where('datasetId', '=', datasetId).where('payload', 'like', '%follow%');
  await until(async () => (await jobs().execute()).length === 1);
  const [job] = await jobs().execute();
  expect(Number(job?.runTime)).toBeGreaterThan(Date.now());
  await db
    .updateTable('jobs')
    .set({ runTime: Date.now() })
    .where('id', '=', job?.id ?? '')
    .execute();
  server.app.jobs.wake();
  await until(async () => (await jobs().execute())[0]?.state === 'done');
}

async function filled(texts = animals) {
  const made = await makeDataset([]);
  const ids = await push(made.collectionId, texts);
  await embedded(made.datasetId);
  return { ...made, ids };
}

describe('another embedding model', () => {
  it('is built beside the first, takes over at once, and can be rolled back', async () => {
    const { datasetId } = await filled();
    await secondModel();
    const started = await start(datasetId);
    expect(started.status, started.text).toBe(200);
    expect(started.json.data.rebuild).toMatchObject({ vectorModel: 'embed-2', previousModel: 'embed-1' });
    await reaches(datasetId, 'switched');
    expect(await modelOf(datasetId)).toBe('embed-2');
    const found = await search(datasetId, 'puppy');
    expect(found).toMatchObject({ searchMode: 'embedding', embeddingModel: 'embed-2' });
    expect(found.found[0]).toBe('A hound barks.');
    expect((await modelsIn(datasetId)).toSorted()).toEqual(['embed-1', 'embed-2']);
    await until(async () => (await problems()).length === 0);
    expect((await act(datasetId, 'rollback')).status).toBe(200);
    expect(await search(datasetId, 'puppy')).toMatchObject({ embeddingModel: 'embed-1' });
    await until(async () => (await modelsIn(datasetId)).join() === 'embed-1');
    expect((await status(datasetId)).state).toBe('rolledBack');
    await until(async () => (await problems()).length === 0);
    expect((await act(datasetId, 'rollback')).status).toBe(409);
  });

  it('answers every search with one index or the other, never with both', async () => {
    const many = Array.from({ length: 150 }, (_, i) => `Note number ${i} about a car.`);
    const { datasetId } = await filled(['A hound barks.', ...many]);
    await secondModel();
    const seen = new Set<string>();
    let over = false;
    const asking = (async () => {
      while (!over) {
        const { embeddingModel, searchMode, found } = await search(datasetId, 'puppy');
        expect(searchMode).toBe('embedding');
        expect(found[0]).toBe('A hound barks.');
        seen.add(embeddingModel);
      }
    })();
    await start(datasetId);
    await reaches(datasetId, 'switched');
    await until(async () => seen.has('embed-2'));
    over = true;
    await asking;
    expect([...seen]).toEqual(['embed-1', 'embed-2']);
  });

  it('gets what is written, changed and deleted meanwhile, as the first does', async () => {
    const { datasetId, collectionId, ids } = await filled();
    await secondModel();
    await start(datasetId, { switchWhen: 'asked' });
    await reaches(datasetId, 'ready');
    expect(await modelOf(datasetId)).toBe('embed-1');
    await push(collectionId, ['A wage for the dog.']);
    await server.call('PUT', '/api/core/dataset/data/update', {
      key,
      body: { dataId: ids[1], q: 'My automobile is blue.' },
    });
    await server.call('DELETE', `/api/core/dataset/data/delete?id=${ids[0]}`, { key });
    const inBoth = async () => {
      const rows = await vectors(datasetId);
      const of = (model: string) => rows.filter((row) => row.model === model).map(({ dataId }) => dataId);
      return (
        of('embed-1').toSorted().join() === of('embed-2').toSorted().join() && of('embed-1').length === 4
      );
    };
    await until(inBoth);
    expect((await act(datasetId, 'switch')).json.data.rebuild).toMatchObject({ state: 'switched' });
    const { found, embeddingModel } = await search(datasetId, 'puppy');
    expect({ embeddingModel, first: found[0] }).toEqual({
      embeddingModel: 'embed-2',
      first: 'A wage for the dog.',
    });
    expect((await act(datasetId, 'removeOld')).status).toBe(200);
    await until(async () => (await modelsIn(datasetId)).join() === 'embed-2');
    await until(async () => (await problems()).length === 0);
    expect((await act(datasetId, 'rollback')).status).toBe(409);
  });

  it('is followed by the old one, so that a roll-back finds what was written since at once', async () => {
    const { datasetId, collectionId, ids } = await filled();
    await secondModel();
    await start(datasetId);
    await reaches(datasetId, 'switched');
    await push(collectionId, ['A puppy sleeps.']);
    await server.call('PUT', '/api/core/dataset/data/update', {
      key,
      body: { dataId: ids[0], q: 'A hound howls.' },
    });
    await embedded(datasetId);
    await follows(datasetId);
    expect((await act(datasetId, 'rollback')).status).toBe(200);
    const asked = upstream.texts.length;
    const { found, embeddingModel } = await search(datasetId, 'dog');
    expect(embeddingModel).toBe('embed-1');
    expect(found.slice(0, 2).toSorted()).toEqual(['A hound howls.', 'A puppy sleeps.']);
    await until(async () => (await problems()).length === 0);
    expect(upstream.texts.slice(asked)).toEqual(['dog']);
  });

  it('is not held up by an old one whose model is gone: a roll-back makes up for what that lacks', async () => {
    const { datasetId, collectionId } = await filled();
    await secondModel();
    await start(datasetId);
    await reaches(datasetId, 'switched');
    const refuse = ({ response }: { response: ServerResponse }) => {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"No."}}');
      return true;
    };
    upstream.set({ instead: refuse });
    await push(collectionId, ['A puppy sleeps.']);
    await embedded(datasetId);
    await follows(datasetId);
    expect(await pending(datasetId)).toBe(0);
    upstream.set({ instead: undefined });
    expect((await act(datasetId, 'rollback')).status).toBe(200);
    await until(async () => (await search(datasetId, 'dog')).found.includes('A puppy sleeps.'));
    await until(async () => (await problems()).length === 0);
  });

  it('is compared on the saved questions, and waits when it is worse', async () => {
    const { datasetId, ids } = await filled();
    const model = await secondModel();
    // It knows nothing: everything is the same to it.
    model.set({ vectorOf: (_, dimensions) => Array.from({ length: dimensions }, () => 1) });
    await post('savedQuestion', { datasetId, question: 'salary', expectedDataIds: [ids[2]] });
    await post('savedQuestion', { datasetId, question: '假期', expectedDataIds: [ids[3]] });
    await start(datasetId);
    await reaches(datasetId, 'ready');
    const { comparison } = await status(datasetId);
    const of = (index: string) =>
      comparison.results.find((one: { index: string; searchMode: string }) => one.index === index);
    expect(of('current')).toMatchObject({ vectorModel: 'embed-1', questions: 2, ndcg: 1 });
    expect(of('next').vectorModel).toBe('embed-2');
    expect(of('next').ndcg).toBeLessThan(0.9);
    const shown = await server.call(
      'GET',
      `/api/core/dataset/evaluate/detail?id=${comparison.evaluationId}`,
      { key },
    );
    expect(shown.json.data).toMatchObject({ state: 'done', name: 'embed-1 → embed-2' });
    expect(shown.json.data.results.total).toBe(2);
    expect(await modelOf(datasetId)).toBe('embed-1');
    // Whoever wants it may look for themselves.
    const settings = [{ index: 'current' }, { index: 'next' }];
    const { _id } = await post('evaluate', { datasetId, settings });
    await until(async () => {
      const one = await server.call('GET', `/api/core/dataset/evaluate/detail?id=${_id}`, { key });
      return one.json.data.state === 'done';
    });
    expect((await act(datasetId, 'cancel')).json.data.rebuild).toMatchObject({ state: 'cancelled' });
    await until(async () => (await modelsIn(datasetId)).join() === 'embed-1');
    expect((await search(datasetId, 'puppy')).embeddingModel).toBe('embed-1');
  });

  it('says how much is still to be built, and is given up while it is built', async () => {
    const { datasetId } = await filled();
    const model = await secondModel();
    let asked = false;
    model.set({
      instead() {
        asked = true;
        return true;
      },
    });
    await start(datasetId);
    await until(async () => asked);
    const queue = `/api/core/dataset/training/getDatasetTrainingQueue?datasetId=${datasetId}`;
    const { json } = await server.call('GET', queue, { key });
    expect(json.data).toEqual({ rebuildingCount: animals.length, trainingCount: 0 });
    expect((await act(datasetId, 'switch')).status).toBe(409);
    expect((await act(datasetId, 'cancel')).status).toBe(200);
    expect((await server.call('GET', queue, { key })).json.data.rebuildingCount).toBe(0);
    expect((await search(datasetId, 'puppy')).embeddingModel).toBe('embed-1');
    model.set({ instead: undefined });
    expect((await start(datasetId)).status).toBe(200);
    await reaches(datasetId, 'switched');
  });

  it('is refused while another is built, for the wrong people, and where there is nothing to do', async () => {
    const { datasetId } = await filled();
    expect((await start(datasetId)).status).toBe(404);
    await secondModel();
    expect((await start(datasetId, { vectorModel: 'embed-1' })).json.data).toEqual({ rebuild: null });
    await start(datasetId, { switchWhen: 'asked' });
    const again = await start(datasetId);
    expect(again).toMatchObject({ status: 409 });
    expect(again.json.message).toContain('embed-2');
    await reaches(datasetId, 'ready');
    const editor = await server.createMember('an-editor', 'editor');
    const body = { datasetId, action: 'switch' };
    const refused = await server.call('PUT', path, { sessionToken: editor.sessionToken, body });
    expect(refused.status).toBe(403);
    const stranger = await server.createKey({}, await server.createTeam('strangers'));
    expect((await server.call('PUT', path, { key: stranger, body })).status).toBe(404);
    const empty = await makeDataset([], 'empty');
    expect((await start(empty.datasetId)).json.data).toEqual({ rebuild: null });
    expect(await modelOf(empty.datasetId)).toBe('embed-2');
  });

  it('clears the old index away when its time is over, and goes with its dataset', async () => {
    const { datasetId } = await filled();
    await secondModel();
    await start(datasetId, { keepDays: 0 });
    await reaches(datasetId, 'done');
    await until(async () => (await modelsIn(datasetId)).join() === 'embed-2');
    await start(datasetId, { vectorModel: 'embed-1', keepDays: 1 });
    await reaches(datasetId, 'switched');
    await endKept(server.app);
    expect((await modelsIn(datasetId)).length).toBe(2);
    const yesterday = { keepUntil: Date.now() - 1 };
    await server.app.store.db.updateTable('embedding_rebuilds').set(yesterday).execute();
    await endKept(server.app);
    await until(async () => (await modelsIn(datasetId)).join() === 'embed-1');
    expect((await status(datasetId)).state).toBe('done');
    await server.call('DELETE', `/api/core/dataset/delete?id=${datasetId}`, { key });
    const body = { ids: [datasetId] };
    await server.call('POST', '/api/core/dataset/deleted/clear', { key, body });
    const { db } = server.app.store;
    await until(async () => (await db.selectFrom('embedding_rebuilds').selectAll().execute()).length === 0);
    expect(await vectors(datasetId)).toEqual([]);
  });
});
