import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createOpenAiClient, type OpenAiClient } from '../openai-wire/client.ts';
import type { ChatModel, ChatRequest } from '../ports.ts';
import { readAnswer } from '../testing/read-answer.ts';
import {
  answerWith,
  delta,
  openStream,
  type ReceivedCall,
  refuse,
  startUpstream,
  type Upstream,
} from '../testing/upstream.ts';
import { createChatModel } from './openai-compatible.ts';

const key = 'sk-secret-0123456789';
const question: ChatRequest = {
  messages: [{ role: 'user', content: 'one two three' }],
  question: 'one two three',
};
const never = new AbortController().signal;
const open: (Upstream | OpenAiClient)[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function setUp(
  answer: (call: ReceivedCall, number: number) => void | Promise<void>,
  timeoutMs = 10_000,
): Promise<{ upstream: Upstream; model: ChatModel }> {
  const upstream = await startUpstream(answer);
  open.push(upstream);
  return { upstream, model: modelAt(upstream.url, timeoutMs) };
}

function modelAt(baseUrl: string, timeoutMs = 10_000): ChatModel {
  const client = createOpenAiClient({ baseUrl, apiKey: key, timeoutMs, retry: { pauseMs: 1 } });
  open.push(client);
  return createChatModel(client, {
    id: 'm1',
    provider: 'openai',
    contextTokens: 1000,
    maxOutputTokens: 100,
    countTokens: async (texts) => texts.map((text) => text.split(/\s+/).filter(Boolean).length),
  });
}

const read = (model: ChatModel, request = question, signal = never) => readAnswer(model, request, signal);

describe('a chat answer', () => {
  it('arrives with the usage and model that the provider reports, and the request asks for usage', async () => {
    const { upstream, model } = await setUp(({ response }) => answerWith(response, 'hello'));
    const { text, finish } = await read(model, { ...question, temperature: 0.2, maxTokens: 9 });
    expect(text).toBe('hello');
    expect(finish).toEqual({
      type: 'finish',
      reason: 'stop',
      model: 'up-1',
      usage: { inputTokens: 7, outputTokens: 3, estimated: false },
    });
    expect(upstream.calls[0]?.path).toBe('/v1/chat/completions');
    expect(upstream.calls[0]?.headers.authorization).toBe(`Bearer ${key}`);
    expect(upstream.calls[0]?.body).toEqual({
      model: 'm1',
      messages: [{ role: 'user', content: 'one two three' }],
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0.2,
      max_tokens: 9,
    });
  });

  it('counts tokens itself, and says so, when the provider reports none', async () => {
    const { model } = await setUp(({ response }) => {
      openStream(response);
      response.end(`${delta({ content: 'a b c d' }, 'length')}data: [DONE]\n\n`);
    });
    const { finish } = await read(model);
    expect(finish).toMatchObject({
      reason: 'length',
      usage: { inputTokens: 7, outputTokens: 4, estimated: true },
    });
  });

  it('keeps characters whole that are split between network reads', async () => {
    const { model } = await setUp(async ({ response }) => {
      openStream(response);
      const bytes = Buffer.from(`${delta({ content: '知识库 🎉 é' })}${delta({}, 'stop')}data: [DONE]\n\n`);
      for (let i = 0; i < bytes.length; i += 1) {
        response.write(bytes.subarray(i, i + 1));
        if (i % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
    expect((await read(model)).text).toBe('知识库 🎉 é');
  });

  it('reads past lines, comments and events that are not chunks', async () => {
    const { model } = await setUp(({ response }) => {
      openStream(response);
      response.write(
        ': keep-alive\n\ndata: {not json\n\nevent: ping\ndata: {"type":"ping"}\n\ndata: null\n\nnonsense\n\n',
      );
      response.write(delta({ content: 'x' }).replaceAll('\n', '\r\n'));
      response.end(`${delta({}, 'stop').trimEnd()}`);
    });
    const { text, finish, error } = await read(model);
    expect(error).toBeUndefined();
    expect(text).toBe('x');
    expect(finish).toMatchObject({ reason: 'stop' });
  });

  it('carries reasoning under both names, and tool calls in pieces', async () => {
    const { model, upstream } = await setUp(({ response }) => {
      openStream(response);
      response.write(delta({ reasoning_content: 'think ' }) + delta({ reasoning: 'more' }));
      response.write(
        delta({
          tool_calls: [{ index: 0, id: 't1', type: 'function', function: { name: 'f', arguments: '' } }],
        }),
      );
      response.write(delta({ tool_calls: [{ index: 0, function: { arguments: '{"a":1}' } }] }));
      response.end(`${delta({}, 'tool_calls')}data: [DONE]\n\n`);
    });
    const { parts, finish } = await read(model, {
      ...question,
      tools: [{ name: 'f', description: 'd', parameters: { type: 'object' } }],
      messages: [
        { role: 'assistant', content: '', toolCalls: [{ id: 't0', name: 'f', arguments: '{}' }] },
        { role: 'tool', content: 'r', toolCallId: 't0' },
      ],
    });
    expect(
      parts
        .filter((p) => p.type === 'reasoning')
        .map((p) => p.text)
        .join(''),
    ).toBe('think more');
    const calls = parts.filter((p) => p.type === 'toolCall');
    expect(calls[0]).toMatchObject({ index: 0, id: 't1', name: 'f' });
    expect(calls.map((c) => c.arguments).join('')).toBe('{"a":1}');
    expect(finish).toMatchObject({ reason: 'tool_calls' });
    expect(upstream.calls[0]?.body.tools).toEqual([
      { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' } } },
    ]);
    expect(upstream.calls[0]?.body.messages).toEqual([
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id: 't0', type: 'function', function: { name: 'f', arguments: '{}' } }],
      },
      { role: 'tool', content: 'r', tool_call_id: 't0' },
    ]);
  });

  it('is understood as JSON when the provider does not stream', async () => {
    const { model } = await setUp(({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          model: 'up-2',
          choices: [{ message: { role: 'assistant', content: 'whole' }, finish_reason: 'stop' }],
          usage: { prompt_tokens: 1, completion_tokens: 2 },
        }),
      );
    });
    const { text, finish } = await read(model);
    expect(text).toBe('whole');
    expect(finish).toMatchObject({
      model: 'up-2',
      usage: { inputTokens: 1, outputTokens: 2, estimated: false },
    });
  });

  it('ends at [DONE] although the provider keeps the connection open', async () => {
    const { model } = await setUp(({ response }) => {
      openStream(response);
      response.write(`${delta({ content: 'x' })}data: [DONE]\n\n`);
    });
    expect((await read(model)).finish).toMatchObject({ reason: 'stop' });
  });

  it('keeps its order and loses nothing when the reader is slow', async () => {
    const { model } = await setUp(({ response }) => {
      openStream(response);
      // Alternating kinds cannot be joined, so each stays a part of its own.
      for (let i = 0; i < 3000; i++)
        response.write(delta(i % 2 ? { content: `${i},` } : { reasoning: `${i},` }));
      response.end(`${delta({}, 'stop')}data: [DONE]\n\n`);
    });
    const seen: string[] = [];
    for await (const part of model.stream(question, { signal: never })) {
      if (seen.length % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (part.type === 'text' || part.type === 'reasoning') seen.push(part.text);
    }
    expect(seen.join('')).toBe(Array.from({ length: 3000 }, (_, i) => `${i},`).join(''));
  });
});

describe('a failing provider', () => {
  it('is asked again after 429 and 500, waiting as Retry-After says', async () => {
    const { model, upstream } = await setUp(({ response }, number) => {
      if (number === 1) refuse(response, 429, 'slow down', { 'retry-after': '0' });
      else if (number === 2) refuse(response, 500, 'oops');
      else answerWith(response, 'third');
    });
    expect((await read(model)).text).toBe('third');
    expect(upstream.calls).toHaveLength(3);
  });

  it('is not waited for when Retry-After is longer than our patience', async () => {
    const { model, upstream } = await setUp(({ response }) =>
      refuse(response, 429, 'come back', { 'retry-after': '3600' }),
    );
    const { error } = await read(model);
    expect(error?.errorName).toBe('modelFailed');
    expect(upstream.calls).toHaveLength(1);
  });

  it('is reported as what it is after three attempts, without secrets, and SDKs are told not to repeat', async () => {
    const { model, upstream } = await setUp(({ response }) =>
      refuse(response, 503, `overloaded; you sent ${key} and sk-other-abcdef123 to http://me:pw@host/x`),
    );
    const { error, parts } = await read(model);
    expect(upstream.calls).toHaveLength(3);
    expect(parts).toEqual([]);
    expect(error?.status).toBe(502);
    expect(error?.details.headers).toEqual({ 'x-should-retry': 'false' });
    expect(error?.message).toContain('HTTP 503: overloaded');
    expect(error?.message).not.toMatch(/secret-0123|other-abcdef|me:pw/);
  });

  it('is not asked again after a refusal, a used-up quota or a wrong key', async () => {
    for (const [status, body] of [
      [401, { error: { message: 'bad key' } }],
      [400, { error: { message: 'context too long' } }],
      [429, { error: { message: 'no credit', code: 'insufficient_quota' } }],
    ] as const) {
      const { model, upstream } = await setUp(({ response }) => {
        response.writeHead(status);
        response.end(JSON.stringify(body));
      });
      const { error } = await read(model);
      expect(error?.message).toContain(`HTTP ${status}: ${body.error.message}`);
      expect(upstream.calls).toHaveLength(1);
    }
  });

  it('that breaks off in the middle fails the answer, keeps what was said and is not asked again', async () => {
    const { model, upstream } = await setUp(({ response }) => {
      openStream(response);
      response.write(delta({ content: 'half' }), () => setImmediate(() => response.destroy()));
    });
    const { text, error, finish } = await read(model);
    expect(text).toBe('half');
    expect(finish).toBeUndefined();
    expect(error?.errorName).toBe('modelFailed');
    expect(upstream.calls).toHaveLength(1);
  });

  it('that ends its reply without a reason to finish has broken off', async () => {
    const { model } = await setUp(({ response }) => {
      openStream(response);
      response.end(delta({ content: 'half' }));
    });
    const { error } = await read(model);
    expect(error?.message).toContain('broke off');
    expect(error?.text('zh')).toBe('模型 m1 调用失败：回答在结束前中断');
  });

  it('that drops the connection before the first part is asked again', async () => {
    const { model, upstream } = await setUp(({ response }, number) => {
      if (number > 1) return answerWith(response, 'second');
      openStream(response);
      response.write(delta({ role: 'assistant' }), () => setImmediate(() => response.destroy()));
    });
    expect((await read(model)).text).toBe('second');
    expect(upstream.calls).toHaveLength(2);
  });

  it('that reports an error inside the stream fails the answer with its words', async () => {
    const { model } = await setUp(({ response }) => {
      openStream(response);
      response.end(`${delta({ content: 'a' })}data: {"error":{"message":"engine died","code":500}}\n\n`);
    });
    const { text, error } = await read(model);
    expect(text).toBe('a');
    expect(error?.message).toContain('engine died');
  });

  it('that says nothing in time is a time-out, before and after the first part', async () => {
    const silent = await setUp(() => {}, 100);
    const first = await read(silent.model);
    expect(first.error?.errorName).toBe('modelTimeout');
    expect(first.error?.status).toBe(504);
    expect(silent.upstream.calls).toHaveLength(1);
    const stuck = await setUp(({ response }) => {
      openStream(response);
      response.write(delta({ content: 'a' }));
    }, 100);
    const second = await read(stuck.model);
    expect(second.text).toBe('a');
    expect(second.error?.errorName).toBe('modelTimeout');
  });

  it('that cannot be reached is reported without its address', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    const { error } = await read(modelAt(`http://user:pw@127.0.0.1:${port}/v1`));
    expect(error?.message).toContain('could not be reached (ECONNREFUSED)');
    expect(error?.message).not.toMatch(/pw|127\.0\.0\.1/);
  });

  it('that refuses a parameter gets the call without it, then and later', async () => {
    const { model, upstream } = await setUp(({ response, body }) => {
      if (body.max_tokens !== undefined) {
        refuse(response, 400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.");
      } else if (body.stream_options) {
        refuse(response, 400, 'Unknown parameter: stream_options');
      } else {
        answerWith(response, 'ok');
      }
    });
    expect((await read(model, { ...question, maxTokens: 5 })).text).toBe('ok');
    expect(upstream.calls).toHaveLength(3);
    expect(upstream.calls[2]?.body.max_completion_tokens).toBe(5);
    expect((await read(model, { ...question, maxTokens: 5 })).text).toBe('ok');
    expect(upstream.calls).toHaveLength(4);
  });
});

describe('a caller that leaves', () => {
  it('closes the connection to the provider when it aborts, and gets its own reason', async () => {
    const stop = new AbortController();
    let closed: Promise<unknown> = Promise.resolve();
    const { model } = await setUp(({ response }) => {
      closed = once(response, 'close');
      openStream(response);
      response.write(delta({ content: 'a' }));
    });
    const parts = model.stream(question, { signal: stop.signal })[Symbol.asyncIterator]();
    expect((await parts.next()).value).toEqual({ type: 'start', model: 'up-1' });
    expect((await parts.next()).value).toEqual({ type: 'text', text: 'a' });
    const reason = new Error('gone');
    stop.abort(reason);
    await expect(parts.next()).rejects.toBe(reason);
    await closed;
  });

  it('closes the connection when it stops reading', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const { model } = await setUp(({ response }) => {
      closed = once(response, 'close');
      openStream(response);
      response.write(delta({ content: 'a' }));
    });
    for await (const part of model.stream(question, { signal: never })) {
      expect(part.type).toBe('start');
      break;
    }
    await closed;
  });

  it('does not reach the provider at all when it left before', async () => {
    const { model, upstream } = await setUp(({ response }) => answerWith(response, 'x'));
    const { error } = await read(model, question, AbortSignal.abort(new Error('gone')));
    expect(error?.message).toBe('gone');
    expect(upstream.calls).toHaveLength(0);
  });

  it('is not kept waiting by a pause between attempts', async () => {
    const stop = new AbortController();
    const { model } = await setUp(({ response }) => {
      refuse(response, 429, 'wait', { 'retry-after': '19' });
      setImmediate(() => setTimeout(() => stop.abort(new Error('gone')), 20));
    });
    expect((await read(model, question, stop.signal)).error?.message).toBe('gone');
  });
});
