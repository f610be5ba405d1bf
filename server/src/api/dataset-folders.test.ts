import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const base = '/api/core/dataset';
const send = (method: string, path: string, body?: unknown, sessionToken = server.root.sessionToken) =>
  server.call(method, base + path, { sessionToken, ...(body !== undefined && { body }) });
async function data(call: ReturnType<typeof send>) {
  const answer = await call;
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}
const make = (name: string, more: object = {}): Promise<string> =>
  data(send('POST', '/create', { name, ...more }));
const parentOf = async (id: string) => (await data(send('GET', `/detail?id=${id}`))).parentId;
const namesIn = async (parentId: string | null): Promise<string[]> =>
  (await data(send('POST', '/list', { parentId }))).map(({ name }: { name: string }) => name).sort();

describe('folders of datasets', () => {
  it('are made, also with a key, and shown as a path', async () => {
    const key = await server.createKey();
    const body = { name: 'Outer', intro: 'all of it' };
    const made = await server.call('POST', `${base}/folder/create`, { key, body });
    expect([made.status, made.json.data]).toEqual([200, {}]);
    const [outer] = await data(send('POST', '/list', { searchKey: 'all of it' }));
    expect(outer.type).toBe('folder');
    await data(send('POST', '/folder/create', { name: 'Inner', parentId: outer._id }));
    const [inner] = await data(send('POST', '/list', { parentId: outer._id }));
    const id = await make('leaf', { parentId: inner._id });
    const above = [
      { parentId: outer._id, parentName: 'Outer' },
      { parentId: inner._id, parentName: 'Inner' },
    ];
    expect(await data(send('GET', `/paths?sourceId=${id}&type=parent`))).toEqual(above);
    const whole = [...above, { parentId: id, parentName: 'leaf' }];
    expect(await data(send('GET', `/paths?sourceId=${id}&type=current`))).toEqual(whole);
    expect(await data(send('GET', `/paths?parentId=${inner._id}`))).toEqual(above);
    expect(await data(send('GET', '/paths?sourceId='))).toEqual([]);
    expect((await send('GET', `/paths?sourceId=${'f'.repeat(24)}`)).status).toBe(404);
  });

  it('take several datasets at once, or none', async () => {
    const folder = await make('target', { type: 'folder' });
    const inside = await make('inside', { type: 'folder', parentId: folder });
    const [a, b] = [await make('a'), await make('b')];
    const move = (datasetIds: string[], parentId: string | null) =>
      send('POST', '/batch/move', { datasetIds, parentId });
    expect((await move([a, 'f'.repeat(24)], folder)).status).toBe(404);
    expect((await move([a, folder], inside)).status).toBe(409);
    expect((await move([a], b)).status).toBe(404);
    expect(await parentOf(a)).toBeNull();
    await data(move([a, b], folder));
    expect(await namesIn(folder)).toEqual(['a', 'b', 'inside']);
    await data(send('POST', '/batch/move', { ids: [a] }));
    expect(await parentOf(a)).toBeNull();
    expect((await send('POST', '/batch/move', { parentId: folder })).json.code).toBe(507004);
  });

  it('go with everything in them when several are deleted, if all may be', async () => {
    const folder = await make('old', { type: 'folder' });
    const inside = await make('inside', { parentId: folder });
    const other = await make('other');
    const editor = await server.createMember('editor-of-folders', 'editor');
    const own = await data(send('POST', '/create', { name: 'own' }, editor.sessionToken));
    const refused = await send('POST', '/batch/delete', { datasetIds: [own, other] }, editor.sessionToken);
    expect(refused.status).toBe(403);
    expect((await send('POST', '/batch/delete', { datasetIds: [own, 'f'.repeat(24)] })).status).toBe(404);
    expect(await parentOf(own)).toBeNull();
    await data(send('POST', '/batch/delete', { datasetIds: [folder, other] }));
    for (const id of [folder, inside, other])
      expect((await send('GET', `/detail?id=${id}`)).status).toBe(404);
    await data(send('POST', '/batch/delete', { ids: [own] }, editor.sessionToken));
    expect((await send('POST', '/batch/delete', {})).json.code).toBe(507004);
  });
});

describe('the image model of a dataset', () => {
  it('can be taken off it; what is not given stays', async () => {
    const id = await make('pictures', { vlmModel: 'looks' });
    await data(send('PUT', '/update', { id, intro: 'birds' }));
    expect(await data(send('GET', `/detail?id=${id}`))).toHaveProperty('vlmModel');
    await data(send('PUT', '/update', { id, vlmModel: '' }));
    expect(await data(send('GET', `/detail?id=${id}`))).not.toHaveProperty('vlmModel');
  });
});
