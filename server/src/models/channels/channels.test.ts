import { afterEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../kernel/logger.ts';
import { createGuard, type GuardOptions } from '../../kernel/outbound-guard.ts';
import type { ConfiguredChannel, ConfiguredModel, StoredModels } from '../configured.ts';
import type { ChatPart } from '../ports.ts';
import { createModelRegistry, type RunningRegistry } from '../registry.ts';
import {
  answerWith,
  delta,
  openStream,
  type ReceivedCall,
  refuse,
  startUpstream,
} from '../testing/upstream.ts';
import type { CallOutcome } from './call.ts';
import { inOrder, type Ranked } from './order.ts';
import { createRests } from './rests.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function upstream(answer: (call: ReceivedCall, number: number) => void) {
  const started = await startUpstream(answer);
  closers.push(() => started.close());
  return started;
}

const model = (facts: Partial<ConfiguredModel> = {}): ConfiguredModel => ({
  id: 'm',
  name: 'Model',
  type: 'llm',
  provider: 'Test',
  active: true,
  contextTokens: 1000,
  maxOutputTokens: 100,
  price: { input: 1, output: 2 },
  vision: false,
  toolCalls: false,
  reasoning: false,
  ...facts,
});

const channel = (
  name: string,
  baseUrl: string,
  facts: Partial<ConfiguredChannel> = {},
): ConfiguredChannel => ({
  id: name,
  name,
  kind: 'openai',
  baseUrl,
  credential: `key of ${name}`,
  priority: 0,
  weight: 1,
  enabled: true,
  models: [{ model: 'm' }],
  state: name,
  ...facts,
});

function registryOf(
  stored: Partial<StoredModels>,
  options: { guard?: GuardOptions; timeoutMs?: number } = {},
) {
  const outcomes: CallOutcome[] = [];
  const registry: RunningRegistry = createModelRegistry({
    config: {
      openai: undefined,
      chatModels: [],
      embeddingModel: undefined,
      rerankModel: undefined,
      localModelsDir: undefined,
      ollamaUrl: undefined,
      modelTimeoutMs: options.timeoutMs ?? 5000,
    },
    log: createLogger('silent'),
    countTokens: async (texts) => texts.map((text) => text.length),
    guard: createGuard(options.guard ?? { trusted: () => true }),
    onCall: (outcome) => outcomes.push(outcome),
  });
  registry.configure({ models: [model()], channels: [], defaults: {}, trustedOrigins: [], ...stored });
  closers.push(() => registry.close());
  return { registry, outcomes };
}

async function ask(registry: RunningRegistry, signal = new AbortController().signal) {
  const { model: chat } = registry.chat('m');
  const parts: ChatPart[] = [];
  let error: unknown;
  try {
    for await (const part of chat.stream({ messages: [], question: '' }, { signal })) parts.push(part);
  } catch (thrown) {
    error = thrown;
  }
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const finish = parts.find((part) => part.type === 'finish');
  return { text, error, channel: finish?.channel };
}

describe('a model with several channels', () => {
  it.each<[string, (call: ReceivedCall) => void]>([
    ['429', ({ response }) => refuse(response, 429, 'slow down')],
    ['500', ({ response }) => refuse(response, 500, 'broken')],
    ['503', ({ response }) => refuse(response, 503, 'busy', { 'retry-after': '60' })],
    ['a wrong credential', ({ response }) => refuse(response, 401, 'who are you')],
    ['an unknown name', ({ response }) => refuse(response, 404, 'no such model')],
    ['no money left', ({ response }) => refuse(response, 402, 'pay first')],
    ['a cut connection', ({ response }) => response.destroy()],
    ['a page of a proxy', ({ response }) => response.end('<html>hello</html>')],
    [
      'an answer that ends before its first part',
      ({ response }) => {
        openStream(response);
        response.end();
      },
    ],
    ['silence', () => undefined],
  ])('goes over to the next one at %s, once, and says which answered', async (_what, fault) => {
    const bad = await upstream(fault);
    const good = await upstream(({ response }) => answerWith(response, 'from the second'));
    const channels = [channel('first', bad.url, { priority: 2 }), channel('second', good.url)];
    const { registry, outcomes } = registryOf({ channels }, { timeoutMs: 1000 });
    expect(await ask(registry)).toEqual({ text: 'from the second', error: undefined, channel: 'second' });
    expect(bad.calls).toHaveLength(1);
    expect(good.calls[0]?.headers.authorization).toBe('Bearer key of second');
    expect(outcomes.map((o) => [o.channel, o.failure === undefined])).toEqual([
      ['first', false],
      ['second', true],
    ]);
    expect(outcomes[1]?.usage).toMatchObject({ inputTokens: 7, outputTokens: 3 });
  });

  it('goes over when nobody listens, when a name is unknown, and when an address is not allowed', async () => {
    const good = await upstream(({ response }) => answerWith(response, 'ok'));
    const channels = [
      channel('closed', 'http://127.0.0.1:9/v1', { priority: 3 }),
      channel('unknown', 'http://nowhere.invalid/v1', { priority: 2 }),
      channel('private', 'http://10.1.2.3:80/v1', { priority: 1 }),
      channel('good', good.url),
    ];
    const trusted = (origin: string) => origin.includes('127.0.0.1');
    const { registry, outcomes } = registryOf({ channels }, { guard: { trusted, resolve: async () => [] } });
    expect((await ask(registry)).channel).toBe('good');
    expect(outcomes.map((o) => o.failure)).toEqual(['refused', 'dns', 'forbidden', undefined]);
  });

  it('does not go over for a request that every provider would refuse', async () => {
    const bad = await upstream(({ response }) => refuse(response, 400, 'too many tokens'));
    const good = await upstream(({ response }) => answerWith(response, 'no'));
    const channels = [channel('first', bad.url, { priority: 1 }), channel('second', good.url)];
    const { registry, outcomes } = registryOf({ channels });
    const { error } = await ask(registry);
    expect(String(error)).toContain('too many tokens');
    expect(good.calls).toHaveLength(0);
    expect(registry.channelState('first')).toMatchObject({ failures: 0 });
    expect(outcomes.map((o) => o.failure)).toEqual(['request']);
  });

  it('never begins again after text was sent', async () => {
    const bad = await upstream(({ response }) => {
      openStream(response);
      response.write(delta({ content: 'half an ' }), () => response.destroy());
    });
    const good = await upstream(({ response }) => answerWith(response, 'whole answer'));
    const channels = [channel('first', bad.url, { priority: 1 }), channel('second', good.url)];
    const { registry, outcomes } = registryOf({ channels });
    const { text, error } = await ask(registry);
    expect(text).toBe('half an ');
    expect(error).toMatchObject({ errorName: 'modelFailed' });
    expect(good.calls).toHaveLength(0);
    expect(outcomes.map((o) => o.failure)).toEqual(['network']);
  });

  it('repeats on the last channel as often as a channel that is alone is asked', async () => {
    const first = await upstream(({ response }) => refuse(response, 500, 'broken'));
    const last = await upstream(({ response }, number) =>
      number < 3 ? refuse(response, 503, 'busy', { 'retry-after-ms': '1' }) : answerWith(response, 'at last'),
    );
    const channels = [channel('first', first.url, { priority: 1 }), channel('last', last.url)];
    const { registry } = registryOf({ channels });
    expect((await ask(registry)).text).toBe('at last');
    expect([first.calls.length, last.calls.length]).toEqual([1, 3]);
  });

  it('leaves a channel in peace after three failures in a row, and comes back to it when it is the only one', async () => {
    let works = false;
    const bad = await upstream(({ response }) =>
      works ? answerWith(response, 'back') : refuse(response, 500, 'broken'),
    );
    const good = await upstream(({ response }) => answerWith(response, 'ok'));
    const channels = [channel('first', bad.url, { priority: 1 }), channel('second', good.url)];
    const { registry } = registryOf({ channels });
    for (let i = 0; i < 5; i++) expect((await ask(registry)).text).toBe('ok');
    expect(bad.calls).toHaveLength(3);
    expect(registry.channelState('first').restsUntil).toBeGreaterThan(Date.now());
    works = true;
    registry.configure({
      models: [model()],
      channels: channels.slice(0, 1),
      defaults: {},
      trustedOrigins: [],
    });
    expect((await ask(registry)).text).toBe('back');
    expect(registry.channelState('first')).toMatchObject({ failures: 0, restsUntil: 0 });
  });

  it('does not blame a channel for a caller who leaves, and closes its connection', async () => {
    let closed = false;
    const slow = await upstream(({ response }) => {
      response.on('close', () => {
        closed = true;
      });
      openStream(response);
      response.write(delta({ content: 'a' }));
    });
    const { registry, outcomes } = registryOf({ channels: [channel('one', slow.url)] });
    const stream = registry.chat('m').model.stream(
      { messages: [], question: '' },
      {
        signal: new AbortController().signal,
      },
    );
    for await (const part of stream) if (part.type === 'text') break;
    await expect.poll(() => closed).toBe(true);
    expect(outcomes).toMatchObject([{ channel: 'one' }]);
    expect(outcomes[0]?.failure).toBeUndefined();
    const gone = new AbortController();
    const waiting = ask(registry, gone.signal);
    gone.abort(new Error('left'));
    expect((await waiting).error).toMatchObject({ message: 'left' });
    expect(registry.channelState('one')).toMatchObject({ failures: 0 });
  });

  it('does the same for embeddings and reranking, under the names of each provider', async () => {
    const bad = await upstream(({ response }) => refuse(response, 503, 'busy'));
    const good = await upstream(({ path, body, response }) => {
      const input = (body.input ?? []) as string[];
      response.end(
        JSON.stringify(
          path.endsWith('/embeddings')
            ? { data: input.map((_, index) => ({ index, embedding: [1, 2] })), usage: { prompt_tokens: 4 } }
            : { results: [{ index: 0, relevance_score: 0.5 }] },
        ),
      );
    });
    const models = ['e', 'r'].map((name) => ({ model: name, wireName: `theirs-${name}` }));
    const channels = [
      channel('first', bad.url, { priority: 1, models }),
      channel('second', good.url, { models }),
    ];
    const { registry, outcomes } = registryOf({
      channels,
      models: [model({ id: 'e', type: 'embedding' }), model({ id: 'r', type: 'rerank' })],
      defaults: { embedding: 'e', rerank: 'r' },
    });
    const { signal } = new AbortController();
    const embedded = await registry.embedder()?.embed(['a', 'b'], { signal, kind: 'query' });
    expect(embedded?.vectors).toHaveLength(2);
    expect(await registry.reranker()?.rerank('q', ['d'], { signal })).toMatchObject({ scores: [0.5] });
    expect(registry.embedder()?.dimensions).toBe(2);
    expect(bad.calls).toHaveLength(2);
    expect(good.calls.map(({ body }) => body.model)).toEqual(['theirs-e', 'theirs-r']);
    expect(outcomes.map((o) => `${o.model} ${o.channel} ${o.failure ?? 'ok'}`)).toEqual([
      'e first server',
      'e second ok',
      'r first server',
      'r second ok',
    ]);
  });
});

describe('a change of the stored models', () => {
  it('is told, counts from the next call, and lets running answers end on their old channel', async () => {
    let finish: () => void = () => undefined;
    const old = await upstream(({ response }) => {
      openStream(response);
      response.write(delta({ content: 'old ' }));
      finish = () => response.end(`${delta({ content: 'end' }, 'stop')}data: [DONE]\n\n`);
    });
    const fresh = await upstream(({ response }) => answerWith(response, 'new'));
    const { registry } = registryOf({ channels: [channel('old', old.url)] });
    let changes = 0;
    const stop = registry.onChange(() => {
      changes += 1;
    });
    const running = registry.chat('m').model.stream(
      { messages: [], question: '' },
      {
        signal: new AbortController().signal,
      },
    );
    const parts = running[Symbol.asyncIterator]();
    await parts.next();
    registry.configure({
      models: [model()],
      channels: [channel('new', fresh.url)],
      defaults: {},
      trustedOrigins: [],
    });
    expect((await ask(registry)).text).toBe('new');
    finish();
    let text = '';
    for (let part = await parts.next(); !part.done; part = await parts.next())
      if (part.value.type === 'text') text += part.value.text;
    expect(text).toBe('old end');
    stop();
    registry.configure({ models: [], channels: [], defaults: {}, trustedOrigins: [] });
    expect(changes).toBe(1);
    expect(registry.chat('m')).toMatchObject({ fellBack: true, model: { id: 'builtin-extractive' } });
  });

  it('shows a model to those who may use it and to nobody else', () => {
    const access = { roles: ['admin'], members: ['b'], teams: ['t'] };
    const { registry } = registryOf({
      models: [model({ access })],
      channels: [channel('c', 'http://127.0.0.1:9/v1')],
      defaults: { chat: 'm' },
    });
    const who = (role: string, memberId: string, teamId: string) => ({ role, memberId, teamId });
    for (const user of [who('admin', 'x', 'x'), who('viewer', 'b', 'x'), who('viewer', 'x', 't'), undefined])
      expect(registry.chat('m', user)).toMatchObject({ fellBack: false, model: { id: 'm' } });
    const stranger = who('editor', 'x', 'x');
    expect(registry.chat('m', stranger)).toMatchObject({
      fellBack: true,
      model: { id: 'builtin-extractive' },
    });
    expect(registry.chat(undefined, stranger).model.id).toBe('builtin-extractive');
    expect(registry.chatModels(stranger).map(({ id }) => id)).toEqual(['builtin-extractive']);
  });
});

describe('the order of channels', () => {
  const ranked = (key: string, priority: number, weight: number): Ranked => ({ key, priority, weight });

  it('follows priority first and weight in proportion, and never drops one', () => {
    const channels = [ranked('low', 1, 100), ranked('a', 2, 3), ranked('b', 2, 1), ranked('zero', 2, 0)];
    let seed = 1;
    const random = () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const first = { a: 0, b: 0 };
    for (let i = 0; i < 4000; i++) {
      const order = inOrder(channels, createRests(), 0, random).map(({ key }) => key);
      expect([...order].sort()).toEqual(['a', 'b', 'low', 'zero']);
      expect(order.slice(2)).toEqual(['zero', 'low']);
      first[order[0] as 'a' | 'b'] += 1;
    }
    expect(first.a / first.b).toBeGreaterThan(2.6);
    expect(first.a / first.b).toBeLessThan(3.4);
  });

  it('puts those that rest last, for longer after each failure, up to ten minutes', () => {
    let now = 0;
    const rests = createRests(() => now);
    for (let i = 0; i < 3; i++) rests.failed('a', 'server');
    rests.failed('b', 'limit', 5000);
    const channels = [ranked('a', 3, 1), ranked('b', 2, 1), ranked('c', 1, 1)];
    expect(inOrder(channels, rests, 0).map(({ key }) => key)).toEqual(['c', 'b', 'a']);
    expect(inOrder(channels, rests, 5001).map(({ key }) => key)).toEqual(['b', 'c', 'a']);
    expect(inOrder(channels, rests, 30_001).map(({ key }) => key)).toEqual(['a', 'b', 'c']);
    now = 30_001;
    rests.failed('a', 'server');
    expect(rests.state('a').restsUntil).toBe(90_001);
    for (let i = 0; i < 20; i++) rests.failed('a', 'server');
    expect(rests.state('a').restsUntil).toBe(630_001);
    rests.succeeded('a');
    expect(rests.state('a')).toMatchObject({ failures: 0, restsUntil: 0 });
  });
});
