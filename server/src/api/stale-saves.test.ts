import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestPerson, type TestServer } from '../testing/server.ts';

/* Two people change the same thing: the second one does not write over the first without being told. */

let server: TestServer;
let noa: TestPerson;
beforeAll(async () => {
  server = await startTestServer();
  noa = await server.createMember('noa', 'editor');
}, 60_000);
afterAll(() => server.close());

const as = (person: TestPerson) => (method: string, path: string, body?: unknown) =>
  server.call(method, `/api/core/${path}`, {
    sessionToken: person.sessionToken,
    ...(body !== undefined && { body }),
  });
const root = (method: string, path: string, body?: unknown) => as(server.root)(method, path, body);
const nobodys = '2020-01-01T00:00:00.000Z';

const saying = (text: string) => ({
  nodes: [
    {
      nodeId: 'say',
      name: 'Say',
      flowNodeType: 'answerNode',
      inputs: [{ key: 'text', value: text }],
      outputs: [],
    },
  ],
  edges: [],
});

describe('an app', () => {
  const detail = async (appId: string) => (await root('GET', `app/detail?appId=${appId}`)).json.data;
  const make = async () =>
    (await root('POST', 'app/create', { name: 'a', type: 'advanced', ...saying('0') })).json.data;
  const save = (person: TestPerson, appId: string, text: string, more: object) =>
    as(person)('POST', `app/version/publish?appId=${appId}`, { ...saying(text), ...more });

  test('that somebody else has stored since it was read is not written over, and says who did', async () => {
    const appId = await make();
    const { updateTime, updatedBy } = await detail(appId);
    expect(updatedBy).toBeNull();
    expect((await save(noa, appId, 'hers', { autoSave: true, ifUpdateTime: updateTime })).status).toBe(200);
    for (const how of [{ autoSave: true }, { isPublish: true }]) {
      const late = await save(server.root, appId, 'mine', { ...how, ifUpdateTime: updateTime });
      expect(late).toMatchObject({ status: 409, json: { statusText: 'changedMeanwhile' } });
      expect(late.json.message).toContain('ifUpdateTime');
    }
    const now = await detail(appId);
    expect(JSON.stringify(now.modules)).toContain('hers');
    expect(now.updatedBy).toEqual({ tmbId: noa.caller.memberId, name: 'noa' });
    // No version is kept of what was refused.
    const versions = await server.app.store.db
      .selectFrom('app_versions')
      .select('id')
      .where('appId', '=', appId)
      .execute();
    expect(versions).toHaveLength(1);
    expect((await save(server.root, appId, 'mine', { ifUpdateTime: now.updateTime })).status).toBe(200);
    expect((await detail(appId)).updatedBy).toMatchObject({ tmbId: server.root.caller.memberId });
  });

  test('is stored by one of those who store it at the same moment', async () => {
    const appId = await make();
    const { updateTime } = await detail(appId);
    const answers = await Promise.all(
      ['1', '2', '3', '4'].map((text) =>
        save(noa, appId, text, { autoSave: true, ifUpdateTime: updateTime }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
  });

  test('is overwritten by programs that say nothing of it, and a time that is none is refused', async () => {
    const appId = await make();
    expect((await save(noa, appId, 'x', {})).status).toBe(200);
    expect((await save(noa, appId, 'x', { ifUpdateTime: null })).status).toBe(200);
    expect((await save(noa, appId, 'x', { ifUpdateTime: nobodys })).status).toBe(409);
    const bad = await save(noa, appId, 'x', { ifUpdateTime: 'yesterday' });
    expect([bad.status, bad.json.message]).toEqual([400, expect.stringContaining('ifUpdateTime')]);
    // Another name of the app is a change, too.
    const { updateTime } = await detail(appId);
    await root('PUT', `app/update?appId=${appId}`, { name: 'b' });
    expect((await save(noa, appId, 'y', { ifUpdateTime: updateTime })).status).toBe(409);
  });
});

describe('a data item', () => {
  const detail = async (id: string) => (await root('GET', `dataset/data/detail?id=${id}`)).json.data;
  const save = (person: TestPerson, dataId: string, more: object) =>
    as(person)('PUT', 'dataset/data/update', { dataId, ...more });
  async function make(): Promise<string> {
    const post = async (path: string, body: unknown) =>
      (await root('POST', `dataset/${path}`, body)).json.data;
    const datasetId = await post('create', { name: 'birds' });
    const collectionId = await post('collection/create', { datasetId, name: 'herons', type: 'virtual' });
    return await post('data/insertData', { collectionId, q: 'A heron.' });
  }

  test('that somebody else has changed since it was read is not written over, and says who did', async () => {
    const id = await make();
    const { updateTime, updatedBy } = await detail(id);
    expect(updatedBy).toBeNull();
    expect((await save(noa, id, { q: 'Hers.', ifUpdateTime: updateTime })).status).toBe(200);
    const late = await save(server.root, id, { q: 'Mine.', ifUpdateTime: updateTime });
    expect(late).toMatchObject({ status: 409, json: { statusText: 'changedMeanwhile' } });
    const now = await detail(id);
    expect(now).toMatchObject({ q: 'Hers.', updatedBy: { tmbId: noa.caller.memberId, name: 'noa' } });
    expect(now.history).toHaveLength(1);
    expect((await save(server.root, id, { q: 'Mine.', ifUpdateTime: now.updateTime })).status).toBe(200);
    expect((await save(server.root, id, { q: 'Mine again.' })).status).toBe(200);
    expect((await save(server.root, id, { q: 'Mine.', ifUpdateTime: nobodys })).status).toBe(409);
  });

  test('is changed by one of those who change it at the same moment', async () => {
    const id = await make();
    const { updateTime } = await detail(id);
    const answers = await Promise.all(
      ['1', '2', '3', '4'].map((a) => save(noa, id, { a, ifUpdateTime: updateTime })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
    expect((await detail(id)).history).toHaveLength(1);
  });

  test('has another time after each change, however quickly they follow', async () => {
    const id = await make();
    const times = new Set<string>();
    for (const text of ['one', 'two', 'three']) {
      await root('POST', 'dataset/data/index/create', { dataId: id, text });
      times.add((await detail(id)).updateTime);
    }
    expect(times.size).toBe(3);
  });
});
