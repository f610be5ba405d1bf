import { describe, expect, it } from 'vitest';
import { refuse } from '../models/testing/upstream.ts';
import {
  embedded,
  jobOf,
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

const call = (method: string, path: string, body: object) =>
  server.call(method, `/api/core/dataset/data/${path}`, { key, body });
const detail = async (id: string) =>
  (await server.call('GET', `/api/core/dataset/data/detail?id=${id}`, { key })).json.data;
const insert = (body: object) => call('POST', 'insertData', body);
const createIndex = (dataId: string, text: string, more: object = {}) =>
  post('data/index/create', { dataId, text, ...more });
const partsOf = async (datasetId: string) => (await vectors(datasetId)).map(({ part }) => part);

describe('v2/list', () => {
  it('says of each item how many texts it is found by and how many have their vector', async () => {
    const { datasetId, collectionId } = await makeDataset(rest);
    await embedded(datasetId);
    await post('data/insertData', {
      collectionId,
      q: 'A hound barks.',
      a: 'Loudly.',
      indexes: [{ text: 'noise' }],
    });
    await until(async () => (await pending(datasetId)) === 0);
    const { list } = await post('data/v2/list', { collectionId, searchText: 'hound' });
    expect(list).toMatchObject([{ indexAmount: 3, embeddedAmount: 3 }]);
    const all = await post('data/v2/list', { collectionId, searchText: 'car' });
    expect(all).toMatchObject({ offset: 0, list: [{ indexAmount: 1, embeddedAmount: 1 }] });
  });

  it('answers the page that an item is on', async () => {
    const { collectionId } = await makeDataset([]);
    const ids = await push(collectionId, ['one', 'two', 'three', 'four', 'five']);
    const page = await post('data/v2/list', { collectionId, dataId: ids[3], pageSize: 2 });
    expect(page).toMatchObject({ offset: 2, total: 5, list: [{ _id: ids[2] }, { _id: ids[3] }] });
    const other = await makeDataset(rest);
    const refused = await call('POST', 'v2/list', { collectionId: other.collectionId, dataId: ids[3] });
    expect([refused.status, refused.json.statusText]).toEqual([404, expect.any(String)]);
  });
});

describe('insertData', () => {
  it('answers the id of an item that is found by words and by meaning at once', async () => {
    const { datasetId, collectionId } = await makeDataset(rest);
    await embedded(datasetId);
    const answer = await insert({ collectionId, q: 'A hound barks.', indexes: [{ text: 'noise' }] });
    expect(answer.status, answer.text).toBe(200);
    const id: string = answer.json.data;
    expect(await pending(datasetId)).toBe(0);
    const near = await search(datasetId, 'puppy');
    expect(near).toMatchObject({ searchMode: 'embedding', list: [{ id }, {}, {}, {}] });
    const words = await search(datasetId, 'barks', { searchMode: 'fullTextRecall' });
    expect(words.list).toMatchObject([{ id }]);
    expect((await detail(id)).indexes).toMatchObject([
      { type: 'default', dataId: id, text: 'A hound barks.', embedded: true },
      { type: 'custom', text: 'noise', embedded: true },
    ]);
  });

  it('refuses an index without text by its name', async () => {
    const { collectionId } = await makeDataset([]);
    const answer = await insert({ collectionId, q: 'A hound.', indexes: [{ text: 'dog' }, { text: ' ' }] });
    expect([answer.status, answer.json.message]).toEqual([400, expect.stringContaining('indexes.1.text')]);
  });

  it('has the dataset measured that it fills first', async () => {
    const { datasetId, collectionId } = await makeDataset([]);
    await insert({ collectionId, q: 'A hound barks.' });
    expect((await search(datasetId, 'puppy')).found).toEqual(['A hound barks.']);
    await until(async () => (await jobOf(datasetId))?.state === 'done');
    const row = await server.app.store.db
      .selectFrom('datasets')
      .select('calibratedItems')
      .where('id', '=', datasetId)
      .executeTakeFirst();
    expect(row?.calibratedItems).toBe(1);
  });

  it('refuses what is there already, what is empty and what is too long', async () => {
    const { collectionId } = await makeDataset([]);
    const { json } = await insert({ collectionId, q: 'A hound.', a: 'Wuff.' });
    const again = await insert({ collectionId, q: 'A hound.', a: 'Wuff.' });
    expect(again.status).toBe(409);
    expect(again.json.message).toContain(json.data);
    expect((await insert({ collectionId, q: 'A hound.', a: 'Miau.' })).status).toBe(200);
    const empty = await insert({ collectionId, q: '  ' });
    expect(empty).toMatchObject({ status: 400, json: { code: 507004 } });
    const long = await insert({ collectionId, q: 'word '.repeat(17_000) });
    expect(long.status).toBe(400);
    expect(long.json.message).toContain('Content over max chunk size: 16000');
    const folder = await insert({ collectionId: 'f'.repeat(24), q: 'x' });
    expect(folder.status).toBe(404);
  });

  it('leaves the vectors to a job while the model does not answer', async () => {
    const { datasetId, collectionId } = await makeDataset(rest);
    await embedded(datasetId);
    upstream.set({
      instead({ response }) {
        refuse(response, 503, 'down');
        return true;
      },
    });
    const answer = await insert({ collectionId, q: 'A hound barks.' });
    expect(answer.status).toBe(200);
    expect((await search(datasetId, 'barks', { searchMode: 'fullTextRecall' })).list).toHaveLength(1);
    expect((await detail(answer.json.data)).indexes).toMatchObject([{ embedded: false }]);
    upstream.set({ instead: undefined });
    await embedded(datasetId);
    expect((await search(datasetId, 'puppy')).found[0]).toBe('A hound barks.');
  });
});

describe('one index of an item', () => {
  it('is added, changed and deleted, and nothing but its own vector is made again', async () => {
    const { datasetId, collectionId } = await makeDataset([]);
    const [id = ''] = await push(collectionId, ['Something.'], { a: 'Else.', indexes: [{ text: 'car' }] });
    await push(collectionId, rest);
    await embedded(datasetId);
    const before = await vectors(datasetId);
    upstream.texts.length = 0;
    const { index } = await createIndex(id, 'hound', { type: 'question' });
    expect(index).toMatchObject({ type: 'question', text: 'hound', embedded: true });
    expect(upstream.texts).toEqual(['hound']);
    expect((await search(datasetId, 'puppy')).list[0]).toMatchObject({ id });
    const words = await search(datasetId, 'hound', { searchMode: 'fullTextRecall' });
    expect(words.list).toMatchObject([{ id }]);

    upstream.texts.length = 0;
    const change = { dataId: id, indexDataId: index.dataId, text: 'wage of a month' };
    const changed = await call('PUT', 'index/update', change);
    expect(changed.json.data.index).toEqual({
      type: 'question',
      dataId: index.dataId,
      text: 'wage of a month',
      embedded: true,
    });
    expect(upstream.texts).toEqual(['wage of a month']);
    expect((await search(datasetId, 'salary')).list.map(({ id }: { id: string }) => id)).toContain(id);
    expect((await search(datasetId, 'hound', { searchMode: 'fullTextRecall' })).list).toEqual([]);
    // Older programs send a POST; the same text again changes nothing.
    expect((await post('data/index/update', change)).index.embedded).toBe(true);

    upstream.texts.length = 0;
    const gone = await call('DELETE', 'index/delete', { dataId: id, indexDataId: index.dataId });
    expect(gone).toMatchObject({ status: 200, json: { data: null } });
    await embedded(datasetId);
    expect(upstream.texts.filter((text) => text !== 'salary')).toEqual([]);
    expect(await vectors(datasetId)).toEqual(before);
    expect((await detail(id)).indexes).toHaveLength(3);
    const again = await call('DELETE', 'index/delete', { dataId: id, indexDataId: index.dataId });
    expect(again.status).toBe(404);
  });

  it('is not lost when two are added at the same moment', async () => {
    const { datasetId, collectionId } = await makeDataset([]);
    const [id = ''] = await push(collectionId, ['Something.']);
    const texts = Array.from({ length: 6 }, (_, i) => `index number ${i}`);
    await Promise.all(texts.map((text) => createIndex(id, text)));
    await embedded(datasetId);
    const { indexes } = await detail(id);
    expect(indexes.map(({ text }: { text: string }) => text).toSorted()).toEqual(['Something.', ...texts]);
    expect(new Set(await partsOf(datasetId)).size).toBe(7);
    expect((await vectors(datasetId)).length).toBe(7);
    for (const text of texts) {
      const { list } = await search(datasetId, text, { searchMode: 'fullTextRecall' });
      expect(list).toHaveLength(1);
    }
  });

  it('is there once, however often the same is added', async () => {
    const { collectionId } = await makeDataset([]);
    const [id = ''] = await push(collectionId, ['Something.']);
    const { index } = await createIndex(id, 'the same');
    await createIndex(id, 'another');
    expect((await createIndex(id, 'the same')).index.dataId).toBe(index.dataId);
    // As a question it is another one.
    await createIndex(id, 'the same', { type: 'question' });
    expect((await detail(id)).indexes).toHaveLength(4);
  });

  it('is refused where it cannot be', async () => {
    const { collectionId } = await makeDataset([]);
    const [id = '', other = ''] = await push(collectionId, ['One.', 'Two.']);
    const { index } = await createIndex(other, 'of the other');
    const bad = await call('POST', 'index/create', { dataId: id, text: 'x', type: 'default' });
    expect(bad.status).toBe(400);
    expect(bad.json.message).toContain('data/update');
    expect((await call('POST', 'index/create', { dataId: id, text: ' ' })).status).toBe(400);
    const own = { dataId: id, indexDataId: id, text: 'x' };
    expect((await call('PUT', 'index/update', own)).status).toBe(400);
    const foreign = { dataId: id, indexDataId: index.dataId, text: 'x' };
    expect((await call('PUT', 'index/update', foreign)).status).toBe(404);
    expect((await call('DELETE', 'index/delete', foreign)).status).toBe(404);
    for (let i = 0; i < 20; i += 1) await createIndex(id, `text ${i}`);
    const more = await call('POST', 'index/create', { dataId: id, text: 'one too many' });
    expect(more.status).toBe(400);
    expect(more.json.message).toContain('20');
  });
});

describe('a changed item', () => {
  it('keeps its last ten versions, and embeds only what changed', async () => {
    const { datasetId, collectionId } = await makeDataset([]);
    const [dataId = ''] = await push(collectionId, ['version 0'], { a: 'same', indexes: [{ text: 'own' }] });
    await embedded(datasetId);
    upstream.texts.length = 0;
    for (let i = 1; i <= 12; i += 1) {
      const answer = await call('PUT', 'update', { dataId, q: `version ${i}` });
      expect(answer.status, answer.text).toBe(200);
    }
    await embedded(datasetId);
    const item = await detail(dataId);
    expect(item.q).toBe('version 12');
    expect(item.history.map(({ q }: { q: string }) => q)).toEqual(
      Array.from({ length: 10 }, (_, i) => `version ${11 - i}`),
    );
    expect(item.history[0]).toMatchObject({ a: 'same', updateTime: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(upstream.texts.every((text) => text.includes('version'))).toBe(true);
    expect((await partsOf(datasetId)).toSorted()).toEqual(['a', 'q', expect.any(String)].toSorted());
    // What says nothing new is no version.
    await call('PUT', 'update', { dataId, q: 'version 12', indexes: [{ text: 'own' }] });
    expect((await detail(dataId)).history).toHaveLength(10);
    expect((await detail(dataId)).history[0].q).toBe('version 11');
  });

  it('keeps the indexes that are given again', async () => {
    const { datasetId, collectionId } = await makeDataset([]);
    const indexes = [{ text: 'first' }, { text: 'second' }];
    const [dataId = ''] = await push(collectionId, ['q'], { indexes });
    await embedded(datasetId);
    const [, first, second] = (await detail(dataId)).indexes;
    upstream.texts.length = 0;
    const wanted = [{ text: 'second' }, { ...first, text: 'other' }, { type: 'default', text: 'q' }];
    await call('PUT', 'update', { dataId, indexes: wanted });
    await embedded(datasetId);
    expect(upstream.texts).toEqual(['other']);
    expect((await detail(dataId)).indexes.slice(1)).toMatchObject([{ ...first, text: 'other' }, second]);
  });
});
