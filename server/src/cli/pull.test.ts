import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lectern } from '../testing/lectern.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

/* From one server into another, by the command as a user runs it. */

let from: TestServer;
let to: TestServer;
let key: string;
beforeAll(async () => {
  from = await startTestServer();
  to = await startTestServer();
  key = await from.createKey();
}, 60_000);
afterAll(async () => {
  await from.close();
  await to.close();
});

async function post(path: string, body: unknown) {
  const answer = await from.call('POST', `/api/core/dataset/${path}`, { key, body });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.text}`);
  return answer.json.data;
}

function pull(args: string[], env: Record<string, string> = {}, url = from.url) {
  const { databaseUrl } = to.app.config;
  const command = ['pull', '--from', `${url}/api`, '--data', to.dataDir, '--per-second', '500', '--json'];
  const database: Record<string, string> = databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl };
  return lectern([...command, ...args], { env: { ...database, LECTERN_PULL_KEY: key, ...env } });
}

async function pulled(args: string[] = [], url?: string) {
  const outcome = await pull(args, {}, url);
  if (outcome.code !== 0) throw new Error(outcome.err + outcome.out);
  return JSON.parse(outcome.out);
}

/** A folder with a dataset that has a folder, two collections and 70 items, and a second dataset. */
async function makeKnowledge(): Promise<{ datasetId: string; notes: string; other: string }> {
  const folderId = await post('create', { name: 'Company', type: 'folder' });
  const datasetId = await post('create', { name: '手册 Handbook', intro: 'rules', parentId: folderId });
  const chapter = await post('collection/create', { datasetId, name: 'Chapters', type: 'folder' });
  const notes = await post('collection/create', {
    datasetId,
    parentId: chapter,
    name: 'notes',
    type: 'virtual',
    tags: ['hr'],
    metadata: { year: 2026 },
  });
  await post('collection/create', { datasetId, name: 'empty', type: 'virtual' });
  const item = (i: number) => ({
    q: `Rule ${i} says zebra${i}.`,
    a: i % 2 === 0 ? `Answer ${i}` : '',
    indexes: i % 10 === 0 ? [{ text: `nickname ${i}` }, { type: 'question', text: `why ${i}?` }] : [],
  });
  const data = Array.from({ length: 70 }, (_, i) => item(i));
  await post('data/pushData', { collectionId: notes, trainingType: 'chunk', data });
  const other = await post('create', { name: 'Other' });
  const single = await post('collection/create', { datasetId: other, name: 'c', type: 'virtual' });
  await post('data/pushData', {
    collectionId: single,
    trainingType: 'chunk',
    data: [{ q: 'A lonely item.' }],
  });
  return { datasetId, notes, other };
}

const stored = async () => {
  const { db } = to.app.store;
  const [items, indexes] = await Promise.all([
    db
      .selectFrom('data')
      .select(['id', 'q', 'a', 'chunkIndex', 'updateTime'])
      .orderBy('chunkIndex')
      .execute(),
    db.selectFrom('data_indexes').select(['dataId', 'type', 'text']).orderBy('text').execute(),
  ]);
  return { items: items.filter(({ q }) => /zebra|lonely/.test(q)), indexes };
};

describe('lectern pull', { timeout: 180_000 }, () => {
  it('brings folders, collections, items and their indexes, and nothing twice', async () => {
    const { datasetId, notes, other } = await makeKnowledge();
    const first = await pulled(['--dataset', datasetId]);
    expect(first).toMatchObject({ added: 70, changed: 0, same: 0, incomplete: [] });
    expect(first.datasets).toMatchObject([
      { remoteId: datasetId, name: '手册 Handbook', collections: 2, items: 70 },
    ]);
    const before = await stored();
    expect(before.items.map(({ q }) => q)).toEqual(
      Array.from({ length: 70 }, (_, i) => `Rule ${i} says zebra${i}.`),
    );
    expect(before.items[4]?.a).toBe('Answer 4');
    expect(before.indexes).toHaveLength(14);
    expect(before.indexes.filter(({ type }) => type === 'question')).toHaveLength(7);

    // As its own users see it.
    const here = await to.createKey();
    const call = async (method: string, path: string, body?: object) =>
      (await to.call(method, `/api/core/dataset/${path}`, { key: here, ...(body && { body }) })).json.data;
    const id = first.datasets[0].id;
    const [folder] = (await call('POST', 'list', {})).filter(
      ({ name }: { name: string }) => name === 'Company',
    );
    expect(folder.type).toBe('folder');
    expect((await call('GET', `detail?id=${id}`)).parentId).toBe(folder._id);
    const [chapters] = (await call('POST', 'collection/listV2', { datasetId: id })).list.filter(
      ({ type }: { type: string }) => type === 'folder',
    );
    const { list } = await call('POST', 'collection/listV2', { datasetId: id, parentId: chapters._id });
    expect(list).toMatchObject([{ name: 'notes', type: 'virtual', dataAmount: 70 }]);
    const detail = await call('GET', `collection/detail?id=${list[0]._id}`);
    expect(detail).toMatchObject({ tags: ['hr'], metadata: { year: 2026 } });
    const found = await call('POST', 'searchTest', { datasetId: id, text: 'nickname 30', limit: 500 });
    expect(found.list[0].q).toBe('Rule 30 says zebra30.');

    // Again: nothing. One changed and one added there: these two.
    expect(await pulled(['--dataset', datasetId])).toMatchObject({ added: 0, changed: 0, same: 70 });
    expect(await stored()).toEqual(before);
    const page = await post('data/v2/list', { collectionId: notes, searchText: 'zebra7.' });
    const update = { dataId: page.list[0]._id, q: 'Rule 7 says zebra7 again.' };
    await from.call('PUT', '/api/core/dataset/data/update', { key, body: update });
    await post('data/pushData', {
      collectionId: notes,
      trainingType: 'chunk',
      data: [{ q: 'zebra70 is new.' }],
    });
    expect(await pulled(['--dataset', '手册 Handbook'])).toMatchObject({ added: 1, changed: 1, same: 69 });
    // Other texts of their own are seen when asked for.
    const again = { dataId: page.list[0]._id, indexes: [{ text: 'striped' }] };
    await from.call('PUT', '/api/core/dataset/data/update', { key, body: again });
    expect(await pulled(['--dataset', datasetId])).toMatchObject({ added: 0, changed: 0 });
    expect(await pulled(['--dataset', datasetId, '--again'])).toMatchObject({
      added: 0,
      changed: 1,
      same: 70,
    });
    expect((await stored()).indexes.map(({ text }) => text)).toContain('striped');
    // The rest.
    const all = await pulled();
    expect(all.datasets.map(({ remoteId }: { remoteId: string }) => remoteId)).toContain(other);
    expect(all).toMatchObject({ changed: 0, incomplete: [] });
    expect((await stored()).items).toHaveLength(72);
  });

  it('goes on where it was interrupted, waits when it is asked to, and reads older servers', async () => {
    const datasetId = await post('create', { name: 'Long' });
    const collectionId = await post('collection/create', { datasetId, name: 'long', type: 'virtual' });
    const data = Array.from({ length: 90 }, (_, i) => ({ q: `zebra in a long list, number ${i}` }));
    await post('data/pushData', { collectionId, trainingType: 'chunk', data });
    // Between both: fails at the third page the first time, is too busy once, and knows the old paths only.
    const pages: number[] = [];
    let broken = true;
    let busy = 1;
    const between = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks).toString();
      const path = request.url ?? '';
      const answer = (status: number, message: string, headers: Record<string, string> = {}) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(JSON.stringify({ code: status, statusText: '', message, data: null }));
      };
      if (/v2\/list|listV2/.test(path)) return answer(404, 'unknown');
      if (path.endsWith('/data/list')) {
        const { offset } = JSON.parse(body);
        pages.push(offset);
        if (busy-- > 0) return answer(429, 'too fast', { 'retry-after': '1' });
        if (broken && offset === 60) return answer(500, `the key ${key} broke`);
      }
      const passed = await fetch(
        from.url +
          path.replace('/data/list', '/data/v2/list').replace('/collection/list', '/collection/listV2'),
        {
          method: request.method ?? 'GET',
          headers: { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' },
          ...(body && { body }),
        },
      );
      // Older servers called the list `data`.
      const text = (await passed.text()).replace('"data":{"list":[', '"data":{"data":[');
      response.writeHead(passed.status, { 'content-type': 'application/json' });
      response.end(text);
    });
    await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
    try {
      const failed = await pull(['--dataset', datasetId], {}, url);
      expect(failed.code).toBe(1);
      expect(failed.err).toMatch(/HTTP 500: the key \[removed\] broke/);
      expect(failed.out + failed.err).not.toContain(key);
      expect(pages).toEqual([0, 0, 30, 60]);
      const inStore = async () => (await stored()).items.filter(({ q }) => q.includes('long list')).length;
      expect(await inStore()).toBe(60);
      broken = false;
      expect(await pulled(['--dataset', datasetId], url)).toMatchObject({ added: 30, same: 60 });
      expect(await inStore()).toBe(90);
    } finally {
      between.closeAllConnections();
      await new Promise((resolve) => between.close(resolve));
    }
  });

  it('says what is wrong with the key, the address or the name, and never shows the key', async () => {
    const wrong = `fastgpt-${'w'.repeat(56)}`;
    const refused = await pull(['--key', wrong]);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/HTTP 401.*Is the key a global key of that server\?/s);
    expect(refused.err + refused.out).not.toContain(wrong);
    const unknown = await pull(['--dataset', 'No such dataset']);
    expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('No such dataset') });
    const missing = await pull([], { LECTERN_PULL_KEY: '' });
    expect(missing).toMatchObject({ code: 2, err: expect.stringContaining('LECTERN_PULL_KEY') });
    const nowhere = await lectern(['pull', '--from', 'nowhere', '--key', 'k', '--data', to.dataDir], {
      env: to.app.config.databaseUrl ? { DATABASE_URL: to.app.config.databaseUrl } : {},
    });
    expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining('https://host/api') });
  });
});
