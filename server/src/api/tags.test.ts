import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
let key: string;
beforeAll(async () => {
  server = await startTestServer({ TRASH_DAYS: '0' });
  key = await server.createKey({ name: 'tags' });
});
afterAll(() => server.close());

const base = '/api/core/dataset';
const send = (method: string, path: string, body?: unknown) =>
  server.call(method, base + path, { key, ...(body !== undefined && { body }) });
const post = (path: string, body: unknown) => send('POST', path, body);
/** The `data` of a call that must succeed. */
async function data(call: ReturnType<typeof send>) {
  const answer = await call;
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}
const newDataset = (): Promise<string> => data(post('/create', { name: 'Papers' }));
const newCollection = (datasetId: string, more: object = {}): Promise<string> =>
  data(post('/collection/create', { datasetId, name: 'paper', type: 'virtual', ...more }));
const tagsOf = async (id: string): Promise<string[]> =>
  (await data(send('GET', `/collection/detail?id=${id}`))).tags;
const allTags = async (datasetId: string): Promise<{ _id: string; tag: string }[]> =>
  (await data(send('GET', `/tag/getAllTags?datasetId=${datasetId}`))).list;
const idsOf = (list: { _id: string }[]) => list.map(({ _id }) => _id).sort();

describe('tags', () => {
  it('are made once for each name, by themselves or by naming them on a collection', async () => {
    const datasetId = await newDataset();
    const first = await data(post('/tag/create', { datasetId, tag: ' contracts ' }));
    expect(await data(post('/tag/create', { datasetId, tag: 'contracts' }))).toBe(first);
    const collectionId = await newCollection(datasetId, { tags: ['合同', 'contracts', 'contracts'] });
    expect(await tagsOf(collectionId)).toEqual(['contracts', '合同']);
    const list = await allTags(datasetId);
    expect(list.map(({ tag }) => tag)).toEqual(['contracts', '合同']);
    expect(list[0]?._id).toBe(first);
    expect(await allTags(await newDataset())).toEqual([]);
  });

  it('are listed page by page, and found by a part of their name', async () => {
    const datasetId = await newDataset();
    await newCollection(datasetId, { tags: ['red', 'green', 'dark_red'] });
    const page = await data(post('/tag/list', { datasetId, offset: 1, pageSize: 1 }));
    expect(page).toEqual({ list: [{ _id: expect.any(String), tag: 'green' }], total: 3 });
    const search = async (searchText: string) =>
      (await data(post('/tag/list', { datasetId, searchText }))).list.map(({ tag }: { tag: string }) => tag);
    expect(await search('RED')).toEqual(['dark_red', 'red']);
    expect(await search('k_r')).toEqual(['dark_red']);
    expect(await search('n_r')).toEqual([]);
  });

  it('are renamed wherever they are used, but not to a name that is taken', async () => {
    const datasetId = await newDataset();
    const collectionId = await newCollection(datasetId, { tags: ['old', 'other'] });
    const tagId = (await allTags(datasetId)).find(({ tag }) => tag === 'old')?._id;
    const rename = (tag: string) => post('/tag/update', { datasetId, tagId, tag });
    await data(rename('new'));
    await data(rename('new'));
    expect(await tagsOf(collectionId)).toEqual(['new', 'other']);
    const taken = await rename('other');
    expect(taken.status).toBe(409);
    expect(taken.json.message).toContain('"other"');
    const elsewhere = await post('/tag/update', { datasetId: await newDataset(), tagId, tag: 'x' });
    expect(elsewhere.status).toBe(404);
  });

  it('leave every collection when they are deleted', async () => {
    const datasetId = await newDataset();
    const collectionId = await newCollection(datasetId, { tags: ['a', 'b', 'c'] });
    const ids = new Map((await allTags(datasetId)).map(({ _id, tag }) => [tag, _id]));
    await data(send('DELETE', `/tag/delete?datasetId=${datasetId}&tagId=${ids.get('a')}`));
    // As FastGPT's console does, and as a body.
    await data(send('DELETE', '/tag/delete', { datasetId, id: ids.get('b') }));
    expect(await tagsOf(collectionId)).toEqual(['c']);
    expect((await send('DELETE', `/tag/delete?datasetId=${datasetId}&id=${ids.get('a')}`)).status).toBe(404);
    expect((await send('DELETE', `/tag/delete?datasetId=${datasetId}`)).json.code).toBe(507004);
  });

  it('are put on collections and taken off those that had them before', async () => {
    const datasetId = await newDataset();
    const [a, b, c] = [
      await newCollection(datasetId),
      await newCollection(datasetId),
      await newCollection(datasetId),
    ];
    const add = (body: object) => post('/tag/addToCollections', { datasetId, ...body });
    await data(add({ tag: 'fresh', collectionIds: [a, b] }));
    const [tag] = await allTags(datasetId);
    expect(tag?.tag).toBe('fresh');
    await data(add({ tag: tag?._id, originCollectionIds: [a, b], collectionIds: [b, c] }));
    expect(await Promise.all([a, b, c].map(tagsOf))).toEqual([[], ['fresh'], ['fresh']]);
    const used = await data(send('GET', `/tag/tagUsage?datasetId=${datasetId}`));
    expect(used).toEqual([{ tagId: tag?._id, collections: [b, c].sort() }]);
    // What must hold characters is told so in words.
    for (const [language, words] of [
      ['en', 'tag: must not be empty'],
      ['zh-CN', 'tag: 不能为空'],
    ] as const) {
      const body = { datasetId, tag: '', collectionIds: [a] };
      const headers = { 'accept-language': language };
      const path = `${base}/tag/addToCollections`;
      expect((await server.call('POST', path, { key, body, headers })).text).toContain(words);
    }
    // An id that is none of the dataset's makes no tag of that name.
    expect((await add({ tag: 'f'.repeat(24), collectionIds: [a] })).status).toBe(404);
    expect(await allTags(datasetId)).toHaveLength(1);
    // One that is not of the dataset: nothing happens to the others.
    const foreign = await newCollection(await newDataset());
    expect((await add({ tag: 'fresh', collectionIds: [a, foreign] })).status).toBe(404);
    expect(await tagsOf(a)).toEqual([]);
  });

  it('are replaced by naming others, and gone with their collection and dataset', async () => {
    const datasetId = await newDataset();
    const [a, b] = [
      await newCollection(datasetId, { tags: ['x'] }),
      await newCollection(datasetId, { tags: ['x'] }),
    ];
    await data(send('PUT', '/collection/update', { id: a, tags: ['y', 'z'] }));
    expect(await tagsOf(a)).toEqual(['y', 'z']);
    await data(send('PUT', '/collection/update', { id: a, name: 'renamed' }));
    expect(await tagsOf(a)).toEqual(['y', 'z']);
    await data(send('DELETE', `/collection/delete?id=${b}`));
    const usage: { tagId: string; collections: string[] }[] = await data(
      send('GET', `/tag/tagUsage?datasetId=${datasetId}`),
    );
    expect(usage.flatMap(({ collections }) => collections)).toEqual([a, a]);
    await data(send('DELETE', `/delete?id=${datasetId}`));
    expect((await send('GET', `/tag/getAllTags?datasetId=${datasetId}`)).status).toBe(404);
    const { db } = server.app.store;
    const left = () =>
      Promise.all([
        db.selectFrom('tags').select('id').where('datasetId', '=', datasetId).execute(),
        db.selectFrom('collection_tags').select('tagId').where('collectionId', 'in', [a, b]).execute(),
      ]);
    await expect.poll(left, { timeout: 20_000 }).toEqual([[], []]);
  });

  it('choose collections in lists: any of them in listV2, all of them in the older lists', async () => {
    const datasetId = await newDataset();
    const folder = await newCollection(datasetId, { type: 'folder', tags: ['a'] });
    const both = await newCollection(datasetId, { tags: ['a', 'b'] });
    const one = await newCollection(datasetId, { tags: ['b'] });
    const inside = await newCollection(datasetId, { parentId: folder, tags: ['c'] });
    await newCollection(datasetId);
    const id = new Map((await allTags(datasetId)).map(({ _id, tag }) => [tag, _id]));
    const filterTags = [id.get('a'), id.get('b')];
    const any = await data(post('/collection/listV2', { datasetId, filterTags }));
    expect([idsOf(any.list), any.total]).toEqual([[folder, both, one].sort(), 3]);
    expect(any.list.find(({ _id }: { _id: string }) => _id === both).tags).toEqual(['a', 'b']);
    const scroll = await data(post('/collection/scrollList', { datasetId, filterTags }));
    expect([idsOf(scroll.list), scroll.total]).toEqual([[both], 1]);
    const old = await data(post('/collection/list', { datasetId, filterTags, pageNum: 1, pageSize: 5 }));
    expect([idsOf(old.data), old.total, old.pageNum, old.pageSize]).toEqual([[both], 1, 1, 5]);
    const byName = await data(post('/collection/listV2', { datasetId, filterTags: ['b'] }));
    expect(byName.total).toBe(2);
    // In one folder, unless all are asked for.
    const tagged = async (more: object) =>
      idsOf((await data(post('/collection/listV2', { datasetId, filterTags: ['c'], ...more }))).list);
    expect([await tagged({}), await tagged({ parentId: folder })]).toEqual([[], [inside]]);
    expect(await tagged({ allFolders: true })).toEqual([inside]);
    const unknown = await data(post('/collection/listV2', { datasetId, filterTags: ['f'.repeat(24)] }));
    expect(unknown).toEqual({ list: [], total: 0 });
  });
});
