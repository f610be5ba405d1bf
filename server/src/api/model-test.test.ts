import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nearestFirst } from '../models/explain-failure.ts';
import { answerWith, delta, openStream, type ReceivedCall, refuse } from '../models/testing/upstream.ts';
import { type ModelWorld, startModelWorld } from '../testing/model-world.ts';

let world: ModelWorld;
beforeAll(async () => {
  world = await startModelWorld({ MODEL_TIMEOUT_SECONDS: '1' });
}, 60_000);
afterAll(() => world.close());

const canary = 'sk-canary-of-the-test-route';
let number = 0;

/** Adds a model with one channel and tests it, in English or Chinese. */
async function tested(baseUrl: string, facts: Record<string, unknown> = {}, lang = 'en') {
  const model = `tested-${++number}`;
  await world.root('PUT', '/api/core/ai/model/update', { model, type: 'llm', ...facts });
  const channelId = await world.channel(`channel-${number}`, baseUrl, {
    credential: canary,
    models: [model],
  });
  const answer = await world.server.call(
    'GET',
    `/api/core/ai/model/test?model=${model}&channelId=${channelId}`,
    {
      sessionToken: world.server.root.sessionToken,
      headers: { 'accept-language': lang },
    },
  );
  expect(answer.status, answer.text).toBe(200);
  expect(answer.text).not.toContain(canary);
  const { data } = answer.json;
  return { ok: data.ok, checks: data.channels[0]?.checks ?? [], data };
}

/** A provider that does everything. */
const able = ({ path, body, response }: ReceivedCall) => {
  if (path.endsWith('/chat/completions') && body.tools) {
    openStream(response);
    const call = { index: 0, id: 'c', function: { name: 'local_time', arguments: '{"city":"Paris"}' } };
    response.end(`${delta({ tool_calls: [call] })}${delta({}, 'tool_calls')}data: [DONE]\n\n`);
  } else if (path.endsWith('/chat/completions')) {
    answerWith(response, JSON.stringify(body.messages).includes('image_url') ? 'Red' : 'OK');
  } else if (path.endsWith('/embeddings')) {
    response.end(JSON.stringify({ data: [{ index: 0, embedding: [0.1, 0.2, 0.3] }] }));
  } else {
    response.end(
      JSON.stringify({
        results: [
          { index: 0, relevance_score: 0.1 },
          { index: 1, relevance_score: 0.9 },
        ],
      }),
    );
  }
};

describe('the test of a model', () => {
  it('tries everything that a chat model is said to do', async () => {
    const provider = await world.upstream(able);
    const { ok, checks, data } = await tested(provider.url, { toolChoice: true, vision: true });
    expect(ok).toBe(true);
    expect(checks).toMatchObject([
      { capability: 'chat', ok: true, message: 'It answered: "OK"' },
      { capability: 'toolCall', ok: true },
      { capability: 'vision', ok: true, message: expect.stringContaining('Red') },
    ]);
    expect(data.message).toBe('The model works on 1 of 1 channels.');
    const plain = await tested(provider.url, {}, 'zh');
    expect(plain.checks).toMatchObject([{ capability: 'chat', message: '回答：“OK”' }]);
  });

  it('tells the dimension of vectors and the order of texts', async () => {
    const provider = await world.upstream(able);
    expect((await tested(provider.url, { type: 'embedding' })).checks).toMatchObject([
      { capability: 'embedding', ok: true, message: 'A vector of 3 dimensions.' },
    ]);
    expect((await tested(provider.url, { type: 'rerank' })).checks).toMatchObject([
      { capability: 'rerank', ok: true, message: expect.stringContaining('0.900 > 0.100') },
    ]);
  });

  it.each([
    ['It is RED.', true],
    ['红色', true],
    ['Blue', false],
    ['I cannot be bothered to look: tired.', false],
  ])('believes that a model sees only when it names the colour: %s', async (said, sees) => {
    const provider = await world.upstream(({ response }) => answerWith(response, said));
    const { checks } = await tested(provider.url, { vision: true });
    expect(checks[1]).toMatchObject({
      capability: 'vision',
      ok: sees,
      message: expect.stringContaining(said),
      ...(!sees && { failure: 'answer' }),
    });
  });

  it('finds models that cannot do what is said of them', async () => {
    const provider = await world.upstream((call) => {
      if (call.path.endsWith('/rerank'))
        call.response.end(JSON.stringify({ results: [{ index: 0, relevance_score: 1 }] }));
      else answerWith(call.response, 'words');
    });
    const chat = await tested(provider.url, { toolChoice: true });
    expect([chat.ok, chat.checks[1]]).toMatchObject([false, { capability: 'toolCall', failure: 'answer' }]);
    expect((await tested(provider.url, { type: 'rerank' })).checks).toMatchObject([
      { ok: false, failure: 'answer' },
    ]);
    expect((await tested(provider.url, { type: 'tts' })).checks).toMatchObject([
      { ok: false, failure: 'unsupported' },
    ]);
  });

  it.each<[string, (call: ReceivedCall) => void, string, RegExp, RegExp]>([
    [
      'a wrong credential',
      ({ response }) => refuse(response, 401, `bad key ${canary}`),
      'auth',
      /does not accept the credential/,
      /不接受该凭证/,
    ],
    [
      'no rest for it',
      ({ response }) => refuse(response, 429, 'slow down'),
      'limit',
      /limit is reached/,
      /频率限制/,
    ],
    ['no money', ({ response }) => refuse(response, 402, 'pay'), 'quota', /no money/, /余额/],
    [
      'a fault of its own',
      ({ response }) => refuse(response, 500, 'oops'),
      'server',
      /fault of its own.*oops/,
      /自身发生故障/,
    ],
    [
      'a web page',
      ({ response }) => response.end('<html></html>'),
      'answer',
      /another kind than expected/,
      /与预期不符/,
    ],
    ['silence', () => undefined, 'timeout', /No answer in time/, /未及时响应/],
    [
      'a redirect',
      ({ response }) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
      'answer',
      /another kind/,
      /与预期不符/,
    ],
  ])('explains %s in both languages', async (_what, answer, failure, en, zh) => {
    const provider = await world.upstream(answer);
    const { ok, checks } = await tested(provider.url);
    expect([ok, checks[0]]).toMatchObject([
      false,
      { capability: 'chat', failure, message: expect.stringMatching(en) },
    ]);
    expect((await tested(provider.url, {}, 'zh')).checks[0].message).toMatch(zh);
  });

  it('names the models that a provider has when it does not know this one, the nearest first', async () => {
    const provider = await world.upstream(({ path, response }) => {
      if (path.endsWith('/models'))
        response.end(JSON.stringify({ data: [{ id: 'whisper' }, { id: 'tested-large' }, { id: 'gpt' }] }));
      else refuse(response, 404, 'no such model');
    });
    const { checks } = await tested(provider.url, { toolChoice: true });
    expect(checks).toHaveLength(1);
    expect(checks[0]).toMatchObject({
      failure: 'notFound',
      message: expect.stringContaining('It has: tested-large'),
    });
    expect(nearestFirst('gpt-4o', ['o3', 'gpt-4o-mini', 'claude', 'gpt-4'])).toEqual([
      'gpt-4',
      'gpt-4o-mini',
      'o3',
      'claude',
    ]);
  });

  it('explains addresses that lead nowhere, and encryption that fails', async () => {
    await world.root('POST', '/api/core/ai/trustedOrigin', { origin: 'http://127.0.0.1:9' });
    expect((await tested('http://127.0.0.1:9/v1')).checks).toMatchObject([{ failure: 'refused' }]);
    expect((await tested('http://nowhere.invalid/v1')).checks).toMatchObject([{ failure: 'dns' }]);
    const server = createServer({ minVersion: 'TLSv1.3' });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      await world.root('POST', '/api/core/ai/trustedOrigin', { origin: `https://127.0.0.1:${port}` });
      expect((await tested(`https://127.0.0.1:${port}/v1`)).checks).toMatchObject([{ failure: 'tls' }]);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('says that a model has no channel, and that the built-in one needs none', async () => {
    await world.root('PUT', '/api/core/ai/model/update', { model: 'lonely', type: 'llm' });
    const of = (model: string) => world.root('GET', `/api/core/ai/model/test?model=${model}`);
    expect(await of('lonely')).toMatchObject({
      ok: false,
      channels: [],
      message: expect.stringContaining('No channel'),
    });
    expect(await of('builtin-extractive')).toMatchObject({ ok: true, channels: [] });
    const provider = await world.answering('ok');
    const channelId = await world.channel('of others', provider.url, { models: ['another'] });
    expect(await of(`lonely&channelId=${channelId}`)).toMatchObject({
      ok: false,
      channels: [],
      message: expect.stringContaining('"of others" does not serve "lonely"'),
    });
    await expect(of('never-heard-of')).rejects.toThrow('never-heard-of');
  });
});
