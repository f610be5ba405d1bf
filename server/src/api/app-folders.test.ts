import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestPerson, type TestServer } from '../testing/server.ts';

let server: TestServer;
let stranger: TestPerson;
let viewer: TestPerson;

beforeAll(async () => {
  server = await startTestServer();
  stranger = await server.createTeam('strangers');
  viewer = await server.createMember('viewer', 'viewer');
}, 60_000);
afterAll(() => server.close());

const app = '/api/core/app';
const as =
  (person: TestPerson) =>
  (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    server.call(method, path, {
      sessionToken: person.sessionToken,
      headers,
      ...(body !== undefined && { body }),
    });
const root = (...input: Parameters<ReturnType<typeof as>>) => as(server.root)(...input);

/** `data` of a call that has to succeed. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at answers as a client without types does
async function data(method: string, path: string, body?: unknown): Promise<any> {
  const answer = await root(method, path, body);
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}
const make = (body: object) => data('POST', `${app}/create`, body) as Promise<string>;
const simple = (name: string, more: object = {}) =>
  make({ name, type: 'simple', simple: { prompt: `I am ${name}.` }, ...more });
const list = (query: object): Promise<Record<string, unknown>[]> => data('POST', `${app}/list`, query);
const detail = (appId: string) => data('GET', `${app}/detail?appId=${appId}`);
const promptOf = (shown: {
  modules: { flowNodeType: string; inputs: { key: string; value: unknown }[] }[];
}) =>
  shown.modules
    .find(({ flowNodeType }) => flowNodeType === 'chatNode')
    ?.inputs.find(({ key }) => key === 'systemPrompt')?.value;

describe('a copy of an app', () => {
  test('has the draft and what runs, in the same folder, and nothing else of the first', async () => {
    const folder = await make({ name: 'team', type: 'folder' });
    const appId = await simple('Herons', { parentId: folder, intro: 'about birds' });
    await server.createKey({ appId });
    const { modules, edges, chatConfig } = await detail(appId);
    const draft = JSON.parse(JSON.stringify(modules).replace('I am Herons.', 'I am the draft.'));
    await data('PUT', `${app}/update?appId=${appId}`, { nodes: draft, edges, chatConfig });
    const { appId: copyId } = await data('POST', `${app}/copy`, { appId });
    const copy = await detail(copyId);
    expect(copy).toMatchObject({
      name: 'Herons Copy',
      intro: 'about birds',
      parentId: folder,
      type: 'simple',
    });
    expect(promptOf(copy)).toBe('I am the draft.');
    expect(copy.hasUnpublishedChanges).toBe(true);
    const versions = await server.app.store.db
      .selectFrom('app_versions')
      .select('nodes')
      .where('appId', '=', copyId)
      .execute();
    expect(versions).toHaveLength(1);
    expect(versions[0]?.nodes).toContain('I am Herons.');
    expect(await data('GET', `/api/support/openapi/list?appId=${copyId}`)).toEqual([]);
  });

  test('is never named with half of a character', async () => {
    const appId = await simple(`${'a'.repeat(194)}🐦bcde`);
    const { appId: copyId } = await data('POST', `${app}/copy`, { appId });
    expect((await detail(copyId)).name).toBe(`${'a'.repeat(194)} Copy`);
  });

  test('is named in the language of the caller, and never too long', async () => {
    const appId = await simple('长'.repeat(200));
    const answer = await root('POST', `${app}/copy`, { appId }, { 'accept-language': 'zh-CN' });
    expect((await detail(answer.json.data.appId)).name).toBe(`${'长'.repeat(197)} 副本`);
  });

  test('is not made of a folder, of what a stranger has, or by a viewer', async () => {
    const folder = await make({ name: 'a folder', type: 'folder' });
    const refused = await root('POST', `${app}/copy`, { appId: folder });
    expect([refused.status, refused.json.message]).toEqual([400, expect.stringContaining('folder')]);
    const appId = await simple('mine');
    expect((await as(stranger)('POST', `${app}/copy`, { appId })).status).toBe(404);
    expect((await as(viewer)('POST', `${app}/copy`, { appId })).status).toBe(403);
    const key = await server.createKey({ name: 'without the scope' });
    expect((await server.call('POST', `${app}/copy`, { key, body: { appId } })).status).toBe(403);
  });
});

describe('folders', () => {
  test('are made, named on the way to an app, and say what deleting them takes away', async () => {
    expect(await data('POST', `${app}/folder/create`, { name: 'outer', intro: 'all of it' })).toBeNull();
    const [outer] = (await list({ searchKey: 'outer' })) as { _id: string }[];
    const outerId = outer?._id ?? '';
    const inner = await make({ name: 'inner', type: 'folder', parentId: outerId });
    const appId = await simple('deep', { parentId: inner });
    const key = await server.createKey({ appId });
    const body = { chatId: 'one', messages: [{ role: 'user', content: 'Who are you?' }] };
    expect((await server.call('POST', '/api/v1/chat/completions', { key, body })).status).toBe(200);

    const path = (query: string) => data('GET', `${app}/folder/path?${query}`);
    const names = [
      { parentId: outerId, parentName: 'outer' },
      { parentId: inner, parentName: 'inner' },
    ];
    expect(await path(`sourceId=${inner}`)).toEqual(names);
    expect(await path(`parentId=${inner}&type=current`)).toEqual(names);
    expect(await path(`sourceId=${appId}&type=parent`)).toEqual(names);
    expect(await path('sourceId=')).toEqual([]);
    expect((await as(stranger)('GET', `${app}/folder/path?sourceId=${inner}`)).status).toBe(404);

    const contents = (id: string) => data('GET', `${app}/contents?appId=${id}`);
    expect(await contents(outerId)).toEqual({ folders: 2, apps: 1, keys: 1, chats: 1 });
    expect(await contents(appId)).toEqual({ folders: 0, apps: 1, keys: 1, chats: 1 });
    expect((await as(stranger)('GET', `${app}/contents?appId=${appId}`)).status).toBe(404);

    const deleted: string[] = await data('DELETE', `${app}/del?appId=${outerId}`);
    expect(deleted.toSorted()).toEqual([outerId, inner, appId].toSorted());
    expect((await server.call('POST', '/api/v1/chat/completions', { key, body })).status).toBe(401);
  });

  test('take apps that are moved, and are never inside themselves', async () => {
    const a = await make({ name: 'a', type: 'folder' });
    const b = await make({ name: 'b', type: 'folder', parentId: a });
    const appId = await simple('mover');
    await data('PUT', `${app}/update?appId=${appId}`, { parentId: b });
    expect((await list({ parentId: b })).map(({ name }) => name)).toEqual(['mover']);
    const names = (await list({ allFolders: true })).map(({ name }) => name);
    expect(names).toContain('mover');
    expect(names).not.toContain('a');
    await data('PUT', `${app}/update?appId=${appId}`, { parentId: null });
    expect(await list({ parentId: b })).toEqual([]);
    expect((await root('PUT', `${app}/update?appId=${a}`, { parentId: b })).status).toBe(409);
  });

  test('need a folder to be in', async () => {
    const appId = await simple('no folder');
    const answer = await root('POST', `${app}/folder/create`, { name: 'x', parentId: appId });
    expect([answer.status, answer.json.message]).toEqual([404, expect.stringContaining('parentId')]);
  });
});

describe('the list', () => {
  test('names models and datasets of each draft, and what is gone no more', async () => {
    const datasetId: string = await data('POST', '/api/core/dataset/create', { name: 'Birds' });
    const body = { prompt: 'x', model: 'gpt-5-mini', datasets: [{ datasetId }] };
    const appId = await make({ name: 'Lists facts', type: 'simple', simple: body });
    const shown = async () => (await list({ searchKey: 'Lists facts' }))[0];
    const expected = { models: ['gpt-5-mini'], datasets: [{ datasetId, name: 'Birds', avatar: '' }] };
    expect(await shown()).toMatchObject({ _id: appId, hasInteractiveNode: false, ...expected });
    expect((await detail(appId)).datasets).toEqual(expected.datasets);
    // As a version before left it.
    await server.app.store.db.updateTable('apps').set({ facts: null }).where('id', '=', appId).execute();
    expect(await shown()).toMatchObject(expected);
    const { modules, edges } = await detail(appId);
    const asks = { nodeId: 'form', name: 'Form', flowNodeType: 'formInput', inputs: [], outputs: [] };
    await data('POST', `${app}/version/publish?appId=${appId}`, { nodes: [...modules, asks], edges });
    await data('DELETE', `/api/core/dataset/delete?id=${datasetId}`);
    expect(await shown()).toMatchObject({ models: ['gpt-5-mini'], datasets: [], hasInteractiveNode: true });
  });

  test('of names takes ids of the own team, each once, in their order', async () => {
    const first = await simple('First');
    const second = await simple('Second');
    const ids = [second, 'f'.repeat(24), first, second];
    expect(await data('POST', `${app}/getBasicInfo`, { ids })).toEqual([
      { id: second, name: 'Second', avatar: '' },
      { id: first, name: 'First', avatar: '' },
    ]);
    expect(await data('POST', `${app}/getBasicInfo`, { ids: [] })).toEqual([]);
    expect((await as(stranger)('POST', `${app}/getBasicInfo`, { ids })).json.data).toEqual([]);
  });
});

test('the detail says whether the draft is what runs', async () => {
  const appId = await simple('States');
  const created = await detail(appId);
  expect(created).toMatchObject({ hasUnpublishedChanges: false, publishedTime: expect.stringMatching(/Z$/) });
  const { modules, edges } = created;
  const chatConfig = { ...created.chatConfig, welcomeText: 'Hello!' };
  const change = { nodes: modules, edges, chatConfig };
  await data('PUT', `${app}/update?appId=${appId}`, change);
  expect((await detail(appId)).hasUnpublishedChanges).toBe(true);
  await data('POST', `${app}/version/publish?appId=${appId}`, { ...change, isPublish: true });
  expect((await detail(appId)).hasUnpublishedChanges).toBe(false);
});
