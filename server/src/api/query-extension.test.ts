import { afterEach, beforeEach, expect, it } from 'vitest';
import { answerWith, refuse, startUpstream, type Upstream } from '../models/testing/upstream.ts';
import { startTestServer, type TestServer } from '../testing/server.ts';
import { simpleAppDocument } from '../workflow/simple-app.ts';

/** What the model writes when it is asked for other wordings; null = it fails. */
let wordings: string | null;
let upstream: Upstream;
let server: TestServer;
let key: string;
let datasetId: string;

const asksForWordings = (body: Record<string, unknown>) =>
  JSON.stringify(body.messages).includes('search queries');
const extensions = () => upstream.calls.filter(({ body }) => asksForWordings(body));

beforeEach(async () => {
  wordings = '```json\n["puppy food", "what dogs eat"]\n```';
  upstream = await startUpstream(({ body, response }) => {
    if (!asksForWordings(body)) answerWith(response, 'An answer.');
    else if (wordings === null) refuse(response, 400, 'no');
    else answerWith(response, wordings);
  });
  server = await start({ OPENAI_BASE_URL: upstream.url, OPENAI_API_KEY: 'k', CHAT_MODEL: 'up-1' });
});
afterEach(async () => {
  await server.close();
  await upstream.close();
});

async function start(env: Record<string, string>): Promise<TestServer> {
  const started = await startTestServer(env);
  key = await started.createKey();
  const post = async (path: string, body: object) =>
    (await started.call('POST', `/api/core/dataset/${path}`, { key, body })).json.data;
  datasetId = await post('create', { name: 'd' });
  const collectionId = await post('collection/create', { datasetId, name: 'c', type: 'virtual' });
  const data = [{ q: 'Puppy food is kept in the cellar.' }, { q: 'Cars are parked outside.' }];
  await post('data/pushData', { collectionId, trainingType: 'chunk', data });
  return started;
}

async function search(more: object = {}) {
  const answer = await server.call('POST', '/api/core/dataset/searchTest', {
    key,
    body: {
      datasetId,
      text: 'nourishment for the young ones',
      searchMode: 'fullTextRecall',
      datasetSearchUsingExtensionQuery: true,
      ...more,
    },
  });
  expect(answer.status, answer.text).toBe(200);
  return answer.json.data;
}

it('searches in the words of a model as well, and says whose they are and what they cost', async () => {
  const result = await search({ datasetSearchExtensionBg: 'A kennel.' });
  expect(result.list.map(({ q }: { q: string }) => q)).toEqual(['Puppy food is kept in the cellar.']);
  expect(result.queryExtensionModel).toBe('up-1');
  expect(result.queryExtensionResult).toEqual({
    model: 'up-1',
    inputTokens: 7,
    outputTokens: 3,
    query: 'puppy food\nwhat dogs eat',
  });
  expect(result.notice).toBeUndefined();
  expect(JSON.stringify(extensions()[0]?.body.messages)).toContain('A kennel.');
  expect((await search({ datasetSearchUsingExtensionQuery: false })).list).toEqual([]);
  expect(extensions()).toHaveLength(1);
});

it('leaves a question alone that came in several wordings', async () => {
  expect((await search({ text: '["puppy","dog"]' })).list).toHaveLength(1);
  expect(extensions()).toHaveLength(0);
});

it.each([
  ['fails', null],
  ['writes something else', 'Dogs eat meat.'],
])('searches the question as it is when the model %s, and says so', async (_, answer) => {
  wordings = answer;
  const result = await search({ text: 'puppy' });
  expect(result.list).toHaveLength(1);
  expect(result.notice).toContain('gave no other wordings');
});

it('says that it needs a language model', async () => {
  await server.close();
  server = await start({});
  const result = await search({ text: 'puppy' });
  expect(result.list).toHaveLength(1);
  expect(result.notice).toContain('needs a language model');
  expect(result.queryExtensionModel).toBeUndefined();
});

it('knows the conversation in a chat, and stands in the response of the node and in the usage', async () => {
  const document = simpleAppDocument({ datasets: [{ datasetId }], search: { mode: 'fullTextRecall' } });
  const node = document.nodes.find(({ flowNodeType }) => flowNodeType === 'datasetSearchNode');
  node?.inputs.push({ key: 'datasetSearchUsingExtensionQuery', value: true });
  const created = await server.call('POST', '/api/core/app/create', {
    sessionToken: server.root.sessionToken,
    body: {
      name: 'a',
      type: 'advanced',
      modules: document.nodes,
      edges: document.edges,
      chatConfig: document.chatConfig,
    },
  });
  const appKey = await server.createKey({ appId: created.json.data });
  const answer = await server.call('POST', '/api/v1/chat/completions', {
    key: appKey,
    body: {
      detail: true,
      messages: [
        { role: 'user', content: 'Do you know the kennel?' },
        { role: 'assistant', content: 'I do.' },
        { role: 'user', content: 'What do they eat?' },
      ],
    },
  });
  expect(answer.status, answer.text).toBe(200);
  const found = answer.json.responseData.find(
    ({ moduleType }: { moduleType: string }) => moduleType === 'datasetSearchNode',
  );
  expect(found.queryExtensionResult).toEqual({
    model: 'up-1',
    inputTokens: 7,
    outputTokens: 3,
    query: 'puppy food\nwhat dogs eat',
  });
  expect(found.quoteList).toHaveLength(1);
  expect(JSON.stringify(extensions()[0]?.body.messages)).toContain('Do you know the kennel?');
  expect(answer.json.usage).toMatchObject({ prompt_tokens: 14, completion_tokens: 6 });
});
