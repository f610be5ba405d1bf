import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { contract } from '@lectern/contract/contract.ts';
import { bodyLimits } from '@lectern/contract/endpoint.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
let key: string;
let datasetId: string;
beforeAll(async () => {
  server = await startTestServer();
  key = await server.createKey({ name: 'uploads' });
  const made = await server.call('POST', '/api/core/dataset/create', { key, body: { name: 'd' } });
  datasetId = made.json.data;
});
afterAll(() => server.close());

const path = '/api/core/dataset/collection/create/localFile';
/** Sends a form as it is written here: the file name is not touched by any client. */
function upload(disposition: string, bytes: string | Uint8Array = 'A vole lives here.') {
  const boundary = 'oneboundary';
  const part = (head: string) => `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n`;
  const body = Buffer.concat([
    Buffer.from(`${part('name="data"')}\r\n${JSON.stringify({ datasetId })}\r\n`),
    Buffer.from(`${part(`name="file"; ${disposition}`)}Content-Type: text/markdown\r\n\r\n`),
    Buffer.from(bytes),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': `multipart/form-data; boundary=${boundary}`,
  };
  return fetch(server.url + path, { method: 'POST', headers, body });
}
async function nameOf(answer: Response): Promise<string> {
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  const id: string = JSON.parse(text).data.collectionId;
  const detail = await server.call('GET', `/api/core/dataset/collection/detail?id=${id}`, { key });
  return detail.json.data.name;
}
/** Folders of requests vanish when they are answered, also while this looks. */
async function filesBelow(folder: string, below = ''): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
  const nested = await Promise.all(
    entries.map((entry) =>
      entry.isFile() ? [`${below}/${entry.name}`] : filesBelow(folder, `${below}/${entry.name}`),
    ),
  );
  return nested.flat();
}

describe('a file name', () => {
  it.each([
    ['filename="季度报告.md"', '季度报告.md'],
    ['filename="%E5%AD%A3%E5%BA%A6%20%E6%8A%A5%E5%91%8A.md"', '季度 报告.md'],
    ["filename*=UTF-8''%E5%AD%A3%E5%BA%A6.md", '季度.md'],
    ['filename="100%.md"', '100%.md'],
  ])('%s arrives intact', async (disposition, name) => {
    expect(await nameOf(await upload(disposition))).toBe(name);
  });

  it.each([
    'filename="../../../../evil-name.md"',
    'filename="..%2f..%2f..%2fevil-name.md"',
    'filename="%2e%2e%2f%2e%2e%2fevil-name.md"',
    'filename="/etc/evil-name.md"',
    'filename="C:\\\\Windows\\\\evil-name.md"',
    'filename="..\\\\..\\\\evil-name.md"',
    'filename="evil-name%00.md"',
    'filename="．．／evil-name.md"',
    `filename="${'evil-name'.repeat(200)}.md"`,
    'filename=".."',
    'filename=""',
    "filename*=UTF-8''..%2f..%2fevil-name.md",
  ])('%s is no path: files have names that the server made', async (disposition) => {
    expect([200, 400]).toContain((await upload(disposition)).status);
    const files = await filesBelow(server.dataDir);
    expect(files.filter((file) => file.includes('evil'))).toEqual([]);
    const blobs = files.filter((file) => file.startsWith('/blobs/'));
    expect(blobs.filter((file) => !/^\/blobs\/[0-9a-f]{2}\/[0-9a-f]{30}$/.test(file))).toEqual([]);
    expect(blobs.length).toBeGreaterThan(0);
  });
});

describe('an upload', () => {
  it('leaves no temporary file behind, taken or refused', async () => {
    await upload('filename="a.md"');
    await upload('name-is-missing');
    const text = { datasetId, name: 'text', text: 'Some words.' };
    await server.call('POST', '/api/core/dataset/collection/create/text', { key, body: text });
    const form = new FormData();
    form.set('data', '{"datasetId":"ffffffffffffffffffffffff"}');
    form.append('file', new Blob(['x']), 'x.md');
    expect((await server.call('POST', path, { key, body: form })).status).toBe(404);
    await vi.waitFor(async () => expect(await filesBelow(join(server.dataDir, 'tmp'))).toEqual([]));
  });

  it('of more files than the route takes is refused', async () => {
    const form = new FormData();
    form.set('data', JSON.stringify({ datasetId }));
    for (const name of ['a.md', 'b.md']) form.append('file', new Blob(['x']), name);
    const answer = await server.call('POST', path, { key, body: form });
    expect(answer.status).toBe(400);
    expect(answer.json.message).toContain('at most 1');
  });

  it('has a limit of size and number on every route that takes one', () => {
    const forms = Object.values(contract).filter((endpoint) => 'multipart' in endpoint);
    expect(forms.length).toBeGreaterThan(0);
    for (const { multipart, bodyLimit } of forms) {
      expect(multipart?.maxFiles).toBeGreaterThan(0);
      expect(Object.keys(bodyLimits)).toContain(bodyLimit);
    }
  });

  it.each([
    ['empty.md', ' ', 'No text was found', '未找到文字'],
    ['broken.pdf', 'this is no pdf', 'damaged or no PDF', '不是 PDF'],
  ])('of %s says in both languages why it failed', async (name, bytes, en, zh) => {
    const form = new FormData();
    form.set('data', JSON.stringify({ datasetId }));
    form.append('file', new Blob([bytes]), name);
    const { collectionId } = (await server.call('POST', path, { key, body: form })).json.data;
    const ask = async (language: string) => {
      const headers = { 'accept-language': language };
      const detail = await server.call(
        'GET',
        `/api/core/dataset/collection/trainingDetail?collectionId=${collectionId}`,
        { key, headers },
      );
      const list = await server.call('POST', '/api/core/dataset/training/getTrainingError', {
        key,
        headers,
        body: { collectionId },
      });
      return { ...detail.json.data, errors: list.json.data.list };
    };
    await vi.waitFor(async () => expect((await ask('en')).progress.state).toBe('failed'), 10_000);
    for (const [language, text] of [
      ['en', en],
      ['zh-CN', zh],
    ] as const) {
      const { error, errors } = await ask(language);
      expect(error).toContain(text);
      expect(errors).toMatchObject([{ errorMsg: error, cause: 'file' }]);
    }
    const listed = await server.call('POST', '/api/core/dataset/collection/listV2', {
      key,
      body: { datasetId, searchText: name },
    });
    expect(listed.json.data.list[0]).toMatchObject({ hasError: true, trainingAmount: 0 });
  });
});

describe('a filter', () => {
  it.each(['%', '_', '100\\%', "' OR 1=1 --", '!', '"', '$ne'])('takes %j for letters', async (text) => {
    const created = await server.call('POST', '/api/core/dataset/collection/create/text', {
      key,
      body: { datasetId, name: 'letters', text: `heading\n\nletters and words` },
    });
    const { collectionId } = created.json.data;
    const totalOf = async (route: string, body: object) => {
      const answer = await server.call('POST', `/api/core/dataset${route}`, { key, body });
      expect(answer.status, answer.text).toBe(200);
      return answer.json.data.total ?? answer.json.data.length;
    };
    expect(await totalOf('/data/v2/list', { collectionId })).toBe(1);
    expect(await totalOf('/data/v2/list', { collectionId, searchText: text })).toBe(0);
    expect(await totalOf('/collection/listV2', { datasetId, filterTags: [text] })).toBe(0);
    expect(await totalOf('/list', { searchKey: `${text}x` })).toBe(0);
    expect(await totalOf('/list', { type: [text] })).toBe(0);
  });
});
