import { access } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makePdf } from '../retrieval/formats/fixtures.ts';
import { docxParts, makeZip, paragraph, table } from '../retrieval/formats/fixtures-docx.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
let key: string;

beforeAll(async () => {
  server = await startTestServer();
  key = await server.createKey({ name: 'knowledge' });
});
afterAll(() => server.close());

const base = '/api/core/dataset';

async function post(path: string, body: unknown, as = key) {
  return await server.call('POST', base + path, { key: as, body });
}
async function get(path: string, as = key) {
  return await server.call('GET', base + path, { key: as });
}
/** The `data` of a call that must succeed. */
async function data(call: ReturnType<typeof post>) {
  const answer = await call;
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}
const newDataset = (name = 'Handbook'): Promise<string> => data(post('/create', { name }));
const newCollection = (datasetId: string, more: object = {}): Promise<string> =>
  data(post('/collection/create', { datasetId, name: 'notes', type: 'virtual', ...more }));
async function found(
  datasetId: string,
  text: string,
): Promise<{ q: string; sourceName: string; id: string }[]> {
  const answer = await data(post('/searchTest', { datasetId, text, searchMode: 'fullTextRecall' }));
  return answer.list;
}
async function upload(
  datasetId: string,
  name: string,
  bytes: Uint8Array,
  more: object = {},
): Promise<string> {
  const form = new FormData();
  form.append('data', JSON.stringify({ datasetId, trainingType: 'chunk', ...more }));
  form.append('file', new Blob([new Uint8Array(bytes)]), encodeURIComponent(name));
  const answer = await data(server.call('POST', `${base}/collection/create/localFile`, { key, body: form }));
  expect(answer.results.insertLen).toBe(0);
  return answer.collectionId;
}
/** Waits until the import of a collection has ended; answers its trainingDetail. */
async function imported(collectionId: string) {
  for (let i = 0; i < 300; i++) {
    const detail = await data(get(`/collection/trainingDetail?collectionId=${collectionId}`));
    if (['done', 'failed', 'cancelled'].includes(detail.progress.state)) return detail;
    await pause(50);
  }
  throw new Error('the import did not end');
}
const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('datasets', () => {
  it('creates, shows, lists and finds by name or introduction in all folders', async () => {
    const folder = await data(post('/create', { name: 'Shelf', type: 'folder' }));
    const id = await data(post('/create', { name: 'Inside 100%', intro: 'about tulips', parentId: folder }));
    expect(id).toMatch(/^[0-9a-f]{24}$/);
    const detail = await data(get(`/detail?id=${id}`));
    expect(detail).toMatchObject({ _id: id, parentId: folder, name: 'Inside 100%', status: 'active' });
    expect(detail.vectorModel.model).toBe('builtin-keyword');
    expect(detail.agentModel.model).toBe('builtin-extractive');
    expect(detail.permission).toMatchObject({ isOwner: true, hasWritePer: true, value: 4294967295 });
    const names = async (body: object, query = '') =>
      (await data(post(`/list${query}`, body))).map((item: { name: string }) => item.name);
    expect(await names({ parentId: folder })).toEqual(['Inside 100%']);
    expect(await names({}, `?parentId=${folder}`)).toEqual(['Inside 100%']);
    expect(await names({ parentId: '' })).not.toContain('Inside 100%');
    expect(await names({ type: ['folder'] })).toEqual(['Shelf']);
    expect(await names({ searchKey: 'TULIPS' })).toEqual(['Inside 100%']);
    expect(await names({ searchKey: '0%' })).toEqual(['Inside 100%']);
    expect(await names({ searchKey: '_nside' })).toEqual([]);
  });

  it('says that other types are not available instead of making something else', async () => {
    const answer = await post('/create', { name: 'w', type: 'feishu' });
    expect(answer.status).toBe(400);
    expect(answer.json.message).toContain('feishu');
  });

  it('moves a dataset, but no folder into itself or below', async () => {
    const { sessionToken } = server.root;
    const update = (body: object) => server.call('PUT', `${base}/update`, { sessionToken, body });
    const outer = await data(post('/create', { name: 'outer', type: 'folder' }));
    const inner = await data(post('/create', { name: 'inner', type: 'folder', parentId: outer }));
    expect((await update({ id: outer, parentId: inner })).status).toBe(409);
    expect((await update({ id: outer, parentId: outer })).status).toBe(409);
    expect((await update({ id: inner, parentId: null, name: 'free' })).status).toBe(200);
    expect(await data(get(`/detail?id=${inner}`))).toMatchObject({ parentId: null, name: 'free' });
    expect((await update({ id: inner, parentId: await newDataset() })).status).toBe(404);
  });

  it('deletes a folder with all datasets, collections, data, index entries and files', async () => {
    const folder = await data(post('/create', { name: 'gone', type: 'folder' }));
    const id = await data(post('/create', { name: 'inside', parentId: folder }));
    const collectionId = await upload(id, 'a.md', bytesOf('# Heron\n\nA heron eats fish.'));
    await imported(collectionId);
    const { db } = server.app.store;
    const file = await db
      .selectFrom('files')
      .innerJoin('collections', 'collections.fileId', 'files.id')
      .select('files.blobKey')
      .where('collections.id', '=', collectionId)
      .executeTakeFirstOrThrow();
    const blob = server.app.blobs.path(file.blobKey);
    await access(blob);
    await data(server.call('DELETE', `${base}/delete?id=${folder}`, { key }));
    expect((await get(`/detail?id=${id}`)).json.code).toBe(501002);
    expect((await get(`/collection/detail?id=${collectionId}`)).status).toBe(404);
    await data(post('/deleted/clear', { ids: [folder] }));
    await vi.waitFor(async () => {
      const left = await db.selectFrom('datasets').select('id').where('id', 'in', [id, folder]).execute();
      expect(left).toEqual([]);
    }, 5000);
    expect(await db.selectFrom('data').select('id').where('datasetId', '=', id).execute()).toEqual([]);
    await expect(access(blob)).rejects.toThrow();
  });
});

describe('pushed data', () => {
  it('is found at once, with an answer for every item', async () => {
    const datasetId = await newDataset();
    const collectionId = await newCollection(datasetId);
    const items = [
      {
        q: 'How many days of leave are there?',
        a: 'Thirty a year.',
        indexes: [{ text: 'holiday entitlement' }],
      },
      { q: 'How many days of leave are there?', a: 'Thirty a year.' },
      { q: '  ' },
      { q: 'word '.repeat(20_000) },
    ];
    const answer = await data(post('/data/pushData', { collectionId, trainingMode: 'chunk', data: items }));
    expect(answer.insertLen).toBe(1);
    expect(answer.items.map((item: { state: string }) => item.state)).toEqual([
      'inserted',
      'duplicate',
      'empty',
      'overToken',
    ]);
    expect(answer.items[1].id).toBe(answer.items[0].id);
    expect(answer.repeat).toHaveLength(1);
    expect(answer.overToken).toHaveLength(1);
    const again = await data(post('/data/pushData', { collectionId, data: items.slice(0, 1) }));
    expect(again).toMatchObject({ insertLen: 0, items: [{ state: 'duplicate', id: answer.items[0].id }] });
    expect((await found(datasetId, 'holiday entitlement'))[0]).toMatchObject({ sourceName: 'notes' });
    expect((await found(datasetId, 'days of leave'))[0]?.id).toBe(answer.items[0].id);
  });

  it('refuses more than 200 items, and what needs a model where there is none', async () => {
    const collectionId = await newCollection(await newDataset());
    const many = Array.from({ length: 201 }, (_, i) => ({ q: `item ${i}` }));
    const tooMany = await post('/data/pushData', { collectionId, data: many });
    expect(tooMany.status).toBe(400);
    expect(tooMany.json.message).toContain('max 200');
    const qa = await post('/data/pushData', { collectionId, trainingType: 'qa', data: [{ q: 'x' }] });
    expect(qa.status).toBe(400);
    expect(qa.json.message).toContain('qa');
    const missing = await post('/data/pushData', { data: [{ q: 'x' }] });
    expect(missing.json).toMatchObject({ code: 507004, statusText: 'missingParams' });
  });

  it('is listed in order, changed, and deleted with effect on search', async () => {
    const datasetId = await newDataset();
    const collectionId = await newCollection(datasetId);
    const items = [{ q: 'alpha 50% off' }, { q: 'beta', a: 'gamma_ray' }, { q: 'delta 500 off' }];
    const pushed = await data(post('/data/pushData', { collectionId, data: items }));
    const list = async (searchText?: string) => {
      const { list, total } = await data(post('/data/v2/list', { collectionId, searchText, pageSize: '10' }));
      expect(total).toBe(list.length);
      return list.map((item: { q: string }) => item.q);
    };
    expect(await list()).toEqual(['alpha 50% off', 'beta', 'delta 500 off']);
    expect(await list('50%')).toEqual(['alpha 50% off']);
    expect(await list('GAMMA_')).toEqual(['beta']);
    expect(await list('b_ta')).toEqual([]);
    const id = pushed.items[1].id;
    const update = (body: object) => server.call('PUT', `${base}/data/update`, { key, body });
    await data(update({ dataId: id, indexes: [{ text: 'flamingo' }] }));
    expect((await found(datasetId, 'flamingo'))[0]?.id).toBe(id);
    await data(update({ dataId: id, q: 'pelican' }));
    const detail = await data(get(`/data/detail?id=${id}`));
    expect(detail).toMatchObject({ q: 'pelican', a: 'gamma_ray', sourceName: 'notes' });
    expect(detail.indexes.map((index: { type: string; text: string }) => [index.type, index.text])).toEqual([
      ['default', 'pelican'],
      ['default', 'gamma_ray'],
      ['custom', 'flamingo'],
    ]);
    expect((await found(datasetId, 'pelican'))[0]?.id).toBe(id);
    expect(await found(datasetId, 'beta')).toEqual([]);
    expect(await data(server.call('DELETE', `${base}/data/delete?id=${id}`, { key }))).toBe('success');
    expect(await found(datasetId, 'pelican')).toEqual([]);
    expect((await get(`/data/detail?id=${id}`)).json.code).toBe(501006);
  });

  it('stores each item once when the same push comes twice at the same time', async () => {
    const collectionId = await newCollection(await newDataset());
    const items = Array.from({ length: 20 }, (_, i) => ({ q: `item number ${i}` }));
    const push = () => data(post('/data/pushData', { collectionId, data: items }));
    const answers = await Promise.all([push(), push(), push()]);
    expect(answers.reduce((sum, answer) => sum + answer.insertLen, 0)).toBe(20);
    expect((await data(post('/data/v2/list', { collectionId }))).total).toBe(20);
  });
});

describe('text collections', () => {
  it('keeps name and type and is searchable when the call answers', async () => {
    const datasetId = await newDataset();
    const text = '# Leave\n\nEveryone has thirty days.\n\n# Travel\n\nTrains are paid for.';
    const answer = await data(post('/collection/create/text', { datasetId, name: 'Rules 规则', text }));
    expect(answer.results.insertLen).toBeGreaterThan(0);
    const detail = await data(get(`/collection/detail?id=${answer.collectionId}`));
    expect(detail).toMatchObject({
      name: 'Rules 规则',
      type: 'virtual',
      datasetId,
      rawTextLength: text.length,
    });
    expect(detail.dataset._id).toBe(datasetId);
    expect(detail.indexAmount).toBe(answer.results.insertLen);
    expect((await found(datasetId, 'Who pays for trains?'))[0]?.q).toContain('Trains');
    // The name is searched as a title.
    expect(await found(datasetId, '规则')).not.toEqual([]);
  });

  it('imports a long text in the background and says so', async () => {
    const datasetId = await newDataset();
    const parts = Array.from({ length: 400 }, (_, i) => `## Part ${i}\n\n${`Walrus${i} swims. `.repeat(15)}`);
    const answer = await data(
      post('/collection/create/text', { datasetId, name: 'long', text: parts.join('\n\n') }),
    );
    expect(answer.results.insertLen).toBe(0);
    const detail = await imported(answer.collectionId);
    expect(detail.error).toBeUndefined();
    expect(detail.trainedCount).toBeGreaterThan(10);
    expect((await found(datasetId, 'walrus377'))[0]?.q).toContain('Walrus377');
    expect((await data(get(`/collection/detail?id=${answer.collectionId}`))).type).toBe('virtual');
  });

  it('refuses a text without words', async () => {
    const answer = await post('/collection/create/text', {
      datasetId: await newDataset(),
      name: 'x',
      text: ' \n',
    });
    expect(answer.status).toBe(400);
  });
});

describe('files', () => {
  const chinese = '图书馆的开放时间是每天上午九点到晚上八点，周一闭馆。请在前台办理借书证，凭身份证领取。';
  const files: [string, Uint8Array, string][] = [
    ['notes.md', bytesOf('# Opening\n\nThe lighthouse opens at nine.'), 'lighthouse'],
    ['开放时间 表.txt', iconv.encode(chinese, 'gbk'), '图书馆'],
    ['utf16.txt', iconv.encode(`\ufeff${chinese}`, 'utf16le', { addBOM: false }), '借书证'],
    [
      'page.html',
      bytesOf('<html><body><h1>Menu</h1><p>Soup of parsnips</p><script>hidden()</script></body></html>'),
      'parsnips',
    ],
    ['paper.pdf', makePdf([[72, 720, 12, 'The narwhal dives deep under the ice.']]), 'narwhal'],
    ['letter.docx', makeZip(docxParts(paragraph('The badger digs at night.'))), 'badger'],
    ['birds.csv', iconv.encode('名称;数量\n白鹭;12\n苍鹭;7\n', 'gbk'), '| 苍鹭 | 7 |'],
  ];

  it.each(files)('%s is read and found under its own name', async (name, bytes, word) => {
    const datasetId = await newDataset();
    const collectionId = await upload(datasetId, name, bytes);
    const training = await imported(collectionId);
    expect(training.error).toBeUndefined();
    expect(training).toMatchObject({ trainedCount: 1, progress: { state: 'done', percent: 100 } });
    const [hit] = await found(datasetId, word);
    expect(hit?.q).toContain(word);
    expect(hit?.sourceName).toBe(name);
    const detail = await data(get(`/collection/detail?id=${collectionId}`));
    expect(detail).toMatchObject({ name, type: 'file', errorCount: 0 });
    expect(detail.file).toMatchObject({ filename: name, length: bytes.length });
    expect(detail.sourceId).toBe(detail.fileId);
  });

  it('without text is an error that every view of the collection shows', async () => {
    const datasetId = await newDataset();
    const collectionId = await upload(datasetId, 'empty.md', bytesOf('   \n\n'));
    const training = await imported(collectionId);
    expect(training.error).toContain('No text was found');
    expect(training.errorCounts.parse).toBe(1);
    const { list } = await data(post('/collection/listV2', { datasetId }));
    expect(list[0]).toMatchObject({ hasError: true, trainingAmount: 0, dataAmount: 0 });
    const errors = await data(post('/training/getTrainingError', { collectionId, pageSize: 10, offset: 0 }));
    expect(errors).toMatchObject({ total: 1, list: [{ mode: 'parse', cause: 'file' }] });
    expect(errors.list[0].errorMsg).toContain('empty.md');
    const headers = { 'accept-language': 'zh-CN' };
    const path = `${base}/collection/trainingDetail?collectionId=${collectionId}`;
    const chineseAnswer = await server.call('GET', path, { key, headers });
    expect(chineseAnswer.json.data.error).toContain('未找到文字');
  });
});

describe('tables', () => {
  it('are found by a row, in a passage that begins with the header and has that row whole', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => [`part ${i}`, `colour${i}x`, `${i}.50`]);
    const csv = [['Part', 'Colour', 'Price'], ...rows].map((row) => row.join('\t')).join('\r\n');
    const word = docxParts(table([['Part', 'Colour', 'Price'], ...rows]));
    for (const [name, bytes] of [
      ['parts.tsv', bytesOf(csv)] as const,
      ['parts.docx', makeZip(word)] as const,
    ]) {
      const datasetId = await newDataset();
      expect((await imported(await upload(datasetId, name, bytes))).trainedCount).toBeGreaterThan(3);
      const [hit] = await found(datasetId, 'colour217x');
      expect(hit?.q).toMatch(/^\| Part \| Colour \| Price \|\n\| --- \| --- \| --- \|\n/);
      expect(hit?.q).toContain('\n| part 217 | colour217x | 217.50 |\n');
    }
  });
});

describe('collections', () => {
  it('are listed by folder, found in all folders, and moved without cycles', async () => {
    const datasetId = await newDataset();
    const folder = await newCollection(datasetId, { name: 'folder', type: 'folder' });
    const inner = await newCollection(datasetId, { name: 'inner', type: 'folder', parentId: folder });
    const leaf = await newCollection(datasetId, { name: 'leaf_1', parentId: inner, tags: ['red', '蓝'] });
    const names = async (body: object) =>
      (await data(post('/collection/listV2', { datasetId, ...body }))).list.map(
        (i: { name: string }) => i.name,
      );
    expect(await names({})).toEqual(['folder']);
    expect(await names({ parentId: inner })).toEqual(['leaf_1']);
    expect(await names({ searchText: 'leaf_' })).toEqual(['leaf_1']);
    expect(await names({ searchText: 'l_af' })).toEqual([]);
    expect(await names({ parentId: inner, filterTags: ['蓝'] })).toEqual(['leaf_1']);
    expect(await names({ parentId: inner, filterTags: ['green'] })).toEqual([]);
    const update = (body: object) => server.call('PUT', `${base}/collection/update`, { key, body });
    expect((await update({ id: folder, parentId: inner })).status).toBe(409);
    expect((await update({ id: leaf, parentId: leaf })).status).toBe(404);
    expect((await update({ name: 'x' })).json.code).toBe(507004);
    await data(update({ id: leaf, parentId: '', name: 'leaf 2' }));
    expect(await data(get(`/collection/detail?id=${leaf}`))).toMatchObject({
      parentId: null,
      name: 'leaf 2',
    });
  });

  it('are hidden from search by forbid, also through their folder, and come back', async () => {
    const datasetId = await newDataset();
    const folder = await newCollection(datasetId, { name: 'folder', type: 'folder' });
    const collectionId = await newCollection(datasetId, { parentId: folder });
    await data(post('/data/pushData', { collectionId, data: [{ q: 'an ostrich runs' }] }));
    const forbid = (id: string, value: unknown) =>
      // POST as FastGPT's own console did.
      data(post('/collection/update', { id, forbid: value }));
    await forbid(folder, true);
    expect(await found(datasetId, 'ostrich')).toEqual([]);
    expect((await data(get(`/collection/detail?id=${collectionId}`))).forbid).toBe(true);
    await forbid(folder, 'false');
    expect(await found(datasetId, 'ostrich')).toHaveLength(1);
  });

  it('are found by their new name after a change', async () => {
    const datasetId = await newDataset();
    const collectionId = await newCollection(datasetId, { name: 'oldname' });
    await data(post('/data/pushData', { collectionId, data: [{ q: 'some content' }] }));
    expect(await found(datasetId, 'oldname')).toHaveLength(1);
    await data(post('/collection/update', { id: collectionId, name: 'petunia' }));
    for (let i = 0; i < 100 && (await found(datasetId, 'petunia')).length === 0; i++) await pause(50);
    expect(await found(datasetId, 'petunia')).toHaveLength(1);
    expect(await found(datasetId, 'oldname')).toEqual([]);
  });

  it('are deleted with everything inside, one or several, from query or body', async () => {
    const datasetId = await newDataset();
    const folder = await newCollection(datasetId, { name: 'folder', type: 'folder' });
    const inside = await newCollection(datasetId, { parentId: folder });
    const other = await newCollection(datasetId);
    const third = await newCollection(datasetId);
    for (const collectionId of [inside, other, third]) {
      await data(post('/data/pushData', { collectionId, data: [{ q: `a puffin in ${collectionId}` }] }));
    }
    expect(await found(datasetId, 'puffin')).toHaveLength(3);
    await data(server.call('DELETE', `${base}/collection/delete?id=${folder}`, { key }));
    expect((await get(`/collection/detail?id=${inside}`)).status).toBe(404);
    expect(await found(datasetId, 'puffin')).toHaveLength(2);
    await data(post('/collection/delete', { collectionIds: [other, third] }));
    expect(await found(datasetId, 'puffin')).toEqual([]);
    expect((await data(post('/collection/listV2', { datasetId }))).total).toBe(0);
  });
});

describe('search test', () => {
  it('says that it searched by keywords, and what it could not do', async () => {
    const datasetId = await newDataset();
    const collectionId = await newCollection(datasetId);
    await data(post('/data/pushData', { collectionId, data: [{ q: 'a kingfisher' }, { q: 'a cormorant' }] }));
    const answer = await data(
      post('/searchTest', {
        datasetId,
        text: '["kingfisher","cormorant"]',
        limit: '90000',
        similarity: '0.4',
        searchMode: 'mixedRecall',
        datasetDeepSearch: true,
      }),
    );
    expect(answer.list).toHaveLength(2);
    expect(answer).toMatchObject({
      searchMode: 'fullTextRecall',
      requestedSearchMode: 'mixedRecall',
      limit: 20_000,
    });
    expect(answer.usingSimilarityFilter).toBe(false);
    expect(answer.duration).toMatch(/^\d+\.\d{3}s$/);
    expect(answer.notice).toContain('datasetDeepSearch');
    expect(answer.list[0].score[0]).toMatchObject({ type: 'fullText', index: 0 });
  });

  it('needs datasetId and text', async () => {
    const datasetId = await newDataset();
    expect((await post('/searchTest', { text: 'x' })).json.code).toBe(507004);
    expect((await post('/searchTest', { datasetId })).json.code).toBe(507004);
  });
});

describe('another team', () => {
  it('finds, changes and deletes nothing: its ids answer as unknown ones', async () => {
    const datasetId = await newDataset();
    const collectionId = await newCollection(datasetId);
    const pushed = await data(post('/data/pushData', { collectionId, data: [{ q: 'secret albatross' }] }));
    const dataId = pushed.items[0].id;
    const stranger = await server.createKey({ name: 'k' }, await server.createTeam('other'));
    const own = await data(post('/create', { name: 'own' }, stranger));
    const attempts: [string, string, unknown?][] = [
      ['GET', `/detail?id=${datasetId}`],
      ['DELETE', `/delete?id=${datasetId}`],
      ['POST', '/create', { name: 'x', parentId: datasetId }],
      ['POST', '/searchTest', { datasetId, text: 'albatross' }],
      ['POST', '/collection/create', { datasetId, name: 'x', type: 'virtual' }],
      ['POST', '/collection/create/text', { datasetId, name: 'x', text: 'x' }],
      ['POST', '/collection/create', { datasetId: own, parentId: collectionId, name: 'x', type: 'virtual' }],
      ['POST', '/collection/listV2', { datasetId }],
      ['GET', `/collection/detail?id=${collectionId}`],
      ['GET', `/collection/trainingDetail?collectionId=${collectionId}`],
      ['PUT', '/collection/update', { id: collectionId, forbid: true }],
      ['POST', '/collection/delete', { collectionIds: [collectionId] }],
      ['POST', '/training/getTrainingError', { collectionId }],
      ['POST', '/data/pushData', { collectionId, data: [{ q: 'poison' }] }],
      ['POST', '/data/v2/list', { collectionId }],
      ['GET', `/data/detail?id=${dataId}`],
      ['PUT', '/data/update', { dataId, q: 'poison' }],
      ['DELETE', `/data/delete?id=${dataId}`],
    ];
    for (const [method, path, body] of attempts) {
      const answer = await server.call(method, base + path, { key: stranger, body });
      expect([path, answer.status]).toEqual([path, 404]);
      expect(answer.json.data).toBeNull();
    }
    expect((await found(datasetId, 'albatross'))[0]?.q).toBe('secret albatross');
    expect((await data(post('/data/v2/list', { collectionId }))).total).toBe(1);
  });

  it('cannot be written to through ids in a body that the parent decides', async () => {
    const datasetId = await newDataset();
    const collectionId = await newCollection(datasetId);
    const teamId = '0123456789abcdef01234567';
    const body = {
      collectionId,
      datasetId: teamId,
      teamId,
      tmbId: teamId,
      data: [{ q: 'a mallard', teamId }],
    };
    const pushed = await data(post('/data/pushData', body));
    const detail = await data(get(`/data/detail?id=${pushed.items[0].id}`));
    expect(detail.datasetId).toBe(datasetId);
    expect(detail.teamId).not.toBe(teamId);
  });

  it('a viewer reads and searches, but changes nothing', async () => {
    const datasetId = await newDataset();
    const viewer = await server.createMember('vera', 'viewer');
    const as = (method: string, path: string, body?: unknown) =>
      server.call(method, base + path, { sessionToken: viewer.sessionToken, body });
    expect((await as('GET', `/detail?id=${datasetId}`)).status).toBe(200);
    expect((await as('POST', '/searchTest', { datasetId, text: 'x' })).status).toBe(200);
    expect((await as('POST', '/create', { name: 'x' })).status).toBe(403);
    expect((await as('DELETE', `/delete?id=${datasetId}`)).status).toBe(403);
  });
});
