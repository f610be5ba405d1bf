import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestPerson, type TestServer } from '../testing/server.ts';

let server: TestServer;
let stranger: TestPerson;
let editor: TestPerson;
beforeAll(async () => {
  server = await startTestServer();
  stranger = await server.createTeam('strangers');
  editor = await server.createMember('editor', 'editor');
}, 60_000);
afterAll(() => server.close());

const keys = '/api/support/openapi';
const as = (person: TestPerson) => (method: string, path: string, body?: unknown) =>
  server.call(method, path, { sessionToken: person.sessionToken, ...(body !== undefined && { body }) });

/** `data` of a call that has to succeed. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at answers as a client without types does
async function data(method: string, path: string, body?: unknown, person = server.root): Promise<any> {
  const answer = await as(person)(method, path, body);
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}

const listed = async (query = '', person = server.root) =>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  (await data('GET', `${keys}/list?all=true${query}`, undefined, person)) as any[];
const named = async (name: string) => (await listed()).find((key) => key.name === name);

async function make(name: string, body: object = {}): Promise<{ key: string; id: string }> {
  const key: string = await data('POST', `${keys}/create`, { name, ...body });
  return { key, id: (await named(name))._id };
}
const use = async (key: string) => await server.call('POST', '/api/core/dataset/list', { key, body: {} });
const rotate = (id: string, overlapHours?: number) => data('POST', `${keys}/rotate`, { id, overlapHours });
const endOverlap = (id: string) =>
  server.app.store.db
    .updateTable('api_keys')
    .set({ previousUntil: Date.now() - 1 })
    .where('id', '=', id)
    .execute();

describe('a rotated key', () => {
  test('works by both key strings until the overlap is over, and then says what happened', async () => {
    const { key: old, id } = await make('rotates', { limit: { maxUsagePoints: 5 } });
    const before = Date.now();
    const answer = await rotate(id, 48);
    expect(answer.apiKey).not.toBe(old);
    expect(Date.parse(answer.previousExpiredTime) - before - 48 * 3_600_000).toBeLessThan(60_000);
    expect((await use(old)).status).toBe(200);
    expect((await use(answer.apiKey)).status).toBe(200);
    expect(await named('rotates')).toMatchObject({
      _id: id,
      apiKey: `******${answer.apiKey.slice(-4)}`,
      limit: { maxUsagePoints: 5 },
      rotatedTime: expect.any(String),
      previous: { apiKey: `******${old.slice(-4)}`, lastUsedTime: expect.any(String) },
    });
    await endOverlap(id);
    const refused = await use(old);
    expect([refused.status, refused.json.code]).toEqual([401, 514]);
    expect(refused.json.message).toContain('replaced');
    const health = await server.call('GET', `${keys}/health?apiKey=${old}`);
    expect(health.status).toBe(401);
    expect((await use(answer.apiKey)).status).toBe(200);
    expect(await named('rotates')).not.toHaveProperty('previous');
  });

  test('tells the use of the old string from that of the new one', async () => {
    const { key: old, id } = await make('tells');
    await use(old);
    const { apiKey } = await rotate(id);
    await use(apiKey);
    expect((await named('tells')).previous).not.toHaveProperty('lastUsedTime');
    await use(old);
    expect((await named('tells')).previous.lastUsedTime).toEqual(expect.any(String));
    await server.app.keyUsage.flush();
    expect((await named('tells')).previous.lastUsedTime).toEqual(expect.any(String));
  });

  test('ends the old string at once when no overlap is wanted, and the older of two', async () => {
    const { key: first, id } = await make('at once');
    const { apiKey: second } = await rotate(id, 0);
    expect((await use(first)).status).toBe(401);
    const { apiKey: third } = await rotate(id, 1);
    const statuses = [first, second, third].map(async (key) => (await use(key)).status);
    expect(await Promise.all(statuses)).toEqual([401, 200, 200]);
  });

  test('dies with both strings', async () => {
    const { key: old, id } = await make('dies');
    const { apiKey } = await rotate(id);
    await data('DELETE', `${keys}/delete?id=${id}`);
    expect([(await use(old)).status, (await use(apiKey)).status]).toEqual([401, 401]);
  });

  test('is written down without either', async () => {
    const { key: old, id } = await make('audited');
    const { apiKey } = await rotate(id);
    const { db } = server.app.store;
    const lines = await db.selectFrom('audit').selectAll().where('objectId', '=', id).execute();
    expect(lines.map(({ action }) => action)).toContain('key.rotate');
    const stored = JSON.stringify([lines, await db.selectFrom('api_keys').selectAll().execute()]);
    for (const key of [old, apiKey]) expect(stored).not.toContain(key.slice(8, 40));
  });

  test('needs a right to the key, and hours that are some', async () => {
    const { id } = await make('guarded');
    const status = async (person: TestPerson, body: object) =>
      (await as(person)('POST', `${keys}/rotate`, { id, ...body })).status;
    expect(await status(stranger, {})).toBe(404);
    expect(await status(editor, {})).toBe(403);
    expect(await status(server.root, { overlapHours: -1 })).toBe(400);
    expect(await status(server.root, { overlapHours: 9000 })).toBe(400);
  });
});

test('a key is never shown again: copying is refused, and offers rotation', async () => {
  const { id } = await make('shown once');
  const answer = await as(server.root)('POST', `${keys}/copy`, { id });
  expect(answer.status).toBe(409);
  expect(answer.json).toMatchObject({ statusText: 'openapiUnAuth', data: null });
  expect(answer.json.message).toContain('/api/support/openapi/rotate');
  expect((await as(stranger)('POST', `${keys}/copy`, { id })).status).toBe(404);
});

describe('labels of keys', () => {
  const tag = `${keys}/tag`;

  test('are made once a name, renamed, counted and deleted', async () => {
    const shop: string = await data('POST', tag, { name: ' Shop ' });
    expect(await data('POST', `${tag}/create`, { name: 'Shop' })).toBe(shop);
    const site: string = await data('POST', tag, { name: 'Site' });
    const { id } = await make('labelled', { tags: [shop, site, shop] });
    expect((await named('labelled')).tags).toEqual([
      { _id: shop, name: 'Shop' },
      { _id: site, name: 'Site' },
    ]);
    await data('PUT', tag, { id: shop, name: 'Store' });
    expect((await as(server.root)('PUT', tag, { id: shop, name: 'Site' })).status).toBe(409);
    expect(await data('GET', tag)).toEqual([
      { _id: site, name: 'Site', keys: 1 },
      { _id: shop, name: 'Store', keys: 1 },
    ]);
    await data('DELETE', `${tag}?id=${site}`);
    expect((await named('labelled')).tags).toEqual([{ _id: shop, name: 'Store' }]);
    await data('PUT', `${keys}/update`, { _id: id, tags: [] });
    expect((await named('labelled')).tags).toEqual([]);
    await data('PUT', `${keys}/update`, { _id: id, tags: [shop] });
    await data('PUT', `${keys}/update`, { _id: id, name: 'labelled' });
    expect((await named('labelled')).tags).toEqual([{ _id: shop, name: 'Store' }]);
  });

  test('belong to the team', async () => {
    const theirs: string = await data('POST', tag, { name: 'Theirs' }, stranger);
    const refused = await as(server.root)('POST', `${keys}/create`, { tags: [theirs] });
    expect([refused.status, refused.json.message]).toEqual([404, expect.stringContaining(theirs)]);
    expect((await as(server.root)('PUT', tag, { id: theirs, name: 'Ours' })).status).toBe(404);
    expect((await as(server.root)('DELETE', `${tag}?id=${theirs}`)).status).toBe(404);
    expect((await data('GET', `${tag}/list`)).map(({ _id }: { _id: string }) => _id)).not.toContain(theirs);
  });
});

describe('the list of keys', () => {
  test('of both kinds names app and maker, and is narrowed and sorted', async () => {
    const team = await server.createTeam('listers');
    const post = (path: string, body: object) => data('POST', path, body, team);
    const appId: string = await post('/api/core/app/create', { name: 'Shop', type: 'simple', simple: {} });
    const label: string = await post(`${keys}/tag`, { name: 'live' });
    await post(`${keys}/create`, { name: 'global one', limit: { maxUsagePoints: 9 } });
    const used: string = await post(`${keys}/create`, { name: 'of the app', appId, tags: [label] });
    await post(`${keys}/create`, { name: 'nearly empty', limit: { maxUsagePoints: 1 } });
    const body = { messages: [{ role: 'user', content: 'Hi' }] };
    await server.call('POST', '/api/v1/chat/completions', { key: used, body });

    const names = async (query: string) => (await listed(query, team)).map(({ name }) => name);
    expect(await names('')).toEqual(['nearly empty', 'of the app', 'global one']);
    expect(await names('&sortBy=lastUsedTime')).toEqual(['of the app', 'nearly empty', 'global one']);
    expect(await names('&sortBy=remainingPoints')).toEqual(['nearly empty', 'global one', 'of the app']);
    expect(await names('&keyword=ONE')).toEqual(['global one']);
    expect(await names(`&tags=${label},${'f'.repeat(24)}`)).toEqual(['of the app']);
    const ofApp = (await listed('', team)).find(({ name }) => name === 'of the app');
    expect(ofApp).toMatchObject({ appId, appName: 'Shop', sourceMember: { status: 'active' } });
    const global = await data('GET', `${keys}/list`, undefined, team);
    expect(global).toHaveLength(2);
  });
});
