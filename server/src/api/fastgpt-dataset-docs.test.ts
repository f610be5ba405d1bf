import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing/server.ts';

/*
 * Every call of FastGPT's documentation of datasets, with its methods, paths and bodies, as a program written from that
 * documentation sends them. Only ids, keys and hosts are this server's.
 */

let server: TestServer;
let outside: Server;
let key: string;
let datasetId: string;
let collectionId: string;
let dataId: string;

/** The web, a model provider and somebody's file server in one. */
function answerOutside(path: string, body: string): { type: string; text: string } {
  const json = (value: unknown) => ({ type: 'application/json', text: JSON.stringify(value) });
  if (path.startsWith('/v1/embeddings')) {
    const input = [JSON.parse(body).input].flat();
    const embedding = (text: string) => Array.from({ length: 8 }, (_, i) => text.length % (i + 2));
    const data = input.map((text, index) => ({ object: 'embedding', index, embedding: embedding(text) }));
    return json({ object: 'list', data, usage: { prompt_tokens: 1, total_tokens: 1 } });
  }
  if (path.startsWith('/v1/chat/completions')) {
    const message = { role: 'assistant', content: 'Q1: Who leads?\nA1: Mei leads the team.' };
    return json({
      choices: [{ index: 0, message, finish_reason: 'stop' }],
      usage: { prompt_tokens: 9, completion_tokens: 9 },
    });
  }
  if (path.startsWith('/v1/file/content')) {
    return json({
      success: true,
      message: '',
      data: { title: 'Discord', content: '# A bot\n\nIt greets people.' },
    });
  }
  if (path.startsWith('/v1/file/detail')) {
    return json({
      success: true,
      message: '',
      data: { id: 'x', name: 'x.md', type: 'file', parentId: null },
    });
  }
  if (path.startsWith('/fastgpt-dev/')) return { type: 'text/plain', text: 'An external file about moss.' };
  return {
    type: 'text/html',
    text: '<title>Quick start</title><nav>Menu</nav><div class="docs-content"><p>Press the green button.</p></div>',
  };
}

beforeAll(async () => {
  outside = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { type, text } = answerOutside(request.url ?? '', body);
      response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(text);
    });
  });
  await new Promise<void>((ready) => outside.listen(0, '127.0.0.1', ready));
  const { port } = outside.address() as AddressInfo;
  server = await startTestServer(
    {
      OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
      OPENAI_API_KEY: 'sk-test',
      CHAT_MODEL: 'gpt-3.5-turbo-16k,gpt-4o-mini,gpt-4.1',
      EMBEDDING_MODEL: 'text-embedding-ada-002',
    },
    {
      guard: {
        resolve: async () => ['93.184.216.34'],
        reroute: () => ({ address: '127.0.0.1', port }),
      },
    },
  );
  key = await server.createKey({ name: 'docs' });
}, 60_000);
afterAll(async () => {
  await server.close();
  outside.close();
});

/** A documented call: it must answer 200 in the envelope. Answers `data`. */
// biome-ignore lint/suspicious/noExplicitAny: a client of the documentation has no types
async function send(method: string, path: string, body?: unknown): Promise<any> {
  const answer = await server.call(method, path, { key, ...(body !== undefined && { body }) });
  expect(answer.status, `${method} ${path}: ${answer.text}`).toBe(200);
  expect(answer.json, `${method} ${path}`).toMatchObject({ code: 200, statusText: expect.any(String) });
  expect(answer.json).toHaveProperty('data');
  return answer.json.data;
}

/** Resolves when the collection holds data and nothing is under way any more. */
async function imported(id: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const detail = await send('GET', `/api/core/dataset/collection/trainingDetail?collectionId=${id}`);
    const open = [detail.queuedCounts, detail.trainingCounts].flatMap((counts) => Object.values(counts));
    if (detail.trainedCount > 0 && open.every((count) => count === 0)) return;
    if (Date.now() > deadline) throw new Error(`not imported: ${JSON.stringify(detail)}`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

const standard = {
  collectionId: expect.stringMatching(/^[0-9a-f]{24}$/),
  results: { insertLen: expect.any(Number), overToken: [], repeat: [], error: [] },
};
const flags = { isOwner: true, hasManagePer: true, hasWritePer: true, hasReadPer: true };

describe('datasets', () => {
  test('are created, listed and shown', async () => {
    datasetId = await send('POST', '/api/core/dataset/create', {
      parentId: null,
      type: 'dataset',
      name: '测试',
      intro: '介绍',
      avatar: '',
      vectorModel: 'text-embedding-ada-002',
      agentModel: 'gpt-3.5-turbo-16k',
      vlmModel: 'gpt-4.1',
    });
    expect(datasetId).toMatch(/^[0-9a-f]{24}$/);
    // A PostgreSQL without its extension keeps no vectors, and says so.
    const model = server.app.vectorIndex.available ? 'text-embedding-ada-002' : 'builtin-keyword';
    const list = await send('POST', '/api/core/dataset/list?parentId=', { parentId: '' });
    expect(list).toContainEqual(
      expect.objectContaining({
        _id: datasetId,
        parentId: null,
        avatar: '',
        name: '测试',
        intro: '介绍',
        type: 'dataset',
        permission: expect.objectContaining(flags),
        vectorModel: expect.objectContaining({ model, weight: expect.any(Number) }),
      }),
    );
    const detail = await send('GET', `/api/core/dataset/detail?id=${datasetId}`);
    expect(detail).toMatchObject({
      _id: datasetId,
      status: 'active',
      vectorModel: { model },
      agentModel: { model: 'gpt-3.5-turbo-16k', maxContext: expect.any(Number) },
      vlmModel: { model: 'gpt-4.1' },
    });
  });

  test('have a bill for their training', async () => {
    const bill = await send('POST', '/api/support/wallet/usage/createTrainingUsage', {
      datasetId,
      name: '文档训练-fastgpt.docx',
    });
    expect(bill).toMatch(/^[0-9a-f]{24}$/);
  });
});

describe('collections', () => {
  test('are created empty', async () => {
    collectionId = await send('POST', '/api/core/dataset/collection/create', {
      datasetId,
      parentId: null,
      name: '测试',
      type: 'virtual',
      metadata: { test: 111 },
    });
    expect(collectionId).toMatch(/^[0-9a-f]{24}$/);
  });

  test('are created of a text, as questions and answers', async () => {
    const made = await send('POST', '/api/core/dataset/collection/create/text', {
      text: 'Mei leads the team since May.',
      datasetId,
      parentId: null,
      name: '测试训练',
      trainingType: 'qa',
      chunkSettingMode: 'auto',
      qaPrompt: '',
      metadata: {},
    });
    expect(made).toMatchObject(standard);
    await imported(made.collectionId);
    const { list } = await send('POST', '/api/core/dataset/data/v2/list', {
      collectionId: made.collectionId,
    });
    expect(list).toContainEqual(expect.objectContaining({ q: 'Who leads?', a: 'Mei leads the team.' }));
  });

  test('are created of a link', async () => {
    const made = await send('POST', '/api/core/dataset/collection/create/link', {
      link: 'http://doc.tryfastgpt.ai/docs/course/quick-start/',
      datasetId,
      parentId: null,
      trainingType: 'chunk',
      chunkSettingMode: 'auto',
      qaPrompt: '',
      metadata: { webPageSelector: '.docs-content' },
    });
    expect(made).toMatchObject(standard);
    await imported(made.collectionId);
    const { list } = await send('POST', '/api/core/dataset/data/v2/list', {
      collectionId: made.collectionId,
    });
    expect(list.map(({ q }: { q: string }) => q).join('\n')).toBe('Press the green button.');
  });

  test('are created of a file', async () => {
    const form = new FormData();
    form.set('file', new Blob(['<h1>Index</h1><p>The index page.</p>']), encodeURIComponent('测试文件.html'));
    form.set(
      'data',
      JSON.stringify({
        datasetId,
        parentId: null,
        trainingType: 'chunk',
        chunkSize: 512,
        chunkSplitter: '',
        qaPrompt: '',
        metadata: {},
      }),
    );
    const made = await send('POST', '/api/core/dataset/collection/create/localFile', form);
    expect(made).toMatchObject(standard);
    await imported(made.collectionId);
    const detail = await send('GET', `/api/core/dataset/collection/detail?id=${made.collectionId}`);
    expect(detail).toMatchObject({ type: 'file', name: '测试文件.html', sourceName: '测试文件.html' });
  });

  test('are created of a file of an API dataset', async () => {
    const apiDatasetId = await send('POST', '/api/core/dataset/create', {
      type: 'apiDataset',
      name: 'API',
      apiDatasetServer: { apiServer: { baseUrl: 'http://files.example', authorization: 'token' } },
    });
    const made = await server.call('POST', '/api/core/dataset/collection/create/apiCollection', {
      key,
      body: {
        name: 'A Quick Guide to Building a Discord Bot.pdf',
        apiFileId: 'A Quick Guide to Building a Discord Bot.pdf',
        datasetId: apiDatasetId,
        parentId: null,
        trainingType: 'chunk',
        chunkSize: 512,
        chunkSplitter: '',
        qaPrompt: '',
      },
    });
    expect(made.status, made.text).toBe(200);
    const { list } = await send('POST', '/api/core/dataset/collection/listV2', { datasetId: apiDatasetId });
    expect(list).toContainEqual(expect.objectContaining({ type: 'apiFile' }));
    await imported(list[0]._id);
  });

  test('are created of an external file, under the path of the commercial edition', async () => {
    const made = await send('POST', '/api/proApi/core/dataset/collection/create/externalFileUrl', {
      externalFileUrl: 'http://image.example/fastgpt-dev/%E6%91%82.txt',
      externalFileId: '1111',
      createTime: '2024-05-01T00:00:00.000Z',
      filename: '自定义文件名.txt',
      datasetId,
      parentId: null,
      tags: ['tag1', 'tag2'],
      trainingType: 'chunk',
      chunkSize: 512,
      chunkSplitter: '',
      qaPrompt: '',
    });
    expect(made).toMatchObject(standard);
    await imported(made.collectionId);
  });

  test('are listed in both generations', async () => {
    const body = { pageSize: 10, datasetId, parentId: null, searchText: '' };
    const { list, total } = await send('POST', '/api/core/dataset/collection/listV2', { ...body, offset: 0 });
    expect(total).toBe(5);
    expect(list).toContainEqual(
      expect.objectContaining({
        type: 'externalFile',
        name: '自定义文件名.txt',
        externalFileId: '1111',
        tags: ['tag1', 'tag2'],
        forbid: false,
        trainingType: 'chunk',
        dataAmount: 1,
        trainingAmount: 0,
        permission: expect.objectContaining(flags),
      }),
    );
    const old = await send('POST', '/api/core/dataset/collection/list', { ...body, pageNum: 1 });
    expect(old).toMatchObject({ pageNum: 1, pageSize: 10, total: 5 });
    expect(old.data).toHaveLength(5);
  });

  test('are changed by their id, and by the id of their external file', async () => {
    const body = {
      parentId: null,
      name: '测2222试',
      tags: ['tag1', 'tag2'],
      forbid: false,
      createTime: '2024-01-01T00:00:00.000Z',
    };
    await send('PUT', '/api/core/dataset/collection/update', { id: collectionId, ...body });
    await send('PUT', '/api/core/dataset/collection/update', { datasetId, externalFileId: '1111', ...body });
    const { list } = await send('POST', '/api/core/dataset/collection/listV2', {
      datasetId,
      searchText: '测2222试',
    });
    expect(list).toHaveLength(2);
    expect(list[0]).toMatchObject({ tags: ['tag1', 'tag2'], createTime: '2024-01-01T00:00:00.000Z' });
  });
});

describe('data', () => {
  test('are pushed', async () => {
    const billId = await send('POST', '/api/support/wallet/usage/createTrainingUsage', { datasetId });
    const pushed = await send('POST', '/api/core/dataset/data/pushData', {
      collectionId,
      trainingType: 'chunk',
      prompt: '可选。qa 拆分引导词，chunk 模式下忽略',
      billId,
      data: [
        { q: '你是谁？', a: '我是助手' },
        { q: '你会什么？', a: '我什么都会', indexes: [{ text: '自定义索引1' }, { text: '自定义索引2' }] },
      ],
    });
    expect(pushed).toMatchObject({ insertLen: 2, overToken: [], repeat: [], error: [] });
  });

  test('are listed in both generations, and shown', async () => {
    const body = { pageSize: 10, collectionId, searchText: '' };
    const { list, total } = await send('POST', '/api/core/dataset/data/v2/list', { offset: 0, ...body });
    expect(total).toBe(2);
    expect(list[0]).toMatchObject({ datasetId, collectionId, q: '你是谁？', a: '我是助手', chunkIndex: 0 });
    const old = await send('POST', '/api/core/dataset/data/list', { pageNum: 1, ...body });
    expect(JSON.stringify(old)).toContain('你会什么？');
    dataId = list[1]._id;
    const detail = await send('GET', `/api/core/dataset/data/detail?id=${dataId}`);
    expect(detail).toMatchObject({
      id: dataId,
      q: '你会什么？',
      a: '我什么都会',
      isOwner: true,
      canWrite: true,
    });
    expect(detail.indexes).toContainEqual(expect.objectContaining({ type: 'custom', text: '自定义索引1' }));
  });

  test('are changed, with old indexes and a new one', async () => {
    const { indexes } = await send('GET', `/api/core/dataset/data/detail?id=${dataId}`);
    const of = (text: string) => indexes.find((index: { text: string }) => index.text === text)?.dataId;
    await send('PUT', '/api/core/dataset/data/update', {
      dataId,
      q: '测试111',
      a: 'sss',
      indexes: [
        { dataId: of('你会什么？'), type: 'default', text: '默认索引' },
        { dataId: of('自定义索引1'), type: 'custom', text: '旧的自定义索引1' },
        { type: 'custom', text: '新增的自定义索引' },
      ],
    });
    const after = await send('GET', `/api/core/dataset/data/detail?id=${dataId}`);
    expect(after).toMatchObject({ q: '测试111', a: 'sss' });
    const custom = after.indexes.filter((index: { type: string }) => index.type === 'custom');
    expect(custom.map((index: { text: string }) => index.text).toSorted()).toEqual(
      ['旧的自定义索引1', '新增的自定义索引'].toSorted(),
    );
  });

  test('are searched', async () => {
    const found = await send('POST', '/api/core/dataset/searchTest', {
      datasetId,
      text: '你是谁',
      limit: 5000,
      similarity: 0,
      searchMode: 'embedding',
      usingReRank: false,
      datasetSearchUsingExtensionQuery: true,
      datasetSearchExtensionModel: 'gpt-4o-mini',
      datasetSearchExtensionBg: '',
    });
    expect(found.list.map(({ q }: { q: string }) => q)).toContain('你是谁？');
  });

  test('are deleted, and so are collections and datasets', async () => {
    await send('DELETE', `/api/core/dataset/data/delete?id=${dataId}`);
    await send('DELETE', `/api/core/dataset/collection/delete?id=${collectionId}`);
    await send('DELETE', `/api/core/dataset/delete?id=${datasetId}`);
    const gone = await server.call('GET', `/api/core/dataset/detail?id=${datasetId}`, { key });
    expect(gone.status).toBe(404);
  });
});
