import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { answerWith, startUpstream, type Upstream } from '../models/testing/upstream.ts';
import { makePptx, slidePicture, slideText } from '../retrieval/formats/fixtures-office.ts';
import { makePng } from '../retrieval/formats/fixtures-pictures.ts';
import { formOf, importEnd } from '../testing/knowledge.ts';
import { lectern } from '../testing/lectern.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

/* From one server into another, by the command as a user runs it. */

let from: TestServer;
let upstream: Upstream;
let to: TestServer;
let key: string;
beforeAll(async () => {
  upstream = await startUpstream(({ response }) => answerWith(response, 'A heron stands in reeds.'));
  const model = { OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'k', CHAT_MODEL: 'up-1' };
  from = await startTestServer(model, { trainOptions: { backoffMs: () => 10 } });
  to = await startTestServer();
  key = await from.createKey();
}, 60_000);
afterAll(async () => {
  await from.close();
  await to.close();
  await upstream.close();
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

  it('brings pictures and the original file, and finds them unchanged', async () => {
    const datasetId = await post('create', {
      name: 'Birds',
      intro: 'of the sea',
      avatar: 'core/dataset/bird',
      vlmModel: 'up-1',
    });
    const png = new Uint8Array(makePng(40, 30));
    const slides = new Uint8Array(
      makePptx([{ shapes: [slideText('The gannet dives.'), slidePicture('a diving gannet')] }], png),
    );
    const params = { datasetId, chunkSettingMode: 'custom', chunkSize: 300, indexPrefixTitle: true };
    const made = await post('collection/create/localFile', formOf(slides, 'birds.pptx', params));
    await importEnd(from, key, made.collectionId);
    const images = new FormData();
    images.set('data', JSON.stringify({ datasetId, collectionName: 'Photos' }));
    images.append('file', new Blob([png]), 'photo.png');
    const photos = (await post('collection/create/images', images)).collectionId;
    const described = async () => (await post('data/v2/list', { collectionId: photos })).list[0].q;
    await vi.waitFor(async () => expect(await described()).toContain('heron'), 20_000);
    const plain = await post('collection/create', { datasetId, name: 'plain', type: 'virtual' });
    const q = 'See ![far](https://elsewhere.example/p.png) and ![lost](/api/system/img/none.png).';
    await post('data/pushData', { collectionId: plain, trainingType: 'chunk', data: [{ q }] });
    const lost = formOf(new TextEncoder().encode('# Lost\n\nA text.'), 'lost.md', { datasetId });
    const lostId = (await post('collection/create/localFile', lost)).collectionId;
    await importEnd(from, key, lostId);
    await from.app.store.db.deleteFrom('files').where('name', '=', 'lost.md').execute();

    const report = await pulled(['--dataset', datasetId]);
    expect(report).toMatchObject({ changed: 0, pictures: { kept: 2, missing: 1 } });
    expect(report.originals).toMatchObject({ kept: 1, missing: [{ name: 'lost.md' }] });
    const here = await to.createKey();
    const call = async (method: string, path: string, body?: object) =>
      (await to.call(method, `/api/core/dataset/${path}`, { key: here, ...(body && { body }) })).json.data;
    const id = report.datasets[0].id;
    expect(await call('GET', `detail?id=${id}`)).toMatchObject({
      intro: 'of the sea',
      avatar: 'core/dataset/bird',
    });
    const { list: collections } = await call('POST', 'collection/listV2', { datasetId: id });
    const collection = collections.find(({ name }: { name: string }) => name === 'birds.pptx');
    expect(await call('GET', `collection/detail?id=${collection._id}`)).toMatchObject({
      type: 'file',
      chunkSize: 300,
      indexPrefixTitle: true,
    });
    const items = (await call('POST', 'data/v2/list', { collectionId: collection._id })).list;
    expect(items[0].position).toMatchObject({ slide: 1 });
    const listOf = async (name: string) => {
      const { _id } = collections.find((one: { name: string }) => one.name === name);
      return (await call('POST', 'data/v2/list', { collectionId: _id })).list;
    };
    expect((await listOf('plain'))[0].q).toBe('See ![far](https://elsewhere.example/p.png) and lost.');
    const [photo] = await listOf('Photos');
    expect(photo).toMatchObject({ q: 'A heron stands in reeds.', imageSize: png.length });
    expect((await fetch(photo.imagePreviewUrl)).status).toBe(200);
    const [, address = ''] = /!\[a diving gannet\]\((\S+)\)/.exec(items[0].q) ?? [];
    expect(address).toContain(to.url);
    expect(new Uint8Array(await (await fetch(address)).arrayBuffer())).toEqual(png);
    const { value } = await call('POST', 'collection/read', { collectionId: collection._id });
    expect(value).toContain(to.url);
    expect(new Uint8Array(await (await fetch(value)).arrayBuffer())).toEqual(slides);

    // The links there are other ones each time.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const again = await pulled(['--dataset', datasetId]);
    expect(again).toMatchObject({ added: 0, changed: 0, collectionsChanged: 0 });
    expect(again).toMatchObject({ pictures: { kept: 0, missing: 1 }, originals: { kept: 0 } });
  });

  it('follows what changes there, keeps what is forbidden, and deletes only when asked to', async () => {
    const datasetId = await post('create', { name: 'Moving' });
    const folder = await post('collection/create', { datasetId, name: 'Folder', type: 'folder' });
    const make = (name: string) =>
      post('collection/create', { datasetId, name, type: 'virtual', tags: ['a'] });
    const [kept, gone] = [await make('kept'), await make('gone')];
    const push = (collectionId: string, data: object[]) =>
      post('data/pushData', { collectionId, trainingType: 'chunk', data });
    await push(kept, [{ q: 'A moving walrus.', externalId: 'w1' }, { q: 'A leaving walrus.' }]);
    await push(gone, [{ q: 'A vanished walrus.' }]);
    const document = `/api/core/dataset/collection/items/page-1`;
    await from.call('PUT', document, { key, body: { datasetId, text: 'A documented walrus.' } });
    const first = await pulled(['--dataset', datasetId]);
    expect(first).toMatchObject({ added: 4 });

    const here = await to.createKey();
    const call = async (method: string, path: string, body?: object) =>
      (await to.call(method, `/api/core/dataset/${path}`, { key: here, ...(body && { body }) })).json.data;
    const id = first.datasets[0].id;
    const items = await call('GET', `collection/items?datasetId=${id}`);
    const there = await from.call('GET', `/api/core/dataset/collection/items?datasetId=${datasetId}`, {
      key,
    });
    expect(items.list).toMatchObject([{ externalId: 'page-1', hash: there.json.data.list[0].hash }]);

    const update = { id: kept, name: 'renamed', parentId: folder, tags: ['b'], metadata: { year: 1 } };
    await post('collection/update', { ...update, forbid: true });
    const renamed = await from.call('POST', '/api/core/dataset/update', {
      sessionToken: from.root.sessionToken,
      body: { id: datasetId, name: 'Moved', intro: 'new' },
    });
    expect(renamed.status).toBe(200);
    const [leaving] = (await post('data/v2/list', { collectionId: kept, searchText: 'leaving' })).list;
    await from.call('DELETE', `/api/core/dataset/data/delete?id=${leaving._id}`, { key });
    await from.call('DELETE', `/api/core/dataset/collection/delete?id=${gone}`, { key });
    const second = await pulled(['--dataset', datasetId]);
    expect(second).toMatchObject({ added: 0, changed: 0, collectionsChanged: 1 });
    expect(second.gone).toMatchObject({ pruned: false, items: 1, collections: [{ name: 'gone' }] });
    expect(await call('GET', `detail?id=${id}`)).toMatchObject({ name: 'Moved', intro: 'new' });
    const { list: root } = await call('POST', 'collection/listV2', { datasetId: id });
    expect(root.map(({ name }: { name: string }) => name).sort()).toEqual(['Folder', 'gone', 'page-1']);
    const parentId = root.find(({ name }: { name: string }) => name === 'Folder')._id;
    const { list } = await call('POST', 'collection/listV2', { datasetId: id, parentId });
    expect(list).toMatchObject([{ name: 'renamed', forbid: true, tags: ['b'], dataAmount: 2 }]);
    const found = await call('POST', 'searchTest', { datasetId: id, text: 'walrus', limit: 500 });
    expect(found.list.map(({ q }: { q: string }) => q).join()).not.toContain('moving');
    const data = (await call('POST', 'data/v2/list', { collectionId: list[0]._id })).list;
    expect(data.map(({ externalId }: { externalId?: string }) => externalId)).toContain('w1');

    // Allowed there: people here decide. What was made here stays.
    await post('collection/update', { id: kept, forbid: false });
    await call('POST', 'data/pushData', {
      collectionId: list[0]._id,
      trainingType: 'chunk',
      data: [{ q: 'A walrus of ours.' }],
    });
    const third = await pulled(['--dataset', datasetId, '--prune']);
    expect(third.stillForbidden).toMatchObject([{ name: 'renamed' }]);
    expect(third.gone).toMatchObject({ pruned: true, items: 1, collections: [{ name: 'gone' }] });
    const left = (await call('POST', 'data/v2/list', { collectionId: list[0]._id })).list;
    expect(left.map(({ q }: { q: string }) => q).sort()).toEqual(['A moving walrus.', 'A walrus of ours.']);
    const after = await call('POST', 'collection/listV2', { datasetId: id });
    expect(after.list.map(({ name }: { name: string }) => name).sort()).toEqual(['Folder', 'page-1']);
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
