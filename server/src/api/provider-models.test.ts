import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ReceivedCall } from '../models/testing/upstream.ts';
import { type ModelWorld, startModelWorld } from '../testing/model-world.ts';

let world: ModelWorld;
beforeAll(async () => {
  world = await startModelWorld();
}, 60_000);
afterAll(() => world.close());

const names = ['gpt-4o-mini', 'text-embedding-3-small', 'bge-reranker-v2-m3', 'whisper-1', 'something-own'];
const listing = ({ response, headers }: ReceivedCall) => {
  const right = headers.authorization === 'Bearer sk-right';
  response.writeHead(right ? 200 : 401, { 'content-type': 'application/json' });
  const refused = { error: { message: 'wrong key: sk-wrong', code: 'invalid_api_key' } };
  response.end(JSON.stringify(right ? { data: names.map((id) => ({ id })) } : refused));
};
const ask = (body: object) => world.root('POST', '/api/core/ai/channel/models', body);

it('a provider names its models, with what is known of each', async () => {
  const upstream = await world.upstream(listing);
  const answer = await ask({ baseUrl: `${upstream.url}/v1`, credential: 'sk-right' });
  expect(answer).toMatchObject({ ok: true, asked: `GET ${upstream.url}/v1/models` });
  expect(
    answer.models.map(({ model, type, known }: Record<string, unknown>) => [model, type, known]),
  ).toEqual([
    ['gpt-4o-mini', 'llm', true],
    ['text-embedding-3-small', 'embedding', true],
    ['bge-reranker-v2-m3', 'rerank', expect.any(Boolean)],
    ['whisper-1', 'stt', expect.any(Boolean)],
    ['something-own', 'llm', false],
  ]);
  expect(upstream.calls).toHaveLength(1);
});

it('a stored channel is asked with its own credential, at its own address', async () => {
  const upstream = await world.upstream(listing);
  const other = await world.upstream(listing);
  const id = await world.channel('listed', `${upstream.url}/v1`, { credential: 'sk-right' });
  const answer = await ask({ id, baseUrl: `${other.url}/v1` });
  expect(answer.ok).toBe(true);
  expect([upstream.calls.length, other.calls.length]).toEqual([1, 0]);
});

it('a provider that refuses is explained, without the credential', async () => {
  const upstream = await world.upstream(listing);
  const answer = await ask({ baseUrl: `${upstream.url}/v1`, credential: 'sk-wrong' });
  expect(answer).toMatchObject({ ok: false, failure: 'auth', models: [] });
  expect(answer.message).toContain('does not accept the credential');
  expect(JSON.stringify(answer)).not.toContain('sk-wrong');
});

it('an address where nothing of the kind is found says what to look at', async () => {
  const upstream = await world.upstream(({ response }) => {
    response.writeHead(404);
    response.end('nothing');
  });
  const answer = await ask({ baseUrl: upstream.url });
  expect(answer).toMatchObject({ ok: false, failure: 'notFound' });
  expect(answer.message).toContain('/v1');
  const page = await world.upstream(({ response }) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<html>');
  });
  expect((await ask({ baseUrl: page.url })).failure).toBe('answer');
  await page.close();
  expect((await ask({ baseUrl: page.url })).failure).toBe('refused');
});

it('needs an address where the operator named no Ollama', async () => {
  const { sessionToken } = world.server.root;
  const answer = await world.server.call('POST', '/api/core/ai/channel/models', {
    sessionToken,
    body: { provider: 'ollama' },
  });
  expect([answer.status, answer.json.message]).toEqual([400, expect.stringContaining('baseUrl')]);
});
