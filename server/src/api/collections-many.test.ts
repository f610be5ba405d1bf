import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

/* What is done with many collections at once, and the order in which they are listed. */

let server: TestServer;
let key: string;
beforeAll(async () => {
  server = await startTestServer();
  key = await server.createKey({ name: 'many' });
});
afterAll(() => server.close());

const send = (method: string, path: string, body: object, as = key) =>
  server.call(method, `/api/core/dataset${path}`, { key: as, body });
async function data(method: string, path: string, body: object) {
  const answer = await send(method, path, body);
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}
const newDataset = (): Promise<string> => data('POST', '/create', { name: 'Papers' });
const make = (datasetId: string, name: string, more: object = {}): Promise<string> =>
  data('POST', '/collection/create', { datasetId, name, type: 'virtual', ...more });
const names = async (body: object): Promise<string[]> =>
  (await data('POST', '/collection/listV2', { pageSize: 30, ...body })).list.map(
    ({ name }: { name: string }) => name,
  );
async function many(datasetId: string, amount: number): Promise<string[]> {
  const ids: string[] = [];
  // Not all at once: requests that wait for a connection too long are refused.
  while (ids.length < amount) {
    const next = Array.from(
      { length: Math.min(10, amount - ids.length) },
      (_, i) => `paper ${ids.length + i}`,
    );
    ids.push(...(await Promise.all(next.map((name) => make(datasetId, name)))));
  }
  return ids;
}

describe('collections', () => {
  it('are listed by latest update, by name or by size, on every page once', async () => {
    const datasetId = await newDataset();
    const ids = [];
    for (const name of ['beta', 'Alpha', '甲', 'alpha 2', 'Zeta']) ids.push(await make(datasetId, name));
    const [beta = '', alpha = ''] = ids;
    await data('POST', '/data/pushData', { collectionId: alpha, data: [{ q: 'one' }, { q: 'two' }] });
    await data('POST', '/data/pushData', { collectionId: beta, data: [{ q: 'three' }] });
    const byName = ['Alpha', 'alpha 2', 'beta', 'Zeta', '甲'];
    expect(await names({ datasetId, sort: 'name' })).toEqual(byName);
    expect(await names({ datasetId, sort: 'name', order: 'desc' })).toEqual(byName.toReversed());
    expect((await names({ datasetId, sort: 'size' })).slice(0, 2)).toEqual(['Alpha', 'beta']);
    expect((await names({ datasetId, sort: 'size', order: 'asc' })).slice(-2)).toEqual(['beta', 'Alpha']);
    await data('PUT', '/collection/update', { id: beta, name: 'beta again' });
    expect((await names({ datasetId }))[0]).toBe('beta again');
    expect((await names({ datasetId, sort: 'updateTime', order: 'asc' })).at(-1)).toBe('beta again');
    const pages = [1, 2, 3].map((pageNum) => names({ datasetId, sort: 'size', pageSize: 2, pageNum }));
    expect(new Set((await Promise.all(pages)).flat()).size).toBe(5);
    const old = await data('POST', '/collection/scrollList', { datasetId, sort: 'name', pageSize: 2 });
    expect(old.list.map(({ name }: { name: string }) => name)).toEqual(['Alpha', 'alpha 2']);
    expect((await send('POST', '/collection/listV2', { datasetId, sort: 'colour' })).status).toBe(400);
  });

  it('are all named that match, beyond a page', async () => {
    const datasetId = await newDataset();
    await many(datasetId, 40);
    const folder = await make(datasetId, 'paper folder', { type: 'folder' });
    const all = await data('POST', '/collection/listIds', { datasetId, searchText: 'paper' });
    expect(all).toMatchObject({ total: 41, folders: 1 });
    expect(new Set(all.ids).size).toBe(41);
    expect(all.ids).toContain(folder);
    const some = await data('POST', '/collection/listIds', {
      datasetId,
      searchText: 'paper 1',
      sort: 'name',
    });
    expect(some).toMatchObject({ total: 11, folders: 0 });
    expect(await data('POST', '/collection/listIds', { datasetId: await newDataset() })).toEqual({
      ids: [],
      folders: 0,
      total: 0,
    });
  });

  it('are switched off and moved in one call; what lies in them follows', async () => {
    const datasetId = await newDataset();
    const folder = await make(datasetId, 'folder', { type: 'folder' });
    const inside = await make(datasetId, 'inside', { parentId: folder });
    const ids = await many(datasetId, 600);
    const change = (more: object, collectionIds = [...ids, folder]) =>
      send('PUT', '/collection/updateMany', { datasetId, collectionIds, ...more });
    const off = async () =>
      (await data('POST', '/collection/listIds', { datasetId, state: 'off' })).total as number;
    expect((await change({ forbid: true })).status).toBe(200);
    expect(await off()).toBe(602);
    expect((await change({ forbid: false })).status).toBe(200);
    expect(await off()).toBe(0);
    // A folder that is off takes along what is moved into it; moved out of it that is on again.
    const shut = await make(datasetId, 'shut', { type: 'folder' });
    await change({ forbid: true }, [shut]);
    expect((await change({ parentId: shut })).status).toBe(200);
    expect(await names({ datasetId })).toEqual(['shut']);
    expect(await off()).toBe(603);
    expect((await change({ parentId: null })).status).toBe(200);
    expect(await off()).toBe(1);
    expect((await change({ parentId: folder })).status).toBe(409);
    expect((await change({ parentId: inside })).status).toBe(404);
    // One that is not of the dataset changes nothing.
    const foreign = await make(await newDataset(), 'elsewhere');
    expect((await change({ forbid: true }, [...ids, foreign])).status).toBe(404);
    expect(await off()).toBe(1);
    await data('POST', '/tag/addToCollections', { datasetId, tag: 'old', collectionIds: ids });
    const { list } = await data('POST', '/tag/list', { datasetId });
    const tagged = { datasetId, filterTags: [list[0]._id] };
    expect((await data('POST', '/collection/listIds', tagged)).total).toBe(600);
    const gone = { datasetId, collectionIds: ids };
    expect(
      (await send('DELETE', '/collection/delete', { ...gone, collectionIds: [...ids, 'f'.repeat(24)] }))
        .status,
    ).toBe(404);
    await data('DELETE', '/collection/delete', gone);
    expect((await names({ datasetId })).sort()).toEqual(['folder', 'shut']);
  });

  it('are tried again together where something failed', async () => {
    const datasetId = await newDataset();
    const ids: string[] = [await make(datasetId, 'good')];
    for (const name of ['one.pdf', 'two.pdf']) {
      const form = new FormData();
      form.set('data', JSON.stringify({ datasetId }));
      form.append('file', new Blob(['%PDF-1.4 broken']), name);
      const path = '/api/core/dataset/collection/create/localFile';
      const made = await server.call('POST', path, { key, body: form });
      ids.push(made.json.data.collectionId);
    }
    const failed = () =>
      server.app.store.db
        .selectFrom('jobs')
        .select(['id', 'updateTime'])
        .where('collectionId', 'in', ids)
        .where('state', '=', 'failed')
        .execute();
    await expect.poll(async () => (await failed()).length, { timeout: 20_000 }).toBe(2);
    const listed = await data('POST', '/collection/listIds', { datasetId, state: 'failed' });
    expect(listed.ids.toSorted()).toEqual(ids.slice(1).toSorted());
    const before = Math.max(...(await failed()).map(({ updateTime }) => Number(updateTime)));
    await data('POST', '/collection/retryMany', { datasetId, collectionIds: ids });
    const again = async () => (await failed()).filter(({ updateTime }) => Number(updateTime) > before).length;
    await expect.poll(again, { timeout: 20_000 }).toBe(2);
    const foreign = await make(await newDataset(), 'elsewhere');
    const refused = { datasetId, collectionIds: [foreign] };
    expect((await send('POST', '/collection/retryMany', refused)).status).toBe(404);
  });
});
