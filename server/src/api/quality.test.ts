import { describe, expect, it } from 'vitest';
import { refuse } from '../models/testing/upstream.ts';
import {
  embedded,
  key,
  makeDataset,
  post,
  push,
  restart,
  server,
  until,
  upstream,
} from './test-embedding-world.ts';

const call = (method: string, path: string, body: object, as = key) =>
  server.call(method, `/api/core/dataset/${path}`, { key: as, body });
const get = async (path: string) =>
  (await server.call('GET', `/api/core/dataset/${path}`, { key })).json.data;
const save = (body: object) => post('savedQuestion', body);
const questionsOf = async (datasetId: string, more = '') =>
  (await get(`savedQuestion?datasetId=${datasetId}&pageSize=100${more}`)).list;

/** Waits for an evaluation; answers its detail. */
async function finished(id: string, more = '') {
  await until(async () => (await get(`evaluate/detail?id=${id}`)).state === 'done');
  return await get(`evaluate/detail?id=${id}${more}`);
}

const animals = ['A hound barks.', 'An automobile is fast.', 'The salary is paid.', 'Vacation is long.'];

describe('saved questions', () => {
  it('are saved, listed, changed and deleted', async () => {
    const { datasetId, collectionId } = await makeDataset([]);
    const [dog = '', car = ''] = await push(collectionId, animals);
    const saved = await save({ datasetId, question: ' Who barks? ', expectedDataIds: [dog, dog], note: 'n' });
    expect(saved).toMatchObject({
      question: 'Who barks?',
      expectedDataIds: [dog],
      expectedCollectionIds: [],
      note: 'n',
      source: 'hand',
    });
    const again = await call('POST', 'savedQuestion', { datasetId, question: 'Who barks?' });
    expect(again.status).toBe(409);
    expect(saved.expected).toMatchObject([{ id: dog, kind: 'data', collectionId, text: 'A hound barks.' }]);
    const whole = await save({
      datasetId,
      question: 'What is in it?',
      expectedCollectionIds: [collectionId],
    });
    expect(whole.expected).toEqual([
      { id: collectionId, kind: 'collection', collectionId, name: expect.any(String) },
    ]);
    const { list, total } = await get(`savedQuestion?datasetId=${datasetId}&pageSize=1`);
    expect({ total, first: list[0].question }).toEqual({ total: 2, first: 'What is in it?' });
    expect(await questionsOf(datasetId, '&searchText=barks')).toHaveLength(1);
    const changed = await call('PUT', 'savedQuestion', { id: saved._id, expectedDataIds: [car] });
    expect(changed.json.data).toMatchObject({ question: 'Who barks?', expectedDataIds: [car], note: 'n' });
    const taken = await call('PUT', 'savedQuestion', { id: saved._id, question: 'What is in it?' });
    expect(taken.status).toBe(409);
    const gone = await server.call('DELETE', `/api/core/dataset/savedQuestion?id=${saved._id}`, { key });
    expect(gone.status).toBe(200);
    expect(await questionsOf(datasetId)).toHaveLength(1);
  });

  it('say what they expect, but not what has been deleted', async () => {
    const { datasetId, collectionId } = await makeDataset([]);
    const [dog = '', car = ''] = await push(collectionId, animals);
    await save({ datasetId, question: 'Which?', expectedDataIds: [dog, car] });
    await server.call('DELETE', `/api/core/dataset/data/delete?id=${dog}`, { key });
    const [question] = await questionsOf(datasetId);
    expect(question.expectedDataIds).toEqual([dog, car]);
    expect(question.expected.map(({ id }: { id: string }) => id)).toEqual([car]);
  });

  it('expect nothing of another dataset or team, and are nobody else', async () => {
    const { datasetId } = await makeDataset([]);
    const other = await makeDataset([], 'other');
    const [foreign = ''] = await push(other.collectionId, ['Elsewhere.']);
    const data = await call('POST', 'savedQuestion', {
      datasetId,
      question: 'x',
      expectedDataIds: [foreign],
    });
    expect(data).toMatchObject({ status: 404, json: { code: 501006 } });
    const bad = { datasetId, question: 'x', expectedCollectionIds: [other.collectionId] };
    expect(await call('POST', 'savedQuestion', bad)).toMatchObject({ status: 404, json: { code: 501003 } });
    const mine = await save({ datasetId, question: 'mine' });
    const stranger = await server.createKey({}, await server.createTeam('strangers'));
    for (const [method, path, body] of [
      ['POST', 'savedQuestion', { datasetId, question: 'theirs' }],
      ['PUT', 'savedQuestion', { id: mine._id, question: 'theirs' }],
      ['DELETE', 'savedQuestion', { id: mine._id }],
      ['POST', 'savedQuestion/import', { datasetId, csv: 'question\ntheirs' }],
      ['POST', 'evaluate', { datasetId, settings: [{}] }],
    ] as const) {
      expect((await call(method, path, body, stranger)).status, path).toBe(404);
    }
    expect((await questionsOf(datasetId)).map(({ question }: { question: string }) => question)).toEqual([
      'mine',
    ]);
  });

  it('come from a CSV, as text or as a file in any encoding', async () => {
    const { datasetId, collectionId } = await makeDataset([]);
    const [dog = '', car = ''] = await push(collectionId, animals);
    const csv = [
      'Note,Question,expected',
      `n1,"Who barks, loudly?",${dog}`,
      `,Both?,${dog};${car}`,
      ',By name?,c',
      ',Unknown?,nothing like it',
      `,,${dog}`,
      `,Both?,${dog}`,
      '',
    ].join('\r\n');
    const answer = await post('savedQuestion/import', { datasetId, csv });
    expect(answer).toMatchObject({ insertLen: 3, repeat: 1 });
    expect(answer.errors.map(({ line }: { line: number }) => line)).toEqual([5, 6]);
    expect(answer.errors[0].message).toContain('nothing like it');
    const list = await questionsOf(datasetId);
    expect(list).toHaveLength(3);
    expect(list).toContainEqual(
      expect.objectContaining({
        question: 'Who barks, loudly?',
        note: 'n1',
        expectedDataIds: [dog],
        source: 'csv',
      }),
    );
    expect(list).toContainEqual(
      expect.objectContaining({ question: 'By name?', expectedCollectionIds: [collectionId] }),
    );
    const form = new FormData();
    form.set('data', JSON.stringify({ datasetId }));
    // 问题 (question) in GBK.
    const gbk = Buffer.from([0xce, 0xca, 0xcc, 0xe2, 0x0a, 0xb9, 0xab, 0xcb, 0xbe, 0xb9, 0xb7, 0x0a]);
    form.append('file', new Blob([gbk]), 'questions.csv');
    const path = '/api/core/dataset/savedQuestion/importFile';
    const uploaded = await server.call('POST', path, { key, body: form });
    expect(uploaded.json.data, uploaded.text).toMatchObject({
      insertLen: 1,
      // Nothing is expected of it, so that no evaluation can use it.
      errors: [{ line: 2, message: expect.stringContaining('nothing is expected') }],
    });
    const nameless = await server.call('POST', '/api/core/dataset/savedQuestion/import', {
      key,
      body: { datasetId, csv: 'foo,bar\nWho?,c\n' },
    });
    expect([nameless.status, nameless.text]).toEqual([
      400,
      expect.stringContaining('question,expected,note'),
    ]);
    expect(await questionsOf(datasetId, `&searchText=${encodeURIComponent('公司')}`)).toHaveLength(1);
  });

  it('come from an answer that was rated, in the dataset that it cited', async () => {
    const { datasetId, collectionId } = await makeDataset([]);
    const [dog = '', car = ''] = await push(collectionId, ['A hound barks.', 'An automobile is fast.']);
    await embedded(datasetId);
    const { sessionToken } = server.root;
    const app = {
      name: 'a',
      type: 'simple',
      simple: { model: 'builtin-extractive', prompt: 'Answer.', datasets: [{ datasetId }] },
    };
    const made = await server.call('POST', '/api/core/app/create', { sessionToken, body: app });
    const appId: string = made.json.data;
    const ask = (responseChatItemId: string, content: string) =>
      server.call('POST', '/api/v1/chat/completions', {
        key: `${key}-${appId}`,
        body: { chatId: 'c1', responseChatItemId, messages: [{ role: 'user', content }] },
      });
    await ask('first', 'Which puppy is loud?');
    await ask('second', 'Which car is fast?');
    const good = await post('savedQuestion/fromRating', { appId, chatId: 'c1', chatItemDataId: 'first' });
    expect(good.list).toMatchObject([{ datasetId, question: 'Which puppy is loud?', source: 'rating' }]);
    expect(good.list[0].expectedDataIds).toContain(dog);
    const bad = { appId, chatId: 'c1', chatItemDataId: 'second', rating: 'bad', note: 'wrong car' };
    const { list } = await post('savedQuestion/fromRating', bad);
    expect(list).toMatchObject([{ question: 'Which car is fast?', expectedDataIds: [], note: 'wrong car' }]);
    const right = { appId, chatId: 'c1', chatItemDataId: 'second', expectedDataIds: [car] };
    // It is saved already: that is changed, not saved twice.
    expect((await post('savedQuestion/fromRating', right)).list).toEqual([]);
    const unknown = { appId, chatId: 'c1', chatItemDataId: 'never' };
    expect((await call('POST', 'savedQuestion/fromRating', unknown)).status).toBe(400);
    const nobody = { appId, chatId: 'no such chat', chatItemDataId: 'first' };
    expect((await call('POST', 'savedQuestion/fromRating', nobody)).status).toBe(404);
  });
});

describe('an evaluation', () => {
  /** Questions of which words find one, and meaning all. */
  async function measuredWorld() {
    const { datasetId, collectionId } = await makeDataset([]);
    const [dog = '', car = '', wage = ''] = await push(collectionId, animals);
    await embedded(datasetId);
    await save({ datasetId, question: 'puppy', expectedDataIds: [dog] });
    await save({ datasetId, question: 'automobile', expectedDataIds: [car] });
    await save({ datasetId, question: 'money', expectedDataIds: [wage] });
    await save({ datasetId, question: 'vacation', expectedCollectionIds: [collectionId] });
    await save({ datasetId, question: 'not told yet' });
    return { datasetId, collectionId, dog, car, wage };
  }

  it('measures settings side by side, question by question', async () => {
    const { datasetId, dog } = await measuredWorld();
    const settings = [
      { name: 'words', searchMode: 'fullTextRecall' },
      { name: 'meaning', searchMode: 'embedding' },
    ];
    const started = await post('evaluate', { datasetId, name: 'first', settings });
    expect(started).toMatchObject({ name: 'first', settings, summaries: [] });
    const done = await finished(started._id, '&pageSize=10');
    const [words, meaning] = done.summaries;
    expect(words).toMatchObject({ questions: 4, failed: 0, mrr: 0.5, ndcg: 0.5, points: 0, inputTokens: 0 });
    expect(words.hitAt).toEqual({ 1: 0.5, 3: 0.5, 5: 0.5, 10: 0.5, 20: 0.5 });
    expect(words.searchModes).toEqual({ fullTextRecall: 4 });
    expect(meaning).toMatchObject({ questions: 4, mrr: 1, ndcg: 1, searchModes: { embedding: 4 } });
    expect(meaning.hitAt['1']).toBe(1);
    expect(meaning.inputTokens).toBe(4);
    expect(done.results.total).toBe(4);
    const puppy = done.results.list.find(({ question }: { question: string }) => question === 'puppy');
    expect(puppy.results).toMatchObject([
      { setting: 0, rank: null, ndcg: 0, found: [] },
      {
        setting: 1,
        rank: 1,
        ndcg: 1,
        found: [{ id: dog, text: expect.any(String), expected: true }, {}, {}, {}],
      },
    ]);
    const missed = await finished(started._id, '&missedOnly=true');
    expect(missed.results.total).toBe(2);
    const job = await server.call('GET', `/api/core/jobs/${started._id}`, { key });
    expect(job.json.data).toMatchObject({ kind: 'evaluate', state: 'done', percent: 100 });
  });

  it('compares two settings question by question, over those that both answered', async () => {
    const { datasetId, dog } = await measuredWorld();
    const settings = [
      { name: 'words', searchMode: 'fullTextRecall' },
      { name: 'meaning', searchMode: 'embedding' },
    ];
    const { _id } = await post('evaluate', { datasetId, settings });
    await finished(_id);
    const compare = (more = '') => get(`evaluate/compare?id=${_id}${more}`);
    const both = await compare();
    expect(both).toMatchObject({ questions: 4, total: 4 });
    expect(both.counts).toEqual({ betterA: 0, betterB: 2, same: 2, neither: 0, failed: 0 });
    expect(both.a).toMatchObject({ place: 0, setting: settings[0], mrr: 0.5, ndcg: 0.5 });
    expect(both.b).toMatchObject({ place: 1, setting: settings[1], mrr: 1, ndcg: 1, hitAt: { 1: 1 } });
    const turned = await compare('&setting=1&otherSetting=0&outcome=betterA&pageSize=1');
    expect(turned).toMatchObject({ total: 2, list: [{ question: 'puppy', outcome: 'betterA' }] });
    expect(turned.list[0]).toMatchObject({
      a: { rank: 1, found: [{ id: dog, expected: true }, {}, {}, {}] },
      b: { rank: null },
    });
    const names = (answer: { list: { question: string }[] }) => answer.list.map(({ question }) => question);
    expect(names(both)).toEqual(['puppy', 'automobile', 'money', 'vacation']);
    expect(names(await compare('&sort=change'))).toEqual(['puppy', 'money', 'automobile', 'vacation']);
    expect(names(await compare('&sort=change&order=desc'))).toEqual([
      'automobile',
      'vacation',
      'puppy',
      'money',
    ]);
    expect(names(await compare('&sort=a&pageSize=2&offset=2'))).toEqual(['puppy', 'money']);
    // Another evaluation of the same questions, of which one is no longer asked.
    await server.call('DELETE', `/api/core/dataset/data/delete?id=${dog}`, { key });
    const later = await post('evaluate', { datasetId, name: 'later', settings: [{}] });
    await finished(later._id);
    const over = await compare(`&otherId=${later._id}`);
    expect(over).toMatchObject({ questions: 3, b: { evaluationId: later._id, name: 'later', place: 0 } });
    expect(names(over)).toEqual(['automobile', 'money', 'vacation']);
    expect(over.a.hitAt['1']).toBeCloseTo(2 / 3);
    // Neither a setting that is none, nor an evaluation of another dataset.
    const refused = await server.call('GET', `/api/core/dataset/evaluate/compare?id=${later._id}`, { key });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('otherSetting')]);
    const other = await makeDataset(['Birds sing.'], 'other');
    await embedded(other.datasetId);
    const expectedCollectionIds = [other.collectionId];
    await save({ datasetId: other.datasetId, question: 'birds', expectedCollectionIds });
    const elsewhere = await post('evaluate', { datasetId: other.datasetId, settings: [{}] });
    const path = `/api/core/dataset/evaluate/compare?id=${_id}&otherId=${elsewhere._id}`;
    expect((await server.call('GET', path, { key })).status).toBe(404);
  });

  it('is kept as history until it is deleted, and follows what is expected now', async () => {
    const { datasetId, dog } = await measuredWorld();
    const run = async () => finished((await post('evaluate', { datasetId, settings: [{}] }))._id);
    const first = await run();
    await server.call('DELETE', `/api/core/dataset/data/delete?id=${dog}`, { key });
    const second = await run();
    expect([first.summaries[0].questions, second.summaries[0].questions]).toEqual([4, 3]);
    const { list, total } = await get(`evaluate?datasetId=${datasetId}`);
    expect(total).toBe(2);
    expect(list.map(({ _id }: { _id: string }) => _id)).toEqual([second._id, first._id]);
    expect(list[1].summaries[0].ndcg).toBe(1);
    await server.call('DELETE', `/api/core/dataset/evaluate?id=${first._id}`, { key });
    expect((await get(`evaluate?datasetId=${datasetId}`)).total).toBe(1);
    const left = await server.app.store.db.selectFrom('evaluation_results').selectAll().execute();
    expect(new Set(left.map(({ evaluationId }) => evaluationId))).toEqual(new Set([second._id]));
  });

  it('asks only the questions that are named, and says when there is none', async () => {
    const { datasetId } = await measuredWorld();
    const [untold, one] = await questionsOf(datasetId);
    const only = await post('evaluate', { datasetId, settings: [{}], questionIds: [one._id] });
    expect((await finished(only._id)).summaries[0].questions).toBe(1);
    const none = { datasetId, settings: [{}], questionIds: [untold._id] };
    expect((await call('POST', 'evaluate', none)).status).toBe(409);
    const foreign = { datasetId, settings: [{}], questionIds: ['f'.repeat(24)] };
    expect((await call('POST', 'evaluate', foreign)).status).toBe(404);
    const unknown = { datasetId, settings: [{ usingReRank: true, rerankModel: 'no such' }] };
    expect((await call('POST', 'evaluate', unknown)).status).toBe(404);
    expect((await call('POST', 'evaluate', { datasetId, settings: [] })).status).toBe(400);
    expect((await call('POST', 'evaluate', { datasetId, settings: [{ index: 'next' }] })).status).toBe(400);
  });

  it('goes on where a stopped server left it', async () => {
    const { datasetId } = await measuredWorld();
    let asked = 0;
    upstream.set({
      instead({ response }) {
        asked += 1;
        if (asked <= 2) return false;
        // Never answered: the server stops while it waits.
        void response;
        return true;
      },
    });
    const { _id } = await post('evaluate', { datasetId, settings: [{ searchMode: 'embedding' }] });
    await until(async () => asked >= 3);
    upstream.set({ instead: undefined });
    await restart({});
    const done = await finished(_id);
    expect(done.summaries[0]).toMatchObject({ questions: 4, ndcg: 1 });
  });

  it('is paid for by the key that asked for it, and gone with its dataset', async () => {
    const { datasetId } = await measuredWorld();
    const { _id } = await post('evaluate', { datasetId, settings: [{}] });
    await finished(_id);
    await server.call('DELETE', `/api/core/dataset/delete?id=${datasetId}`, { key });
    const body = { ids: [datasetId] };
    await server.call('POST', '/api/core/dataset/deleted/clear', { key, body });
    expect((await server.call('GET', `/api/core/dataset/evaluate/detail?id=${_id}`, { key })).status).toBe(
      404,
    );
    const { db } = server.app.store;
    const rows = async () =>
      (
        await Promise.all([
          db.selectFrom('saved_questions').selectAll().execute(),
          db.selectFrom('evaluations').selectAll().execute(),
          db.selectFrom('evaluation_results').selectAll().execute(),
        ])
      ).flat();
    await until(async () => (await rows()).length === 0);
  });

  it('fails a search as a search does, by words, while the model is down', async () => {
    const { datasetId } = await measuredWorld();
    upstream.set({
      instead({ response }) {
        refuse(response, 500, 'down');
        return true;
      },
    });
    const { _id } = await post('evaluate', { datasetId, settings: [{}] });
    const done = await finished(_id);
    expect(done.summaries[0].searchModes).toEqual({ fullTextRecall: 4 });
    expect(done.summaries[0].notice).toContain('embed-1');
  });
});
