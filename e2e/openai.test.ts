import {
  answerWith,
  delta,
  openStream,
  type ReceivedCall,
  refuse,
  startUpstream,
  type Upstream,
} from '@lectern/server/models/testing/upstream.ts';
import { startTestServer, type TestServer } from '@lectern/server/testing/server.ts';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

/*
 * The official client of OpenAI, pointed at Lectern, whose model is an OpenAI-compatible upstream of this test.
 */

let server: TestServer;
let upstream: Upstream;
let answer: (call: ReceivedCall) => void | Promise<void>;
let appId: string;
let appKey: string;
let globalKey: string;
const name = 'Warranty desk';
const question = [{ role: 'user' as const, content: 'How long is the warranty?' }];

beforeAll(async () => {
  upstream = await startUpstream((call) => answer(call));
  server = await startTestServer({
    OPENAI_BASE_URL: upstream.url,
    OPENAI_API_KEY: 'sk-test',
    CHAT_MODEL: 'up-1',
  });
  const { sessionToken } = server.root;
  const body = { name, type: 'simple', simple: { prompt: 'Be brief.' } };
  appId = (await server.call('POST', '/api/core/app/create', { sessionToken, body })).json.data;
  appKey = await server.createKey({ name: 'app', appId });
  globalKey = await server.createKey({ name: 'global' });
});
afterAll(async () => {
  await server.close();
  await upstream.close();
});
beforeEach(() => {
  upstream.calls.length = 0;
  answer = ({ response }) => answerWith(response, 'Two years.');
});

const client = (apiKey: string, path = '/api/v1') => new OpenAI({ apiKey, baseURL: server.url + path });
const chatCalls = () => upstream.calls.filter((call) => call.path.endsWith('/chat/completions'));

describe('a chat', () => {
  for (const path of ['/api/v1', '/v1']) {
    it(`is answered under ${path} with true usage and model`, async () => {
      const completion = await client(appKey, path).chat.completions.create({
        model: 'anything',
        messages: question,
        temperature: 0.3,
        max_tokens: 50,
        tools: [],
      });
      expect(completion).toMatchObject({
        object: 'chat.completion',
        model: 'up-1',
        choices: [{ index: 0, message: { role: 'assistant', content: 'Two years.' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
      });
      expect(completion.id).toMatch(/^[0-9a-f]{24}$/);
      expect(Math.abs(completion.created - Date.now() / 1000)).toBeLessThan(60);
    });
  }

  it('streams, with the usage where it is asked for', async () => {
    const stream = await client(appKey).chat.completions.create({
      model: 'anything',
      messages: question,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map((c) => c.choices[0]?.delta.content ?? '').join('')).toBe('Two years.');
    expect(new Set(chunks.map((c) => c.id)).size).toBe(1);
    expect(chunks.every((c) => c.object === 'chat.completion.chunk' && c.model === 'up-1')).toBe(true);
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 10 } });
  });

  it('names its app by model with a global key', async () => {
    for (const model of [appId, name]) {
      const completion = await client(globalKey).chat.completions.create({ model, messages: question });
      expect(completion.choices[0]?.message.content).toBe('Two years.');
    }
    const suffixed = client(`${globalKey}-${appId}`);
    const completion = await suffixed.chat.completions.create({ model: 'x', messages: question });
    expect(completion.choices[0]?.message.content).toBe('Two years.');
  });

  it('reaches the history under its user, and stops the upstream when the caller leaves', async () => {
    const leave = new AbortController();
    const left = Promise.withResolvers<void>();
    answer = ({ response }) => {
      openStream(response);
      response.write(delta({ content: 'Two' }));
      response.on('close', () => left.resolve());
    };
    const extra = { chatId: 'leaving' };
    const stream = await client(appKey).chat.completions.create(
      { model: 'x', messages: question, stream: true, user: 'ann', ...extra },
      { signal: leave.signal },
    );
    for await (const _ of stream) leave.abort();
    await left.promise;
    const records = () =>
      server.call('POST', '/api/core/chat/getPaginationRecords', {
        key: appKey,
        body: { ...extra, customUid: 'ann' },
      });
    await expect.poll(async () => (await records()).json.data.total).toBe(2);
    const { list } = (await records()).json.data;
    expect(list[1]).toMatchObject({
      obj: 'AI',
      value: [{ type: 'text', text: { content: 'Two' } }],
      customUid: 'ann',
    });
  });
});

describe('named events', () => {
  it('come with detail: nodes, pieces, duration, responses, stop, [DONE]', async () => {
    const { text, headers } = await server.call('POST', '/api/v1/chat/completions', {
      key: appKey,
      body: { messages: question, stream: true, detail: true },
    });
    expect(headers.get('content-type')).toBe('text/event-stream;charset=utf-8');
    const events = [...text.matchAll(/^event: (\w+)$/gm)].map((m) => m[1]);
    expect(events.filter((e, i) => e !== events[i - 1])).toEqual([
      'flowNodeStatus',
      'answer',
      'workflowDuration',
      'flowResponses',
      'answer',
    ]);
    expect(text.endsWith('event: answer\ndata: [DONE]\n\n')).toBe(true);
  });

  it('answer responseData and newVariables without stream', async () => {
    const { json } = await server.call('POST', '/api/v1/chat/completions', {
      key: appKey,
      body: { messages: question, detail: true },
    });
    expect(json.newVariables).toEqual({});
    expect(json.choices[0].message.content).toBe('Two years.');
    expect(json.responseData.map((r: { moduleType: string }) => r.moduleType)).toContain('chatNode');
  });
});

describe('a failure', () => {
  const create = (apiKey: string, more: object = {}, path = '/api/v1') =>
    client(apiKey, path).chat.completions.create({ model: 'x', messages: question, ...more });
  const failure = async (promise: Promise<unknown>) =>
    promise.then(() => undefined).catch((error: unknown) => error);

  it('of an unknown key is an AuthenticationError', async () => {
    const error = await failure(create('fastgpt-unknownunknownunknownunknown'));
    expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(error).toMatchObject({ status: 401, type: 'authentication_error' });
  });

  it('of a global key that names no app is a PermissionDeniedError', async () => {
    const error = await failure(create(globalKey));
    expect(error).toBeInstanceOf(OpenAI.PermissionDeniedError);
    expect(error).toMatchObject({ status: 403, message: expect.stringContaining('appId') });
  });

  it('of an unknown app or model is a NotFoundError', async () => {
    const unknown = '0123456789abcdef01234567';
    expect(await failure(create(globalKey, { appId: unknown }))).toBeInstanceOf(OpenAI.NotFoundError);
    const error = await failure(client(globalKey).models.retrieve('no-such-model'));
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ status: 404, type: 'not_found_error' });
  });

  it('of an empty question is a BadRequestError, also with stream', async () => {
    for (const stream of [false, true]) {
      const error = await failure(create(appKey, { messages: [{ role: 'user', content: '' }], stream }));
      expect(error).toBeInstanceOf(OpenAI.BadRequestError);
      expect(error).toMatchObject({ message: '400 User question is empty' });
    }
    expect(await failure(create(appKey, { messages: [] }))).toBeInstanceOf(OpenAI.BadRequestError);
    expect(await failure(create(appKey, { messages: 'hello' }))).toBeInstanceOf(OpenAI.BadRequestError);
  });

  it('of a key over its rate is a RateLimitError', async () => {
    const limited = await server.createKey({ name: 'limited', appId, limit: { maxPerMinute: 1 } });
    const once = new OpenAI({ apiKey: limited, baseURL: `${server.url}/v1`, maxRetries: 0 });
    await once.models.list();
    expect(await failure(once.models.list())).toBeInstanceOf(OpenAI.RateLimitError);
  });

  it('of the upstream is a 502 that the client does not try again', async () => {
    answer = ({ response }) => refuse(response, 400, 'context too long');
    for (const stream of [false, true]) {
      upstream.calls.length = 0;
      const error = await failure(create(appKey, { stream }));
      expect(error).toBeInstanceOf(OpenAI.InternalServerError);
      expect(error).toMatchObject({ status: 502, message: expect.stringContaining('context too long') });
      expect(chatCalls()).toHaveLength(1);
    }
  });

  it('in the middle of a stream is raised, and ends it', async () => {
    answer = ({ response }) => {
      openStream(response);
      response.write(delta({ content: 'Two' }));
      setTimeout(() => response.destroy(), 50);
    };
    const stream = await client(appKey).chat.completions.create({
      model: 'x',
      messages: question,
      stream: true,
    });
    const said: string[] = [];
    const error = await failure(
      (async () => {
        for await (const chunk of stream) said.push(chunk.choices[0]?.delta.content ?? '');
      })(),
    );
    expect(said).toEqual(['Two']);
    expect(error).toBeInstanceOf(OpenAI.APIError);
  });
});

describe('the models', () => {
  it('of an app key are its app', async () => {
    const { data } = await client(appKey).models.list();
    expect(data).toMatchObject([{ id: appId, object: 'model', owned_by: 'lectern', name }]);
    expect((await client(appKey).models.retrieve(appId)).id).toBe(appId);
  });

  it('of a global key are the apps, then the chat models', async () => {
    const { data } = await client(globalKey, '/v1').models.list();
    expect(data.map((m) => m.id)).toEqual(expect.arrayContaining([appId, 'up-1']));
    expect((await client(globalKey).models.retrieve(name)).id).toBe(appId);
    expect((await client(globalKey).models.retrieve('up-1')).owned_by).toBeTruthy();
  });
});
