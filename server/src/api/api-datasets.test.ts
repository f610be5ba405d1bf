import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Outside, startOutside } from '../testing/outside.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

/* Datasets of the files of another system: a real server that speaks the contract of spec 2.10. */

let server: TestServer;
let outside: Outside;
let key: string;
const token = 'canary-of-the-file-server';

interface File {
  name: string;
  parentId: string | null;
  content?: string;
  previewUrl?: string;
  readUrl?: string;
}
const files = new Map<string, File>();
let broken: string | undefined;

beforeAll(async () => {
  outside = await startOutside((request, response) => {
    const answer = (data: unknown, success = true, message = ''): void => {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ code: 200, success, message, data }));
    };
    if (request.path === '/paper.txt') {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('The paper is about egrets.');
      return;
    }
    if (broken !== undefined) return answer(null, false, broken);
    if (request.headers.authorization !== `Bearer ${token}`) return answer(null, false, 'wrong token');
    const shown = ([id, { name, parentId, content, previewUrl }]: [string, File]) => ({
      id,
      parentId,
      name,
      type: content === undefined && previewUrl === undefined ? 'folder' : 'file',
      createTime: '2026-11-24T08:00:00.000Z',
      updateTime: 1_764_000_000_000,
    });
    const id = request.query.get('id') ?? '';
    const file = files.get(id);
    if (request.path.endsWith('/list')) {
      const { parentId, searchKey } = request.body;
      const list = [...files].filter(([, { name, parentId: at }]) =>
        searchKey ? name.includes(String(searchKey)) : at === parentId,
      );
      return answer(list.map(shown));
    }
    if (!file) return answer(null, false, `no file ${id}`);
    if (request.path.endsWith('/detail')) return answer(shown([id, file]));
    if (request.path.endsWith('/read')) return answer({ url: file.readUrl });
    return answer({ title: file.name, content: file.content, previewUrl: file.previewUrl });
  });
  server = await startTestServer({}, { guard: outside.guard });
  key = await server.createKey({ name: 'api' });
}, 60_000);
afterAll(async () => {
  await server.close();
  await outside.close();
});

const base = '/api/core/dataset';
const call = (method: string, path: string, body?: unknown) =>
  server.call(method, base + path, { key, ...(body !== undefined && { body }) });
const asPerson = (method: string, path: string, body?: unknown) =>
  server.call(method, base + path, {
    sessionToken: server.root.sessionToken,
    ...(body !== undefined && { body }),
  });
async function data(answered: ReturnType<typeof call>) {
  const answer = await answered;
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}
const apiServer = (more: object = {}) => ({
  apiServer: { baseUrl: 'http://files.example/api/', authorization: token, ...more },
});
const newDataset = (more: object = {}): Promise<string> =>
  data(
    call('POST', '/create', { name: 'Files', type: 'apiDataset', apiDatasetServer: apiServer(), ...more }),
  );
async function imported(collectionId: string): Promise<string> {
  for (let i = 0; i < 400; i++) {
    const { progress, error } = await data(
      call('GET', `/collection/trainingDetail?collectionId=${collectionId}`),
    );
    if (progress.state === 'failed') return `failed: ${error}`;
    if (progress.state === 'done') {
      const { list } = await data(call('POST', '/data/v2/list', { collectionId }));
      return list.map(({ q }: { q: string }) => q).join('\n');
    }
    await pause(25);
  }
  throw new Error('the import did not end');
}

describe('an API dataset', () => {
  it('lists what the other system has, says its paths, and never shows the credential', async () => {
    files.clear();
    files.set('law', { name: 'Law', parentId: null });
    files.set('contracts', { name: 'Contracts', parentId: 'law' });
    files.set('1', { name: 'Lease', parentId: 'contracts', content: 'The lease.' });
    const datasetId = await newDataset();
    const detail = await data(call('GET', `/detail?id=${datasetId}`));
    expect(detail).toMatchObject({
      type: 'apiDataset',
      apiDatasetServer: {
        apiServer: { baseUrl: 'http://files.example/api', basePath: '', authorization: '' },
      },
    });
    expect(await data(call('POST', '/apiDataset/list', { datasetId }))).toEqual([
      {
        id: 'law',
        rawId: 'law',
        parentId: null,
        name: 'Law',
        type: 'folder',
        hasChild: true,
        createTime: '2026-11-24T08:00:00.000Z',
        updateTime: '1764000000000',
      },
    ]);
    const names = async (body: object) =>
      (await data(call('POST', '/apiDataset/list', { datasetId, ...body }))).map(({ name }: File) => name);
    expect(await names({ parentId: 'contracts' })).toEqual(['Lease']);
    expect(await names({ searchKey: 'on' })).toEqual(['Contracts']);
    expect(await data(call('POST', '/apiDataset/getPathNames', { datasetId, parentId: 'contracts' }))).toBe(
      '/Law/Contracts',
    );
    expect(await data(call('POST', '/apiDataset/getPathNames', { datasetId, parentId: null }))).toBe('');
    const catalog = { apiDatasetServer: apiServer({ basePath: 'law' }) };
    const folders = await data(asPerson('POST', '/apiDataset/getCatalog', catalog));
    expect(folders.map(({ name }: File) => name)).toEqual(['Contracts']);
    const stored = await server.app.store.db.selectFrom('datasets').selectAll().execute();
    expect(JSON.stringify([stored, detail])).not.toContain(token);
  });

  it('imports files and whole folders, each once, by text or by address', async () => {
    files.clear();
    files.set('top', { name: 'Top', parentId: null });
    files.set('sub', { name: 'Sub', parentId: 'top' });
    files.set('a', { name: 'Heron', parentId: 'top', content: '# Heron\n\nThe heron stands in the water.' });
    files.set('b', { name: 'Paper', parentId: 'sub', previewUrl: 'http://files.example/paper.txt' });
    files.set('c', { name: 'Gone', parentId: 'sub', previewUrl: 'http://169.254.169.254/latest/' });
    const datasetId = await newDataset();
    const single = await data(
      call('POST', '/collection/create/apiCollection', { datasetId, name: 'Heron', apiFileId: 'a' }),
    );
    expect(await imported(single.collectionId)).toContain('in the water');
    const again = await call('POST', '/collection/create/apiCollection', {
      datasetId,
      name: 'Heron',
      apiFileId: 'a',
    });
    expect([again.status, again.json.code]).toEqual([409, 501000]);
    const apiFiles = [{ id: 'top', parentId: null, name: 'Top', type: 'folder', hasChild: true }];
    const made = await data(
      call('POST', '/collection/create/apiCollectionV2', { datasetId, apiFiles, tags: ['x'] }),
    );
    expect([made.collectionIds.length, made.skipped]).toEqual([2, 1]);
    const texts = await Promise.all(made.collectionIds.map(imported));
    expect(texts.toSorted()).toEqual([
      expect.stringMatching(/^The paper is about egrets/),
      expect.stringMatching(/^failed: .*not allowed/),
    ]);
    expect((await data(call('GET', `/apiDataset/listExistId?datasetId=${datasetId}`))).toSorted()).toEqual([
      'a',
      'b',
      'c',
    ]);
    const detail = await data(call('GET', `/collection/detail?id=${single.collectionId}`));
    expect(detail).toMatchObject({ type: 'apiFile', apiFileId: 'a', sourceId: 'a', name: 'Heron' });
  });

  it('keeps folders as folders, and fills up those that were made before', async () => {
    files.clear();
    files.set('law', { name: 'Law', parentId: null });
    files.set('old', { name: 'Old', parentId: 'law' });
    files.set('empty', { name: 'Empty', parentId: 'law' });
    files.set('1', { name: 'Lease', parentId: 'law', content: 'The lease.' });
    files.set('2', { name: 'Will', parentId: 'old', content: 'The will.' });
    files.set('3', { name: 'Note', parentId: null, content: 'The note.' });
    const datasetId = await newDataset();
    const place = await data(call('POST', '/collection/create', { datasetId, name: 'Mine', type: 'folder' }));
    const create = (apiFiles: object[]) =>
      data(call('POST', '/collection/create/apiCollectionV2', { datasetId, parentId: place, apiFiles }));
    const tree = async (parentId: string): Promise<unknown[]> => {
      const { list } = await data(call('POST', '/collection/listV2', { datasetId, parentId, pageSize: 30 }));
      const named = (list as { _id: string; name: string; type: string }[]).toSorted((a, b) =>
        a.name < b.name ? -1 : 1,
      );
      return await Promise.all(
        named.map(async ({ _id, name, type }) => (type === 'folder' ? [name, await tree(_id)] : name)),
      );
    };
    const law = { id: 'law', name: 'Law', type: 'folder', hasChild: true };
    await create([law, { id: '3', name: 'Note', type: 'file' }]);
    expect(await tree(place)).toEqual([['Law', ['Lease', ['Old', ['Will']]]], 'Note']);
    const known = await data(call('GET', `/apiDataset/listExistId?datasetId=${datasetId}`));
    expect(known.toSorted()).toEqual(['1', '2', '3']);
    files.set('4', { name: 'Deed', parentId: 'old', content: 'The deed.' });
    expect((await create([law])).skipped).toBe(2);
    expect(await tree(place)).toEqual([['Law', ['Lease', ['Old', ['Deed', 'Will']]]], 'Note']);
  });

  it('imports each file once, however many ask for it at the same time', async () => {
    files.clear();
    for (const id of ['1', '2', '3'])
      files.set(id, { name: `File ${id}`, parentId: null, content: `Text ${id}.` });
    const datasetId = await newDataset();
    const apiFiles = [...files].map(([id, { name }]) => ({ id, name, type: 'file' }));
    const many = await Promise.all(
      [1, 2, 3].map(() => data(call('POST', '/collection/create/apiCollectionV2', { datasetId, apiFiles }))),
    );
    const made = many.flatMap(({ collectionIds }: { collectionIds: string[] }) => collectionIds);
    expect(made).toHaveLength(3);
    expect(many.reduce((sum: number, { skipped }: { skipped: number }) => sum + skipped, 0)).toBe(6);
    const { total } = await data(call('POST', '/collection/listV2', { datasetId }));
    expect(total).toBe(3);
    const other = await newDataset();
    const ones = await Promise.all(
      [1, 2, 3].map(() =>
        call('POST', '/collection/create/apiCollection', { datasetId: other, name: 'One', apiFileId: '1' }),
      ),
    );
    expect(ones.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  }, 60_000);

  it('keeps the name that its caller gave, and says where the other system shows the file', async () => {
    files.clear();
    files.set('a', {
      name: 'Heron',
      parentId: null,
      content: 'Grey.',
      readUrl: 'https://wiki.example/heron',
    });
    files.set('b', { name: 'Egret', parentId: null, content: 'White.' });
    files.set('c', { name: 'Crane', parentId: null, content: 'Tall.', readUrl: 'javascript:alert(1)' });
    const datasetId = await newDataset();
    const read = async (apiFileId: string) => {
      const body = { datasetId, name: `My ${apiFileId}`, apiFileId };
      const { collectionId } = await data(call('POST', '/collection/create/apiCollection', body));
      await imported(collectionId);
      const detail = await data(call('GET', `/collection/detail?id=${collectionId}`));
      expect(detail.name).toBe(body.name);
      return await data(call('POST', '/collection/read', { collectionId }));
    };
    expect(await read('a')).toEqual({ type: 'url', value: 'https://wiki.example/heron' });
    expect(
      outside.requests.some(({ path, query }) => path === '/api/v1/file/read' && query.get('id') === 'a'),
    ).toBe(true);
    // Where the system names none that can be opened, the copy that was read is shown.
    for (const id of ['b', 'c']) expect((await read(id)).value).toContain(`${server.url}/api/`);
  });

  it('shows the pieces that a file would become, and stores nothing', async () => {
    files.clear();
    const content = `# Heron\n\n${'It stands. '.repeat(400)}\n\n# Egret\n\nIt is white.`;
    files.set('a', { name: 'Birds', parentId: null, content });
    files.set('b', { name: 'Paper', parentId: null, previewUrl: 'http://files.example/paper.txt' });
    files.set('c', { name: 'Inside', parentId: null, previewUrl: 'http://169.254.169.254/latest/' });
    const datasetId = await newDataset();
    const preview = (sourceId: string, of = datasetId) =>
      call('POST', '/file/getPreviewChunks', { datasetId: of, type: 'apiFile', sourceId });
    const shown = await data(preview('a'));
    expect(await data(call('POST', '/collection/listV2', { datasetId }))).toMatchObject({ total: 0 });
    const { collectionId } = await data(
      call('POST', '/collection/create/apiCollection', { datasetId, name: 'Birds', apiFileId: 'a' }),
    );
    const stored = (await imported(collectionId)).trim();
    expect(shown.total).toBeGreaterThan(1);
    expect(shown.chunks.map(({ q }: { q: string }) => q).join('\n')).toBe(stored);
    expect(await data(preview('b'))).toMatchObject({
      total: 1,
      chunks: [{ q: expect.stringContaining('about egrets') }],
    });
    expect((await preview('c')).json.message).toContain('not allowed');
    expect((await preview('none')).json.message).toContain('no file none');
    const plain = await data(call('POST', '/create', { name: 'plain' }));
    expect((await preview('a', plain)).json.code).toBe(501012);
    expect(
      await server.app.store.db.selectFrom('files').select('name').where('name', 'like', 'Birds%').execute(),
    ).toHaveLength(1);
  });

  it('fetches a file again when it is told to, and keeps what it had when that fails', async () => {
    files.clear();
    files.set('a', { name: 'Heron', parentId: null, content: 'The heron is grey.' });
    const datasetId = await newDataset();
    const { collectionId } = await data(
      call('POST', '/collection/create/apiCollection', { datasetId, name: 'Heron', apiFileId: 'a' }),
    );
    await imported(collectionId);
    const sync = () => data(call('POST', '/collection/sync', { collectionId }));
    expect(await sync()).toBe('sameRaw');
    files.set('a', { name: 'Heron', parentId: null, content: 'The heron is blue.' });
    expect(await sync()).toBe('success');
    for (let i = 0; i < 200 && !(await imported(collectionId)).includes('blue'); i++) await pause(25);
    expect(await imported(collectionId)).toBe('The heron is blue.');
    broken = 'closed today';
    const failed = await call('POST', '/collection/sync', { collectionId });
    expect([failed.status, failed.json.data]).toEqual([200, 'failed']);
    expect(failed.json.message).toMatch(/closed today.*Look at the API server/);
    broken = undefined;
    expect(await imported(collectionId)).toBe('The heron is blue.');
  });

  it('says what its server said, and what is no such server', async () => {
    const datasetId = await newDataset();
    broken = 'closed today';
    const closed = await call('POST', '/apiDataset/list', { datasetId });
    broken = undefined;
    expect([closed.status, closed.json.message]).toEqual([502, expect.stringContaining('closed today')]);
    const plain = await data(call('POST', '/create', { name: 'plain' }));
    expect((await call('POST', '/apiDataset/list', { datasetId: plain })).json.code).toBe(501012);
    const other = await newDataset({
      apiDatasetServer: { apiServer: { baseUrl: 'http://files.example', authorization: 'x' } },
    });
    expect((await call('POST', '/apiDataset/list', { datasetId: other })).json.message).toContain(
      'wrong token',
    );
    const lark = await call('POST', '/create', {
      name: 'x',
      type: 'apiDataset',
      apiDatasetServer: { feishuServer: { appId: '1' } },
    });
    expect([lark.status, lark.json.message]).toEqual([400, expect.stringContaining('feishuServer')]);
  });

  it('keeps its credential when it is changed, and gives it to no other server', async () => {
    files.clear();
    files.set('1', { name: 'One', parentId: null, content: 'x' });
    const id = await newDataset();
    const update = (baseUrl: string, more: object = {}) =>
      asPerson('PUT', '/update', { id, apiDatasetServer: { apiServer: { baseUrl, ...more } } });
    expect((await update('http://files.example/v2')).status).toBe(200);
    expect(await data(call('POST', '/apiDataset/list', { datasetId: id }))).toHaveLength(1);
    const moved = await update('http://thief.example/');
    expect([moved.status, moved.json.message]).toEqual([400, expect.stringContaining('authorization')]);
    const header = await update('http://files.example', { authorization: 'a\r\nx-evil: 1' });
    expect([header.status, header.json.message]).toEqual([400, expect.stringContaining('authorization')]);
    expect(outside.requests.some(({ host }) => host === 'thief.example')).toBe(false);
  });
});
