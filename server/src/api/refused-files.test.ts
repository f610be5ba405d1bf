import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePng } from '../retrieval/formats/fixtures-pictures.ts';
import { formOf, importEnd, itemsOf } from '../testing/knowledge.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
let key: string;
let datasetId: string;
const base = '/api/core/dataset';
const collection = `${base}/collection`;

beforeAll(async () => {
  server = await startTestServer();
  key = await server.createKey({ name: 'refused' });
  datasetId = (await post(`${base}/create`, { name: 'refused' })).json.data;
}, 60_000);
afterAll(() => server.close());

const post = (path: string, body: unknown) => server.call('POST', path, { key, body });
const counted = async (table: 'files' | 'collections' | 'uploads' | 'jobs') =>
  (await server.app.store.db.selectFrom(table).select('id').execute()).length;
const left = async () => [await counted('files'), await counted('collections'), await counted('uploads')];

async function imported(kind: string, name: string, content: string | Uint8Array<ArrayBuffer>) {
  const made = await post(`${collection}/create/${kind}`, formOf(content, name, { datasetId }));
  expect(made.status, made.text).toBe(200);
  const { collectionId } = made.json.data;
  return { collectionId, detail: await importEnd(server, key, collectionId) };
}

describe('what can only fail is refused at once and leaves nothing', () => {
  const exe = 'MZ\x90\x00rest';
  it.each([
    ['localFile', 'x.exe', exe, /type exe cannot be read.*xls, ods/],
    ['localFile', 'x.msg', 'anything', /Outlook.*\.eml/],
    ['localFile', 'page.mht', 'From: x', /web archive.*HTML/],
    ['localFile', 'empty.md', '', /empty\.md is empty/],
    ['backup', 'empty.csv', '', /empty\.csv is empty/],
    ['backup', 'list.csv', 'name,price\nhub,4\n', /first line must begin/],
    ['template', 'paper.pdf', '%PDF-1.7', /paper\.pdf is no CSV/],
  ])('%s of %s', async (kind, name, content, why) => {
    const before = await left();
    const answer = await post(`${collection}/create/${kind}`, formOf(content, name, { datasetId }));
    expect(answer.status, answer.text).toBe(400);
    expect(answer.json.message).toMatch(why);
    expect(await left()).toEqual(before);
  });

  it('also where files are uploaded first', async () => {
    const before = await left();
    const upload = (name: string, content: string) =>
      post('/api/common/file/upload', formOf(content, name, { bucketName: 'dataset' }));
    expect((await upload('x.exe', exe)).status).toBe(400);
    expect((await upload('a.md', '')).json.message).toMatch(/a\.md is empty/);
    const presign = (body: object) => post(`${base}/presignDatasetFilePostUrl`, body);
    expect((await presign({ filename: 'x.exe' })).json.message).toMatch(/type exe/);
    expect((await presign({ filename: 'a.md', size: 0 })).status).toBe(400);
    expect(await left()).toEqual(before);
  });

  it('a file that is called something else than it is passes', async () => {
    const { detail } = await imported('localFile', 'page.bin', '<html><body><p>A vole.</p></body></html>');
    expect(detail.error).toBeUndefined();
  });

  it('an empty text is told so', async () => {
    const answer = await post(`${collection}/create/text`, { datasetId, name: 'n', text: ' ' });
    expect([answer.status, answer.json.message]).toEqual([400, expect.stringContaining('text is empty')]);
  });

  it('an upload that is longer than announced is told so', async () => {
    const { json } = await post(`${base}/presignDatasetFilePostUrl`, { filename: 'a.md', size: 10 });
    const answer = await fetch(String(json.data.url), { method: 'PUT', body: 'far more than ten bytes' });
    expect(answer.status).toBe(413);
    expect(await answer.text()).toContain('announced with 10 bytes, and more came');
  });
});

describe('what an import leaves out is said', () => {
  it('rows of a CSV without a question', async () => {
    const { collectionId, detail } = await imported('backup', 'qa.csv', 'q,a\nWhat?,That.\n,Nobody asked.\n');
    expect(detail.notice).toMatch(/^1 row has no question/);
    expect(await itemsOf(server, collectionId)).toHaveLength(1);
  });

  it('bad lines of JSON lines, unless they are the most', async () => {
    const { detail } = await imported('localFile', 'a.jsonl', '{"a":1}\n{"a":2}\n{"a":\n');
    expect(detail.notice).toMatch(/^1 line is no valid JSON/);
    const bad = await imported('localFile', 'b.jsonl', '{"a":1}\n{"a"\n{"b"\n');
    expect(bad.detail.error).toMatch(/line 2/);
  });
});

describe('a failed import says what fits', () => {
  it('of a picture that was cut off, without waiting for its text', async () => {
    const png = new Uint8Array(makePng(400, 300));
    const { collectionId, detail } = await imported('localFile', 'cut.png', png.slice(0, png.length - 40));
    expect(detail.error).toMatch(/damaged: its end is missing/);
    const { json } = await server.call('GET', `/api/core/jobs?collectionId=${collectionId}`, { key });
    expect(json.data.list[0].hint).toMatch(/upload it again/);
  });

  it('of a page with more elements than fit into memory', async () => {
    const { detail } = await imported('localFile', 'a.html', `<html><body>${'<p>a'.repeat(200_001)}`);
    expect(detail.error).toMatch(/more than 200000 elements/);
  });

  it('of broken JSON, in the language of the reader', async () => {
    const { collectionId } = await imported('localFile', 'a.json', '{"a": 1,\n "b" 2}');
    const path = `/api/core/jobs?collectionId=${collectionId}`;
    const { json } = await server.call('GET', path, { key, headers: { 'accept-language': 'zh-CN' } });
    expect(json.data.list[0].error).toMatch(/第 2 行第 6 列/);
    expect(json.data.list[0].error).not.toMatch(/[a-z]{6}/);
  });
});
