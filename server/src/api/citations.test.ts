import { describe, expect, it } from 'vitest';
import { formOf, importEnd, itemsOf } from '../testing/knowledge.ts';
import { key, ours, post, server, theirs } from './test-two-teams.ts';

const base = '/api/core/dataset';

const get = (path: string) => server.call('GET', path, { sessionToken: server.root.sessionToken });

describe('getQuoteData', () => {
  it('answers who may read the dataset, and the reader of an answer that cites the item', async () => {
    const { dataId: chatItemDataId } = await server.app.store.db
      .selectFrom('runs')
      .select('dataId')
      .where('appId', '=', ours.appId)
      .executeTakeFirstOrThrow();
    const { dataId: id, appId, chatId, appKey } = ours;
    const cited = { id, appId, chatId, chatItemDataId };
    const byRight = await post(`${base}/data/getQuoteData`, { id });
    expect(byRight.json.data).toMatchObject({
      collection: { _id: ours.collectionId, name: 'notes' },
      q: 'The secret of root is a blue heron.',
    });
    expect((await post(`${base}/data/getQuoteData`, cited, appKey)).json.data).toEqual(byRight.json.data);
    const other = { collectionId: ours.collectionId, data: [{ q: 'Not cited anywhere.' }] };
    const pushed = await post(`${base}/data/pushData`, other);
    const around = { chunkIndex: 0, before: [], after: [{ q: 'Not cited anywhere.' }] };
    expect((await post(`${base}/data/getQuoteData`, { id, neighbours: 2 })).json.data).toMatchObject(around);
    // What stands beside a citation is not cited.
    const alone = await post(`${base}/data/getQuoteData`, { ...cited, neighbours: 2 }, appKey);
    expect(alone.json.data).toMatchObject({ before: [], after: [] });
    const uncited = pushed.json.data.items[0].id;
    const refused = [
      { id },
      { ...cited, id: uncited },
      { ...cited, id: theirs.dataId },
      { ...cited, chatId: 'other' },
      { ...cited, chatItemDataId: 'other' },
      { ...cited, customUid: 'somebody' },
    ];
    for (const body of refused)
      expect((await post(`${base}/data/getQuoteData`, body, appKey)).status, JSON.stringify(body)).toBe(403);
    expect((await post(`${base}/data/getQuoteData`, cited, theirs.appKey)).status).toBe(403);
    expect((await post(`${base}/data/getQuoteData`, { id: theirs.dataId })).status).toBe(404);
  });
});

it('getQuoteData says where the passage stands, and what stands around it', async () => {
  const text = ['a', 'b', 'c', 'd', 'e']
    .map((name) => `# Part ${name}\n\n## Of ${name}\n\n${`This is about ${name}. `.repeat(20)}`)
    .join('\n\n');
  const settings = { chunkTriggerType: 'forceChunk', chunkSettingMode: 'custom', chunkSize: 64 };
  const { datasetId } = ours;
  const file = formOf(text, 'parts.md', { datasetId, ...settings });
  const made = await post(`${base}/collection/create/localFile`, file);
  expect(made.status, made.text).toBe(200);
  const { collectionId } = made.json.data;
  await importEnd(server, key, collectionId);
  const listed = await post(`${base}/data/v2/list`, { collectionId, pageSize: 30 });
  const items: { _id: string }[] = listed.json.data.list;
  expect(items.length).toBeGreaterThan(3);
  const id = items[2]?._id;
  const { data } = (await post(`${base}/data/getQuoteData`, { id, neighbours: 1 })).json;
  expect(data.chunkIndex).toBe(2);
  expect(data.headings.length).toBeGreaterThan(0);
  expect(data.before.map((item: { _id: string }) => item._id)).toEqual([items[1]?._id]);
  expect(data.after.map((item: { _id: string }) => item._id)).toEqual([items[3]?._id]);
});

it('data/list answers the old shape', async () => {
  const answer = await post(`${base}/data/list`, { collectionId: ours.collectionId, searchText: 'heron' });
  const { dataId: _id, datasetId, collectionId } = ours;
  expect(answer.json.data).toEqual({
    list: [{ _id, datasetId, collectionId, q: 'The secret of root is a blue heron.', a: '', chunkIndex: 0 }],
    total: 1,
  });
});

it('data/getPermission says what the caller may do with a dataset', async () => {
  const yes = { datasetName: 'dataset of root', permission: { hasWritePer: true, hasReadPer: true } };
  const no = { datasetName: '', permission: { hasWritePer: false, hasReadPer: false } };
  expect((await get(`${base}/data/getPermission?id=${ours.datasetId}`)).json.data).toEqual(yes);
  expect((await get(`${base}/data/getPermission?id=${theirs.datasetId}`)).json.data).toEqual(no);
  const { sessionToken } = await server.createMember('reader', 'viewer');
  const read = await server.call('GET', `${base}/data/getPermission?id=${ours.datasetId}`, { sessionToken });
  expect(read.json.data.permission).toEqual({ hasWritePer: false, hasReadPer: true });
});

it('collection/paths names the folders from the root down', async () => {
  const { datasetId } = ours;
  const folder = async (name: string, parentId: string | null) =>
    (await post(`${base}/collection/create`, { datasetId, name, type: 'folder', parentId })).json.data;
  const outer = await folder('outer', null);
  const inner = await folder('inner', outer);
  expect((await get(`${base}/collection/paths?parentId=${inner}`)).json.data).toEqual([
    { parentId: outer, parentName: 'outer' },
    { parentId: inner, parentName: 'inner' },
  ]);
  expect((await get(`${base}/collection/paths?parentId=`)).json.data).toEqual([]);
  expect((await get(`${base}/collection/paths?parentId=${theirs.collectionId}`)).status).toBe(404);
});

it('limits and bills of FastGPT are answered', async () => {
  for (const path of [
    'datasetSizeLimit?size=5',
    `exportDatasetLimit?datasetId=${ours.datasetId}`,
    'webSyncLimit',
  ])
    expect((await get(`/api/support/user/team/limit/${path}`)).json).toMatchObject({ code: 200, data: null });
  const usage = '/api/support/wallet/usage/createTrainingUsage';
  const bill = await post(usage, { datasetId: ours.datasetId, name: 'bill' });
  expect(bill.json.data).toMatch(/^[0-9a-f]{24}$/);
  const { collectionId } = ours;
  const pushed = await post(`${base}/data/pushData`, {
    collectionId,
    billId: bill.json.data,
    data: [{ q: 'x' }],
  });
  expect(pushed.status).toBe(200);
  expect((await post(usage, { datasetId: theirs.datasetId })).status).toBe(404);
});

describe('create/reTrainingCollection', () => {
  const sentences = Array.from({ length: 80 }, (_, i) => `Sentence number ${i} speaks of otters.`).join(' ');

  it('makes a new collection of the same document with other parameters; the old one is gone, the file stays', async () => {
    const { datasetId } = ours;
    const folder = await post(`${base}/collection/create`, { datasetId, name: 'f', type: 'folder' });
    const data = { datasetId, parentId: folder.json.data, tags: ['animals'], metadata: { from: 'us' } };
    const made = await post(`${base}/collection/create/localFile`, formOf(sentences, 'otters.md', data));
    const { collectionId } = made.json.data;
    await importEnd(server, key, collectionId);
    await server.call('PUT', `${base}/collection/update`, { key, body: { id: collectionId, forbid: true } });
    const before = (await get(`${base}/collection/detail?id=${collectionId}`)).json.data;
    const again = await post(`${base}/collection/create/reTrainingCollection`, {
      ...{ collectionId, chunkSettingMode: 'custom', chunkSize: 100, chunkTriggerType: 'forceChunk' },
      // What belongs to the server is not believed.
      ...{
        datasetId: theirs.datasetId,
        teamId: theirs.person.caller.teamId,
        fileId: theirs.fileId,
        name: 'taken',
      },
    });
    expect(again.status, again.text).toBe(200);
    const newId = again.json.data.collectionId;
    expect(newId).not.toBe(collectionId);
    expect((await get(`${base}/collection/detail?id=${collectionId}`)).status).toBe(404);
    expect((await importEnd(server, key, newId)).progress.state).toBe('done');
    const after = (await get(`${base}/collection/detail?id=${newId}`)).json.data;
    for (const name of [
      'datasetId',
      'teamId',
      'parentId',
      'name',
      'type',
      'fileId',
      'tags',
      'metadata',
      'createTime',
      'forbid',
    ])
      expect(after[name], name).toEqual(before[name]);
    expect(after.chunkSize).toBe(100);
    expect((await itemsOf(server, newId)).length).toBeGreaterThan(5);
    const link = await post(`${base}/collection/read`, { collectionId: newId });
    expect(await (await fetch(link.json.data.value)).text()).toBe(sentences);
  });

  it('has nothing to begin with where data was pushed, and knows no collection of another team', async () => {
    const body = { collectionId: ours.collectionId };
    const pushed = await post(`${base}/collection/create/reTrainingCollection`, body);
    expect(pushed.status).toBe(400);
    expect(pushed.json.message).toContain('no document');
    expect(await ours.stillThere()).toBe(true);
    const foreign = await post(`${base}/collection/create/reTrainingCollection`, {
      collectionId: theirs.collectionId,
    });
    expect(foreign.status).toBe(404);
  });
});
