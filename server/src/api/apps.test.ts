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

const as = (person: TestPerson) => (method: string, path: string, body?: unknown) =>
  server.call(method, path, { sessionToken: person.sessionToken, ...(body !== undefined && { body }) });
const root = (method: string, path: string, body?: unknown) => as(server.root)(method, path, body);

async function make(body: object, person = server.root): Promise<string> {
  const answer = await as(person)('POST', '/api/core/app/create', body);
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}

const detail = async (appId: string) => (await root('GET', `/api/core/app/detail?appId=${appId}`)).json.data;

/** A dataset with one passage that a question about herons finds. */
async function makeDataset(person = server.root): Promise<string> {
  const post = async (path: string, body: unknown) => (await as(person)('POST', path, body)).json.data;
  const datasetId = await post('/api/core/dataset/create', { name: 'birds' });
  const collectionId = await post('/api/core/dataset/collection/create', {
    datasetId,
    name: 'herons',
    type: 'virtual',
  });
  await post('/api/core/dataset/data/pushData', {
    collectionId,
    trainingType: 'chunk',
    data: [{ q: 'The blue heron stands 120 centimetres tall.', a: '' }],
  });
  return datasetId;
}

/** As FastGPT's template files look: a wrapper, enum names as text, keys that only its editor knows. */
const exported = (datasets: object[]) => ({
  name: 'Birds',
  intro: 'Answers about birds',
  author: 'someone',
  tags: ['office'],
  type: 'simple',
  workflow: {
    nodes: [
      {
        nodeId: 'userGuide',
        name: '系统配置',
        flowNodeType: 'userGuide',
        position: { x: 1, y: 2 },
        inputs: [],
        outputs: [],
      },
      {
        nodeId: 'start',
        name: '流程开始',
        flowNodeType: 'workflowStart',
        version: '481',
        inputs: [
          {
            key: 'userChatInput',
            renderTypeList: ['FlowNodeInputTypeEnum.reference'],
            valueType: 'string',
            label: '',
          },
        ],
        outputs: [{ id: 'userChatInput', key: 'userChatInput', type: 'FlowNodeOutputTypeEnum.static' }],
      },
      {
        nodeId: 'search',
        name: '知识库搜索',
        flowNodeType: 'datasetSearchNode',
        inputs: [
          {
            key: 'datasets',
            renderTypeList: ['FlowNodeInputTypeEnum.selectDataset'],
            valueType: 'selectDataset',
            value: datasets,
          },
          { key: 'userChatInput', valueType: 'string', value: ['start', 'userChatInput'] },
        ],
        outputs: [{ id: 'quoteQA', key: 'quoteQA', type: 'FlowNodeOutputTypeEnum.static' }],
      },
      {
        nodeId: 'chat',
        name: 'AI 对话',
        flowNodeType: 'chatNode',
        showStatus: true,
        inputs: [
          {
            key: 'model',
            renderTypeList: ['FlowNodeInputTypeEnum.settingLLMModel'],
            valueType: 'string',
            value: 'gpt-4o-mini',
          },
          { key: 'userChatInput', valueType: 'string', value: ['start', 'userChatInput'] },
          { key: 'quoteQA', valueType: 'datasetQuote', value: ['search', 'quoteQA'] },
        ],
        outputs: [{ id: 'answerText', key: 'answerText', type: 'FlowNodeOutputTypeEnum.static' }],
      },
    ],
    edges: [
      {
        source: 'start',
        target: 'search',
        sourceHandle: 'start-source-right',
        targetHandle: 'search-target-left',
      },
      {
        source: 'search',
        target: 'chat',
        sourceHandle: 'search-source-right',
        targetHandle: 'chat-target-left',
      },
    ],
  },
});

/** An app that says one text. */
const saying = (text: string) => ({
  nodes: [
    { nodeId: 'start', name: 'Start', flowNodeType: 'workflowStart', inputs: [], outputs: [] },
    {
      nodeId: 'say',
      name: 'Say',
      flowNodeType: 'answerNode',
      inputs: [{ key: 'text', value: text }],
      outputs: [],
    },
  ],
  edges: [
    { source: 'start', target: 'say', sourceHandle: 'start-source-right', targetHandle: 'say-target-left' },
  ],
});

async function ask(appId: string, more: object = {}) {
  return root('POST', '/api/v1/chat/completions', {
    appId,
    messages: [{ role: 'user', content: 'How tall is the blue heron?' }],
    detail: true,
    ...more,
  });
}

describe('create', () => {
  test('an exported template runs as it is once it has a dataset, with the default model and saying so', async () => {
    const appId = await make(exported([{ datasetId: await makeDataset() }]));
    const stored = await detail(appId);
    expect(stored).toMatchObject({
      name: 'Birds',
      intro: 'Answers about birds',
      type: 'simple',
      version: 'v2',
    });
    expect(JSON.stringify(stored)).not.toContain('FlowNode');
    const answer = await ask(appId);
    expect(answer.status, answer.text).toBe(200);
    expect(JSON.stringify(answer.json.choices)).toContain('120 centimetres');
    const chat = answer.json.responseData.find((r: { moduleType: string }) => r.moduleType === 'chatNode');
    expect(chat.modelNotice).toMatchObject({ requested: 'gpt-4o-mini' });
    const search = answer.json.responseData.find(
      (r: { moduleType: string }) => r.moduleType === 'datasetSearchNode',
    );
    expect(search).toMatchObject({
      searchMode: 'fullTextRecall',
      embeddingModel: 'builtin-keyword',
      quoteList: [{ sourceName: 'herons' }],
    });
  });

  test('modules, the older name of nodes, and a bare export without a name work too', async () => {
    const { nodes, edges } = saying('hello');
    const older = await make({ name: 'older', type: 'advanced', modules: nodes, edges });
    expect((await detail(older)).modules).toHaveLength(2);
    const bare = await make({ nodes, edges, chatConfig: { welcomeText: 'Hi' } });
    expect(await detail(bare)).toMatchObject({ type: 'advanced', chatConfig: { welcomeText: 'Hi' } });
  });

  test('a simple app becomes a workflow that answers from its datasets', async () => {
    const datasetId = await makeDataset();
    const appId = await make({
      name: 's',
      type: 'simple',
      simple: { datasets: [{ datasetId }], history: 3 },
      chatConfig: { welcomeText: 'Hi', variables: [{ key: 'city', label: 'City' }] },
    });
    const { modules, chatConfig } = await detail(appId);
    expect(chatConfig).toEqual({ welcomeText: 'Hi', variables: [{ key: 'city', label: 'City' }] });
    expect(modules.map((m: { flowNodeType: string }) => m.flowNodeType)).toEqual([
      'userGuide',
      'workflowStart',
      'datasetSearchNode',
      'chatNode',
    ]);
    expect(JSON.stringify((await ask(appId)).json.choices)).toContain('120 centimetres');
  });

  test('a dataset of another team is refused like one that does not exist, naming the node', async () => {
    const foreign = await makeDataset(stranger);
    const texts = [];
    for (const datasetId of [foreign, 'ffffffffffffffffffffffff']) {
      const answer = await root('POST', '/api/core/app/create', exported([{ datasetId }]));
      expect(answer.status).toBe(404);
      expect(answer.json.message).toContain('知识库搜索');
      texts.push(answer.json.message.replaceAll(datasetId, ''));
    }
    expect(texts[0]).toBe(texts[1]);
    const appId = await make(exported([]));
    for (const [method, path] of [
      ['PUT', 'update'],
      ['POST', 'version/publish'],
    ] as const) {
      const { workflow } = exported([{ datasetId: foreign }]);
      expect((await root(method, `/api/core/app/${path}?appId=${appId}`, workflow)).status).toBe(404);
    }
    expect(JSON.stringify(await detail(appId))).not.toContain(foreign);
  });

  test('a dataset that was deleted after saving is not searched', async () => {
    const datasetId = await makeDataset();
    const appId = await make(exported([{ datasetId }]));
    await root('DELETE', `/api/core/dataset/delete?id=${datasetId}`);
    const answer = await ask(appId);
    expect(answer.text).not.toContain('120 centimetres');
    expect(answer.status).toBeLessThan(500);
  });

  test("another team's dataset is not searched, even if its id has got into a workflow", async () => {
    const foreign = await makeDataset(stranger);
    const own = await makeDataset();
    const appId = await make(exported([{ datasetId: own }]));
    const { db } = server.app.store;
    const row = await db
      .selectFrom('app_versions')
      .select('nodes')
      .where('appId', '=', appId)
      .executeTakeFirstOrThrow();
    const nodes = row.nodes.replaceAll(own, foreign);
    expect(nodes).toContain(foreign);
    await db.updateTable('app_versions').set({ nodes }).where('appId', '=', appId).execute();
    const answer = await ask(appId);
    expect(answer.text).toContain('datasetSearchNode');
    expect(answer.text).not.toContain('120 centimetres');
  });

  test('what is missing or unknown is named', async () => {
    const create = async (body: object) => (await root('POST', '/api/core/app/create', body)).json;
    expect(await create({ type: 'simple' })).toMatchObject({
      code: 507004,
      message: expect.stringContaining('name'),
    });
    expect(await create({ name: 'x', type: 'advanced' })).toMatchObject({ code: 507004 });
    expect(await create({ name: 'x', type: 'robot' })).toMatchObject({ code: 400 });
    expect(await create({ name: 'x', type: 'simple', parentId: 'ffffffffffffffffffffffff' })).toMatchObject({
      code: 404,
    });
    expect(await create({ name: 'x', type: 'simple', modules: [{ nodeId: 'a' }] })).toMatchObject({
      code: 507004,
    });
  });

  test('server-owned fields in the body are ignored', async () => {
    const { teamId, memberId } = stranger.caller;
    const appId = await make({ name: 'mine', type: 'simple', teamId, tmbId: memberId, _id: 'a'.repeat(24) });
    expect(await detail(appId)).toMatchObject({
      teamId: server.root.caller.teamId,
      tmbId: server.root.caller.memberId,
    });
  });

  test('a workflow with a node this version cannot run is saved, and running it says which', async () => {
    const { nodes, edges } = saying('x');
    const [start, say] = nodes;
    const appId = await make({
      name: 'later',
      type: 'advanced',
      nodes: [start, { ...say, name: 'Ask a robot', flowNodeType: 'lafModule' }],
      edges,
    });
    const answer = await ask(appId);
    expect(answer.status).toBe(400);
    expect(answer.json.message).toContain('Ask a robot');
  });
});

describe('who may', () => {
  test('a global key needs the scope apps:write for all but the list', async () => {
    const plain = await server.createKey({ name: 'plain' });
    const scoped = await server.createKey({ name: 'scoped', scopes: ['apps:write'] });
    const body = { name: 'by key', type: 'simple' };
    const refused = await server.call('POST', '/api/core/app/create', { key: plain, body });
    expect(refused.status).toBe(403);
    expect(refused.json.message).toContain('apps:write');
    expect((await server.call('POST', '/api/core/app/list', { key: plain, body: {} })).status).toBe(200);
    expect((await server.call('POST', '/api/core/app/create', { key: scoped, body })).status).toBe(200);
  });

  test('a viewer sees apps without their workflow and changes none', async () => {
    const appId = await make({ name: 'seen', ...saying('secret prompt') });
    const seen = await as(viewer)('GET', `/api/core/app/detail?appId=${appId}`);
    expect(seen.json.data).toMatchObject({ name: 'seen', modules: [], edges: [] });
    expect((await as(viewer)('PUT', `/api/core/app/update?appId=${appId}`, { name: 'x' })).status).toBe(403);
    expect((await as(viewer)('DELETE', `/api/core/app/del?appId=${appId}`)).status).toBe(403);
  });

  test("another team's app is not found, and not in the list", async () => {
    const appId = await make({ name: 'hidden', type: 'simple' });
    for (const [method, path] of [
      ['GET', 'detail'],
      ['PUT', 'update'],
      ['DELETE', 'del'],
      ['POST', 'version/publish'],
    ] as const) {
      const body = method === 'GET' || method === 'DELETE' ? undefined : { name: 'taken' };
      const answer = await as(stranger)(method, `/api/core/app/${path}?appId=${appId}`, body);
      expect(answer.json).toMatchObject({ code: 502000, statusText: 'appUnExist' });
    }
    const list = await as(stranger)('POST', '/api/core/app/list', { searchKey: 'hidden' });
    expect(list.json.data).toEqual([]);
    expect(await detail(appId)).toMatchObject({ name: 'hidden' });
  });
});

describe('list', () => {
  test('shows a folder at a time, filters by type, and finds in all folders', async () => {
    const folder = await make({ name: 'shelf', type: 'folder' });
    const inside = await make({ name: 'needle 100%', type: 'simple', parentId: folder });
    const ids = async (body: object) =>
      (await root('POST', '/api/core/app/listV2', body)).json.data.map((a: { _id: string }) => a._id);
    expect(await ids({ parentId: folder })).toEqual([inside]);
    expect(await ids({ parentId: '' })).not.toContain(inside);
    expect(await ids({ type: ['folder'] })).toEqual([folder]);
    expect(await ids({ searchKey: '100%' })).toEqual([inside]);
    expect(await ids({ searchKey: 'n_edle' })).toEqual([]);
  });

  test('shows what was chatted with last', async () => {
    const appId = await make({ name: 'recent', ...saying('hi') });
    await ask(appId, { chatId: 'c1' });
    const { data } = (await root('POST', '/api/core/app/list', { getRecentlyChat: true })).json;
    expect(data[0]).toMatchObject({ _id: appId, sourceMember: { name: server.root.caller.name } });
  });
});

describe('update and publish', () => {
  const answerOf = async (appId: string) =>
    (await ask(appId, { detail: false })).json.choices[0].message.content.trim();

  test('an update changes the draft, answers the old record, and leaves what runs', async () => {
    const appId = await make({ name: 'before', ...saying('one') });
    expect(await answerOf(appId)).toBe('one');
    const answer = await root('PUT', `/api/core/app/update?appId=${appId}`, {
      name: 'after',
      ...saying('two'),
    });
    expect(answer.json.data.name).toBe('before');
    expect(await detail(appId)).toMatchObject({ name: 'after' });
    expect(await answerOf(appId)).toBe('one');
  });

  test('only a published version runs; a saved version and an automatic save do not', async () => {
    const appId = await make({ name: 'p', ...saying('one') });
    const publish = (body: object) => root('POST', `/api/core/app/version/publish?appId=${appId}`, body);
    await publish({ ...saying('saved'), versionName: 'a try' });
    expect(await answerOf(appId)).toBe('one');
    await publish({ ...saying('automatic'), autoSave: true, isPublish: true });
    expect(await answerOf(appId)).toBe('one');
    expect(JSON.stringify(await detail(appId))).toContain('automatic');
    const answer = await publish({ ...saying('three'), isPublish: 'true' });
    expect(answer.json).toMatchObject({ code: 200, data: null });
    expect(await answerOf(appId)).toBe('three');
    const versions = await server.app.store.db
      .selectFrom('app_versions')
      .select('name')
      .where('appId', '=', appId)
      .execute();
    expect(versions).toHaveLength(3);
  });

  test('nodes that are left out when publishing are saved as empty', async () => {
    const appId = await make({ name: 'p', ...saying('one') });
    await root('POST', '/api/core/app/version/publish', { appId, isPublish: true });
    expect(await detail(appId)).toMatchObject({ modules: [], edges: [] });
    expect((await ask(appId)).status).toBe(400);
  });

  test('a folder cannot be moved into itself, nor an app into another team', async () => {
    const outer = await make({ name: 'outer', type: 'folder' });
    const inner = await make({ name: 'inner', type: 'folder', parentId: outer });
    const foreign = await make({ name: 'theirs', type: 'folder' }, stranger);
    const move = async (appId: string, parentId: string | null) =>
      (await root('PUT', `/api/core/app/update?appId=${appId}`, { parentId })).status;
    expect(await move(outer, inner)).toBe(409);
    expect(await move(inner, foreign)).toBe(404);
    expect(await move(inner, null)).toBe(200);
    expect(await detail(inner)).toMatchObject({ parentId: null });
  });
});

describe('delete', () => {
  test('takes a folder with all in it, their keys, versions and chats, and answers the ids', async () => {
    const folder = await make({ name: 'gone', type: 'folder' });
    const appId = await make({ name: 'gone too', parentId: folder, ...saying('bye') });
    const key = await server.createKey({ name: 'k', appId });
    await ask(appId, { chatId: 'last' });
    const answer = await root('DELETE', `/api/core/app/delete?appId=${folder}`);
    expect(answer.json.data.toSorted()).toEqual([folder, appId].toSorted());
    const body = { messages: [{ role: 'user', content: 'there?' }] };
    expect((await server.call('POST', '/api/v1/chat/completions', { key, body })).status).toBe(401);
  });
});
