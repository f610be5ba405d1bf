import { afterAll, beforeAll, expect, test } from 'vitest';
import { refuse } from '../models/testing/upstream.ts';
import { type ModelWorld, startModelWorld } from '../testing/model-world.ts';

let world: ModelWorld;
beforeAll(async () => {
  world = await startModelWorld();
}, 60_000);
afterAll(() => world.close());

const optimize = (body: object, more: object = {}) =>
  world.server.call('POST', '/api/core/ai/optimizePrompt', {
    sessionToken: world.server.root.sessionToken,
    body,
    ...more,
  });

/** The text of all `answer` events of a stream. */
function textOf(stream: string): string {
  return stream
    .split('\n\n')
    .flatMap((frame) => /^event: answer\ndata: (\{.*)$/.exec(frame)?.[1] ?? [])
    .map((json) => JSON.parse(json).choices[0].delta.content ?? '')
    .join('');
}

test('without a language model it is refused, and the refusal says what to do', async () => {
  for (const model of [undefined, 'builtin-extractive']) {
    const answer = await optimize({ originalPrompt: 'Answer.', model });
    expect([answer.status, answer.json.message]).toEqual([400, expect.stringContaining('language model')]);
  }
  const chinese = await optimize({ originalPrompt: '回答。' }, { headers: { 'accept-language': 'zh' } });
  expect(chinese.json.message).toContain('语言模型');
});

test('a model that nobody added is named', async () => {
  const answer = await optimize({ originalPrompt: 'Answer.', model: 'nobody-3' });
  expect([answer.status, answer.json.message]).toEqual([404, expect.stringContaining('nobody-3')]);
});

test('a model gets prompt and wish, and its text is streamed to the end', async () => {
  const written = 'You are a friendly librarian.\nGreet {{name}} first.';
  const upstream = await world.answering(written);
  await world.channel('writers', upstream.url, { models: ['writer-1'] });
  await world.root('PUT', '/api/core/ai/model/update', { model: 'writer-1', type: 'llm' });
  const answer = await optimize({
    originalPrompt: 'Answer {{name}} from the handbook.',
    optimizerInput: 'Friendlier, please.',
    model: 'writer-1',
  });
  expect(answer.status, answer.text).toBe(200);
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  expect(textOf(answer.text)).toBe(written);
  expect(answer.text.trimEnd().endsWith('event: answer\ndata: [DONE]')).toBe(true);
  const sent = JSON.stringify(upstream.calls.at(-1)?.body);
  expect(sent).toContain('Answer {{name}} from the handbook.');
  expect(sent).toContain('Friendlier, please.');
});

test('a model that fails before its first word answers a true status', async () => {
  const upstream = await world.upstream(({ response }) => refuse(response, 400, 'no such model'));
  await world.channel('broken', upstream.url, { models: ['broken-1'] });
  await world.root('PUT', '/api/core/ai/model/update', { model: 'broken-1', type: 'llm' });
  const answer = await optimize({ originalPrompt: 'Answer.', model: 'broken-1' });
  expect([answer.status, answer.json.message]).toEqual([502, expect.stringContaining('broken-1')]);
});

test('something has to be there to work on, and viewers have nothing to write', async () => {
  const nothing = await optimize({ originalPrompt: '  ', optimizerInput: '' });
  expect([nothing.status, nothing.json.code]).toEqual([400, 507004]);
  const { sessionToken } = await world.server.createMember('reader', 'viewer');
  expect((await optimize({ originalPrompt: 'Answer.' }, { sessionToken })).status).toBe(403);
});
