import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

let server: TestServer;
let appId: string;
let otherAppId: string;
let key: string;
let globalKey: string;

const base = '/api/core/chat';

beforeAll(async () => {
  server = await startTestServer();
  const { sessionToken } = server.root;
  const simple = { welcomeText: 'Hello', variables: [{ key: 'city', label: 'City', valueType: 'string' }] };
  const create = async (name: string) =>
    (
      await server.call('POST', '/api/core/app/create', {
        sessionToken,
        body: { name, type: 'simple', simple },
      })
    ).json.data;
  appId = await create('Desk');
  otherAppId = await create('Other');
  key = await server.createKey({ name: 'app key', appId });
  globalKey = await server.createKey({ name: 'global' });
});
afterAll(() => server.close());

async function say(chatId: string, content: string, more: object = {}) {
  const body = { chatId, messages: [{ role: 'user', content }], ...more };
  const answer = await server.call('POST', '/api/v1/chat/completions', { key, body });
  expect(answer.status).toBe(200);
  return answer.json;
}
const post = async (path: string, body: object, credential: object = { key }) =>
  server.call('POST', path.startsWith('/api') ? path : base + path, { ...credential, body });
const get = (path: string, query: Record<string, string>, credential: object = { key }) =>
  server.call('GET', `${base}${path}?${new URLSearchParams(query)}`, credential);
const remove = (path: string, query: Record<string, string>, credential: object = { key }) =>
  server.call('DELETE', `${base}${path}?${new URLSearchParams(query)}`, credential);
const chatIds = async (body: object = {}, credential: object = { key }) => {
  const { json } = await post('/history/getHistories', { appId, pageSize: 100, ...body }, credential);
  return json.data.list.map((c: { chatId: string }) => c.chatId);
};

describe('the chats of an app', () => {
  it('are listed under both paths, pinned first, with their end user, and can be filtered', async () => {
    await say('list-1', 'First', { customUid: 'ann' });
    await say('list-2', 'Second');
    await say('list-3', 'Third');
    await server.call('PUT', `${base}/history/updateHistory`, {
      key,
      body: { appId, chatId: 'list-1', top: true, customTitle: 'Pinned' },
    });
    expect((await chatIds()).slice(0, 3)).toEqual(['list-1', 'list-3', 'list-2']);
    const { json } = await post('/getHistories', { appId, pageSize: 1, pageNum: 2 });
    expect(json.data.list.map((c: { chatId: string }) => c.chatId)).toEqual(['list-3']);
    expect(json.data.total).toBeGreaterThanOrEqual(3);
    expect(await chatIds({ customUid: 'ann' })).toEqual(['list-1']);
    expect(await chatIds({ outLinkUid: ' ann ' })).toEqual(['list-1']);
    expect(await chatIds({ source: 'online' })).not.toContain('list-2');
    expect(await chatIds({ startUpdateTime: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
    await say('list-long', 'What is the colour of a grey heron, and does it change with its age?');
    await say('list-long', 'And of a robin?');
    const [longest] = (await post('/getHistories', { appId })).json.data.list.filter(
      (c: { chatId: string }) => c.chatId === 'list-long',
    );
    const firstQuestion = 'What is the colour of a grey heron, and does it change with its age?';
    expect(longest).toMatchObject({ title: 'And of a robin?', firstQuestion });
    expect((await get('/init', { appId, chatId: 'list-long' })).json.data).toMatchObject({ firstQuestion });
    const pinned = await post('/getHistories', { customUid: 'ann' });
    expect(pinned.json.data.list[0]).toMatchObject({
      appId,
      title: 'First',
      customTitle: 'Pinned',
      top: true,
      customUid: 'ann',
      outLinkUid: 'ann',
    });
  });

  it('of no app are none; of another app than the key’s are refused; of an unknown app are not found', async () => {
    expect((await post('/getHistories', {}, { key: globalKey })).json.data).toEqual({ list: [], total: 0 });
    expect(await post('/getHistories', { appId: otherAppId })).toMatchObject({
      status: 403,
      json: { code: 514 },
    });
    const unknown = await post('/getHistories', { appId: '0123456789abcdef01234567' }, { key: globalKey });
    expect(unknown).toMatchObject({ status: 404, json: { code: 502000 } });
  });

  it('of a team are unknown to another one', async () => {
    await say('secret', 'A secret');
    const stranger = await server.createTeam('strangers');
    const credential = { sessionToken: stranger.sessionToken };
    const body = { appId, chatId: 'secret' };
    expect((await post('/getPaginationRecords', body, credential)).status).toBe(404);
    expect((await get('/init', body, credential)).status).toBe(404);
    expect((await remove('/delHistory', body, credential)).status).toBe(404);
    expect((await post('/api/core/app/logs/list', { appId }, credential)).status).toBe(404);
    expect(await chatIds()).toContain('secret');
  });

  it('of a colleague are unknown to a viewer in a session', async () => {
    await say('of-root', 'Private');
    const viewer = await server.createMember('looking', 'viewer');
    const credential = { sessionToken: viewer.sessionToken };
    const { json } = await post('/getPaginationRecords', { appId, chatId: 'of-root' }, credential);
    expect(json.data).toEqual({ list: [], total: 0 });
    expect((await post('/api/core/app/logs/list', { appId }, credential)).status).toBe(403);
  });
});

describe('the messages of a chat', () => {
  it('count back from the newest and stand oldest first in a page', async () => {
    for (const n of [1, 2, 3]) await say('records', `Question ${n}`);
    const page = async (offset: number, pageSize: number, path = '/record/getPaginationRecords') =>
      (await post(path, { appId, chatId: 'records', offset, pageSize })).json.data;
    const newest = await page(0, 2, '/getPaginationRecords');
    expect(newest.total).toBe(6);
    expect(newest.list.map((r: { obj: string }) => r.obj)).toEqual(['Human', 'AI']);
    expect(newest.list[0].value).toEqual([{ type: 'text', text: { content: 'Question 3' } }]);
    expect((await page(4, 2)).list[0].value[0].text.content).toBe('Question 1');
    expect((await page(5, 100)).list).toHaveLength(1);
  });

  it('tell what every node did, by dataId; anything unknown is empty', async () => {
    await say('data', 'Question', { responseChatItemId: 'my-answer' });
    for (const path of ['/getResData', '/record/getResData']) {
      const { json } = await get(path, { appId, chatId: 'data', dataId: 'my-answer' });
      expect(json.data.some((r: { moduleType: string }) => r.moduleType === 'chatNode')).toBe(true);
    }
    expect((await get('/getResData', { chatId: 'data', dataId: 'other' })).json.data).toEqual([]);
    expect((await get('/getResData', { appId })).json.data).toEqual([]);
  });
});

describe('opening a chat', () => {
  it('gives the app, and the variables of the chat', async () => {
    await say('open', 'Hi', { variables: { City: 'Ulm' } });
    const { json } = await get('/init', { chatId: 'open' });
    expect(json.data).toMatchObject({
      chatId: 'open',
      appId,
      title: 'Hi',
      variables: { city: 'Ulm' },
      app: {
        name: 'Desk',
        type: 'simple',
        canUse: true,
        // The app names no model: the default one will answer.
        chatModels: ['Built-in (quotes sentences)'],
        chatConfig: { welcomeText: 'Hello' },
      },
    });
  });

  it('that is unknown gives the app alone; without an app it is refused', async () => {
    const { status, json } = await get('/init', { appId, chatId: 'never-seen' });
    expect(status).toBe(200);
    expect(json.data.title).toBeUndefined();
    expect(await get('/init', { chatId: 'x' }, { key: globalKey })).toMatchObject({
      status: 400,
      json: { code: 507004, statusText: 'missingParams' },
    });
  });
});

describe('deleting', () => {
  it('takes one chat, by DELETE or POST; an unknown one is no error', async () => {
    await say('gone-1', 'a');
    await say('gone-2', 'b');
    expect((await remove('/history/delHistory', { appId, chatId: 'gone-1' })).json.data).toBeNull();
    expect((await post('/delHistory', { appId, chatId: 'gone-2' })).status).toBe(200);
    expect((await remove('/delHistory', { appId, chatId: 'gone-1' })).status).toBe(200);
    const left = await chatIds();
    expect(left).not.toContain('gone-1');
    expect(left).not.toContain('gone-2');
    expect((await post('/getPaginationRecords', { chatId: 'gone-1' })).json.data.total).toBe(0);
  });

  it('clears with a key what keys made, with customUid only theirs, and in a session one’s own', async () => {
    const session = { sessionToken: server.root.sessionToken };
    const body = { appId, chatId: 'console', messages: [{ role: 'user', content: 'x' }] };
    await server.call('POST', '/api/v1/chat/completions', { ...session, body });
    await say('of-ann', 'a', { customUid: 'ann' });
    await say('of-bob', 'b', { customUid: 'bob' });
    await remove('/clearHistories', { appId, customUid: 'ann' });
    expect(await chatIds({ customUid: 'ann' })).toEqual([]);
    expect(await chatIds({ customUid: 'bob' })).toEqual(['of-bob']);
    await remove('/history/clearHistories', { appId });
    expect(await chatIds()).toEqual(['console']);
    await remove('/clearHistories', { appId }, session);
    expect(await chatIds()).toEqual([]);
  });
});

describe('a colleague’s chat', () => {
  it.each(['editor', 'admin'] as const)('can be read by an %s, who changes nothing in it', async (role) => {
    const chatId = `of-root-${role}`;
    const root = { sessionToken: server.root.sessionToken };
    const asked = {
      appId,
      chatId,
      responseChatItemId: 'answer',
      messages: [{ role: 'user', content: 'Mine' }],
    };
    await post('/api/v1/chat/completions', asked, root);
    const colleague = { sessionToken: (await server.createMember(`curious-${role}`, role)).sessionToken };
    const records = async (credential: object) => {
      const { json } = await post('/getPaginationRecords', { appId, chatId }, credential);
      return json.data.list.map(({ dataId, obj, value, userGoodFeedback }: Record<string, unknown>) => ({
        ...{ dataId, obj, value, userGoodFeedback },
      }));
    };
    const before = await records(root);
    expect(before).toHaveLength(2);
    expect(await records(colleague)).toEqual(before);

    const target = { appId, chatId };
    await remove('/history/delHistory', target, colleague);
    for (const withFollowing of ['true', 'false'])
      await remove('/item/delete', { ...target, contentId: before[0].dataId, withFollowing }, colleague);
    await remove('/history/clearHistories', { appId }, colleague);
    const renamed = await server.call('PUT', `${base}/history/updateHistory`, {
      ...colleague,
      body: { ...target, customTitle: 'Taken over' },
    });
    const rated = await post(
      '/feedback/updateUserFeedback',
      { ...target, dataId: 'answer', userGoodFeedback: 'yes' },
      colleague,
    );
    const continued = await post('/api/v1/chat/completions', asked, colleague);
    expect([renamed.status, rated.status, continued.status]).toEqual([404, 404, 404]);

    expect(await records(root)).toEqual(before);
    expect((await get('/init', target, root)).json.data).toMatchObject({ title: 'Mine' });
    expect((await get('/init', target, root)).json.data.customTitle ?? '').toBe('');
    await remove('/history/delHistory', target, root);
    expect(await records(root)).toEqual([]);
  });
});

describe('the logs of an app', () => {
  it('count messages, filter by end user, and search literally', async () => {
    await say('log-1', '100% sure?', { customUid: 'ann' });
    await say('log-2', 'Quite sure');
    await say('log-2', 'Really');
    const list = async (more: object) =>
      (await post('/api/core/app/logs/list', { appId, ...more })).json.data.list as Record<string, unknown>[];
    const ids = async (more: object) => (await list(more)).map((l) => l.chatId);
    expect((await ids({})).slice(0, 2)).toEqual(['log-2', 'log-1']);
    expect((await list({}))[0]).toMatchObject({
      title: 'Really',
      messageCount: 4,
      errorCount: 0,
      source: 'api',
      sourceName: 'app key',
      sourceMember: { status: 'active' },
      originIp: '127.0.0.1',
    });
    expect(await ids({ outLinkUids: ['ann'] })).toEqual(['log-1']);
    expect(await ids({ customUid: 'ann' })).toEqual(['log-1']);
    expect(await ids({ chatSearch: '100%' })).toEqual(['log-1']);
    expect(await ids({ chatSearch: 'LOG-2' })).toEqual(['log-2']);
    expect(await ids({ chatSearch: '%' })).toEqual(['log-1']);
    expect(await ids({ chatSearch: '_' })).toEqual([]);
    expect(await ids({ sources: ['share'] })).toEqual([]);
    expect(await ids({ errorFilter: 'has_error' })).toEqual([]);
    expect(await ids({ feedbackType: 'good' })).toEqual([]);
    expect(await ids({ dateEnd: new Date(0).toISOString() })).toEqual([]);
    const old = await post(
      '/api/core/app/getChatLogs',
      { appId },
      { sessionToken: server.root.sessionToken },
    );
    expect(old.json.data.list[0].id).toBe('log-2');
  });
});
