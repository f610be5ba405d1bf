import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { formOf, importEnd, itemsOf } from '../testing/knowledge.ts';
import { key, ours, post, server, theirs } from './test-two-teams.ts';

const base = '/api/core/dataset';

async function newDataset(name: string): Promise<string> {
  return (await post(`${base}/create`, { name })).json.data;
}

async function backup(datasetId: string, csv: string | Uint8Array<ArrayBuffer>, kind = 'backup') {
  const made = await post(`${base}/collection/create/${kind}`, formOf(csv, 'data.csv', { datasetId }));
  expect(made.status, made.text).toBe(200);
  const { collectionId } = made.json.data;
  return { collectionId, detail: await importEnd(server, key, collectionId) };
}

/** What spreadsheets, CSV and databases stumble over. */
const hard = [
  { q: 'plain', a: 'words', indexes: ['one', 'two'] },
  { q: 'quotes "inside", commas; semicolons', a: '', indexes: [] },
  { q: 'two\nlines', a: 'and\r\nwindows lines', indexes: ['an\nindex'] },
  { q: '=HYPERLINK("http://evil")', a: '+1', indexes: ['-2', '@cmd'] },
  { q: "'=already quoted", a: "''+twice", indexes: ["'plain apostrophe"] },
  { q: '  blanks around  ', a: '\ttab first', indexes: [] },
  { q: '问题：多少天？', a: '三十天 🙂', indexes: ['假期'] },
];

describe('an export', () => {
  it('imported again gives equal data', async () => {
    const datasetId = await newDataset('round trip');
    const made = await post(`${base}/collection/create`, { datasetId, name: 'hard', type: 'virtual' });
    const collectionId = made.json.data;
    const data = hard.map(({ indexes, ...item }) => ({
      ...item,
      indexes: indexes.map((text) => ({ text })),
    }));
    expect((await post(`${base}/data/pushData`, { collectionId, data })).json.data.insertLen).toBe(
      hard.length,
    );
    const exported = await post(`${base}/collection/export`, { collectionId });
    expect(exported.status, exported.text).toBe(200);
    expect(exported.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(exported.headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''hard.csv");
    // As FastGPT's, with its further indexes in columns of their own.
    expect(exported.text.split('\r\n')[0]).toBe('index,content');
    expect(exported.text.split('\r\n')[1]).toBe('"plain","words","one","two"');
    const again = await backup(datasetId, exported.text);
    expect(again.detail.error).toBeUndefined();
    expect(again.detail.trainingType).toBe('backup');
    expect(await itemsOf(server, again.collectionId)).toEqual(hard);
    const twice = await post(`${base}/collection/export`, { collectionId: again.collectionId });
    expect(twice.text).toBe(exported.text);
  });

  it('holds no cell that a spreadsheet would run', async () => {
    const datasetId = await newDataset('formulas');
    const made = await post(`${base}/collection/create`, { datasetId, name: 'f', type: 'virtual' });
    const collectionId = made.json.data;
    const data = ['=1+1', '+1', '-1', '@x', '\t=1', '\r=1'].map((q) => ({ q }));
    await post(`${base}/data/pushData`, { collectionId, data });
    const { text } = await post(`${base}/collection/export`, { collectionId });
    expect(text).not.toMatch(/(?:^|,)"[=+\-@\t\r]/m);
    expect(text.match(/(?:^|,)"'[=+\-@\t\r]/gm)).toHaveLength(data.length);
  });

  it('of a dataset has the items of all its collections in order, however many', async () => {
    const datasetId = await newDataset('large');
    const wanted: string[] = [];
    for (const [name, amount] of [['a', 620] as const, ['b', 3] as const]) {
      const rows = Array.from({ length: amount }, (_, i) => `${name} ${i}`);
      wanted.push(...rows);
      await backup(datasetId, `q,a\n${rows.join(',\n')},\n`);
    }
    const { sessionToken } = server.root;
    const path = `${base}/exportAll?datasetId=${datasetId}`;
    const exported = await server.call('GET', path, { sessionToken });
    const lines = exported.text.trimEnd().split('\r\n');
    expect(lines[0]).toBe('q,a,indexes');
    expect(lines.slice(1)).toEqual(wanted.map((q) => `"${q}",""`));
    expect((await server.call('GET', path, { key: ours.globalKey })).text).toBe(exported.text);
    const again = await backup(datasetId, exported.text);
    expect((await itemsOf(server, again.collectionId)).map(({ q }) => q)).toEqual(wanted);
    for (const caller of [{ sessionToken }, { key: ours.globalKey }]) {
      const foreign = `${base}/exportAll?datasetId=${theirs.datasetId}`;
      expect((await server.call('GET', foreign, caller)).status).toBe(404);
    }
    expect((await server.call('GET', path, { key: ours.appKey })).status).toBe(403);
  });

  it('of a collection is for who may read it, or reads an answer that cites it', async () => {
    const { appId, chatId, collectionId } = ours;
    const foreign = await post(`${base}/collection/export`, { collectionId: theirs.collectionId });
    expect(foreign.status).toBe(404);
    const { dataId: chatItemDataId } = await server.app.store.db
      .selectFrom('runs')
      .select('dataId')
      .where('appId', '=', appId)
      .executeTakeFirstOrThrow();
    const cited = { collectionId, appId, chatId, chatItemDataId };
    expect((await post(`${base}/collection/export`, cited, ours.appKey)).text).toContain('blue heron');
    expect((await post(`${base}/collection/export`, { collectionId }, ours.appKey)).status).toBe(403);
    expect((await post(`${base}/collection/export`, cited, theirs.appKey)).status).toBe(403);
  });

  it('is not for the sixty-first time in a quarter of an hour', async () => {
    const person = await server.createMember('exporter', 'viewer');
    const { sessionToken } = person;
    const body = { collectionId: ours.collectionId };
    const limit = `/api/support/user/team/limit/exportDatasetLimit?datasetId=${ours.datasetId}`;
    for (let i = 0; i < 60; i++) {
      const answer = await server.call('POST', `${base}/collection/export`, { sessionToken, body });
      expect(answer.status).toBe(200);
    }
    expect((await server.call('GET', limit, { sessionToken })).status).toBe(429);
    const answer = await server.call('POST', `${base}/collection/export`, { sessionToken, body });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await server.call('GET', limit, { sessionToken: server.root.sessionToken })).status).toBe(200);
  });
});

describe('a CSV of questions and answers', () => {
  it.each([
    ['gb18030', 'gb18030', ','],
    ['UTF-16 with a mark', 'utf16', '\t'],
    ['Big5', 'big5', ';'],
  ])('in %s is read as it stands', async (_name, encoding, delimiter) => {
    const datasetId = await newDataset(encoding);
    const rows = Array.from({ length: 40 }, (_, i) =>
      ['年假有多少天', `三十天加${i}天`, '假期'].join(delimiter),
    );
    const csv = [['q', 'a', 'indexes'].join(delimiter), ...rows].join('\r\n');
    const bytes = new Uint8Array(iconv.encode(csv, encoding, { addBOM: encoding === 'utf16' }));
    const { collectionId, detail } = await backup(datasetId, bytes, 'template');
    expect(detail.error).toBeUndefined();
    const items = await itemsOf(server, collectionId);
    expect(items).toHaveLength(40);
    expect(items[7]).toEqual({ q: '年假有多少天', a: '三十天加7天', indexes: ['假期'] });
  });

  it("of FastGPT's own export is taken, and rows without a question are left out", async () => {
    const datasetId = await newDataset('fastgpt');
    const { collectionId, detail } = await backup(
      datasetId,
      'index,content\n"one","1\n(of many lines)"\n\n"","nobody asked"\n\n"two"\n,again nobody\n',
    );
    // As a person counts them in the file: the header is row 1, a cell of two lines makes no further row.
    expect(detail.notice).toBe('2 rows have no question (q) and were left out: rows 4, 7.');
    expect(await itemsOf(server, collectionId)).toEqual([
      { q: 'one', a: '1\n(of many lines)', indexes: [] },
      { q: 'two', a: '', indexes: [] },
    ]);
  });

  it.each([
    ['a quotation mark that never ends', 'q,a\n"never', 'no valid CSV'],
    ['a header alone', 'q,a,indexes\n', 'No text was found'],
  ])('that is %s fails with its cause', async (_name, csv, cause) => {
    const datasetId = await newDataset('broken');
    const { collectionId, detail } = await backup(datasetId, csv);
    expect(detail.progress.state).toBe('failed');
    expect(detail.error).toContain(cause);
    expect(await itemsOf(server, collectionId)).toEqual([]);
  });
});
