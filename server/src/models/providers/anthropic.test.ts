import { afterEach, describe, expect, it } from 'vitest';
import type { OpenAiClient } from '../openai-wire/client.ts';
import type { ChatModel, ChatRequest } from '../ports.ts';
import { readAnswer } from '../testing/read-answer.ts';
import { openStream, type ReceivedCall, startUpstream, type Upstream } from '../testing/upstream.ts';
import { createAnthropicChat } from './anthropic.ts';
import { createProviderClient } from './provider.ts';

/*
 * Shapes of requests, events and errors: Anthropic's documentation, "Messages API", "Streaming messages", "Errors" and
 * "Handling stop reasons" (platform.claude.com/docs).
 */

const key = 'sk-ant-secret-0123456789';
const question: ChatRequest = { messages: [{ role: 'user', content: 'Hi' }], question: 'Hi' };
const open: (Upstream | OpenAiClient)[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function setUp(answer: (call: ReceivedCall, number: number) => void | Promise<void>) {
  const upstream = await startUpstream(answer);
  const client = createProviderClient({
    kind: 'anthropic',
    baseUrl: upstream.url,
    credential: key,
    timeoutMs: 5000,
    retry: { pauseMs: 1, longestPauseMs: 500 },
  });
  open.push(upstream, client);
  const model: ChatModel = createAnthropicChat(client, {
    id: 'claude',
    wireName: 'claude-sonnet-4-5',
    provider: 'anthropic',
    contextTokens: 200_000,
    maxOutputTokens: 8000,
    countTokens: async (texts) => texts.map((text) => text.length),
  });
  return { upstream, model };
}

type Event = { type: string } & Record<string, unknown>;
const write = ({ response }: ReceivedCall, ...events: Event[]) => {
  for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
};
const start: Event = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    content: [],
    model: 'claude-sonnet-4-5-20250929',
    stop_reason: null,
    stop_sequence: null,
    usage: {
      input_tokens: 25,
      cache_creation_input_tokens: 100,
      cache_read_input_tokens: 1000,
      output_tokens: 1,
    },
  },
};
const block = (index: number, content_block: object): Event => ({
  type: 'content_block_start',
  index,
  content_block,
});
const delta = (index: number, value: object): Event => ({ type: 'content_block_delta', index, delta: value });
const stop = (index: number): Event => ({ type: 'content_block_stop', index });
const ending = (stop_reason: string, output_tokens = 15): Event[] => [
  { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: { output_tokens } },
  { type: 'message_stop' },
];
const text = (index: number, value: string): Event => delta(index, { type: 'text_delta', text: value });
const saying = (value: string): Event[] => [block(0, { type: 'text', text: '' }), text(0, value), stop(0)];

const answering = (...events: Event[]) =>
  setUp((call) => {
    openStream(call.response);
    write(call, start, { type: 'ping' }, ...events);
    call.response.end();
  });

/** An error body, with the request's id beside it. */
function refuse({ response }: ReceivedCall, status: number, type: string, message: string, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_1', ...headers });
  response.end(JSON.stringify({ type: 'error', error: { type, message }, request_id: 'req_1' }));
}

describe('a request', () => {
  it('names the version and what is required, and has the instructions apart', async () => {
    const { upstream, model } = await answering(...saying('Hello'), ...ending('end_turn'));
    await readAnswer(model, {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
        { role: 'system', content: 'Cite.' },
      ],
      question: 'Hi',
      temperature: 1.7,
      topP: 0.9,
      stop: ['END', ' \n'],
    });
    const [call] = upstream.calls;
    expect(call?.path).toBe('/v1/messages');
    expect(call?.headers).toMatchObject({ 'anthropic-version': '2023-06-01', 'x-api-key': key });
    expect(call?.headers.authorization).toBeUndefined();
    expect(call?.body).toEqual({
      model: 'claude-sonnet-4-5',
      max_tokens: 8000,
      system: 'Be brief.\n\nCite.',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      stream: true,
      temperature: 1,
      top_p: 0.9,
      stop_sequences: ['END'],
    });
  });

  it('joins neighbours of one role, begins with the user, and sends pictures and tools', async () => {
    const { upstream, model } = await answering(...saying('Hello'), ...ending('end_turn'));
    await readAnswer(model, {
      messages: [
        { role: 'assistant', content: 'Welcome!' },
        { role: 'user', content: 'first' },
        {
          role: 'user',
          content: [
            { type: 'text', text: ' ' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
            { type: 'image_url', image_url: { url: 'https://example.com/a.jpg' } },
          ],
        },
        {
          role: 'assistant',
          content: '',
          toolCalls: [{ id: 'call:1', name: 'weather', arguments: '{"city":"Bonn"}' }],
        },
        { role: 'tool', toolCallId: 'call:1', content: 'sunny' },
        { role: 'user', content: 'And?' },
      ],
      question: 'And?',
      maxTokens: 99,
      tools: [{ name: 'weather', description: 'of a city', parameters: { type: 'object' } }],
      responseFormat: { type: 'json_schema', json_schema: { schema: { type: 'object' } } },
    });
    expect(upstream.calls[0]?.body).toMatchObject({
      max_tokens: 99,
      system:
        'Answer with one JSON object and nothing else that follows this JSON schema:\n{"type":"object"}',
      tools: [{ name: 'weather', description: 'of a city', input_schema: { type: 'object' } }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: '…' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'Welcome!' }] },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'first' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
            { type: 'image', source: { type: 'url', url: 'https://example.com/a.jpg' } },
          ],
        },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Bonn' } }],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'call_1', content: [{ type: 'text', text: 'sunny' }] },
            { type: 'text', text: 'And?' },
          ],
        },
      ],
    });
  });

  it('is sent again without what a model refuses, which is remembered', async () => {
    const { upstream, model } = await setUp((call) => {
      if (call.body.temperature !== undefined)
        refuse(call, 400, 'invalid_request_error', '`temperature` is deprecated for this model.');
      else {
        openStream(call.response);
        write(call, start, ...saying('Hello'), ...ending('end_turn'));
        call.response.end();
      }
    });
    const warm = { ...question, temperature: 0.5 };
    expect((await readAnswer(model, warm)).text).toBe('Hello');
    expect((await readAnswer(model, warm)).text).toBe('Hello');
    expect(upstream.calls.map((call) => 'temperature' in call.body)).toEqual([true, false, false]);
  });
});

describe('an answer', () => {
  it('has text, the model that gave it, and all tokens that were read, cached ones too', async () => {
    const { model } = await answering(...saying('知识 🎉'), ...ending('end_turn'));
    const { parts } = await readAnswer(model, question);
    expect(parts).toEqual([
      { type: 'start', model: 'claude-sonnet-4-5-20250929' },
      { type: 'text', text: '知识 🎉' },
      {
        type: 'finish',
        reason: 'stop',
        model: 'claude-sonnet-4-5-20250929',
        usage: { inputTokens: 1125, outputTokens: 15, estimated: false },
      },
    ]);
  });

  it('has thoughts apart from the text, and no signatures', async () => {
    const { model } = await answering(
      block(0, { type: 'thinking', thinking: '', signature: '' }),
      delta(0, { type: 'thinking_delta', thinking: 'First ' }),
      delta(0, { type: 'thinking_delta', thinking: 'this.' }),
      delta(0, { type: 'signature_delta', signature: 'EqQBCgIYAhIM' }),
      stop(0),
      block(1, { type: 'redacted_thinking', data: 'EmwKAhgB' }),
      stop(1),
      block(2, { type: 'text', text: '' }),
      text(2, 'Done.'),
      stop(2),
      ...ending('end_turn'),
    );
    const { reasoning, text: said } = await readAnswer(model, question);
    expect({ reasoning, said }).toEqual({ reasoning: 'First this.', said: 'Done.' });
  });

  it('has calls of tools in pieces, those without parameters with an empty object', async () => {
    const { model } = await answering(
      ...saying('Let me see.'),
      block(1, { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} }),
      delta(1, { type: 'input_json_delta', partial_json: '' }),
      delta(1, { type: 'input_json_delta', partial_json: '{"city":' }),
      delta(1, { type: 'input_json_delta', partial_json: ' "Bonn"}' }),
      stop(1),
      block(2, { type: 'tool_use', id: 'toolu_2', name: 'time', input: {} }),
      stop(2),
      ...ending('tool_use'),
    );
    const { parts, finish } = await readAnswer(model, question);
    const calls = parts.filter((part) => part.type === 'toolCall');
    expect(calls.map(({ index, id, name }) => ({ index, id, name })).filter(({ id }) => id)).toEqual([
      { index: 0, id: 'toolu_1', name: 'weather' },
      { index: 1, id: 'toolu_2', name: 'time' },
    ]);
    const written = [0, 1].map((n) => calls.map((call) => (call.index === n ? call.arguments : '')).join(''));
    expect(written).toEqual(['{"city": "Bonn"}', '{}']);
    expect(finish).toMatchObject({ reason: 'tool_calls' });
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['pause_turn', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['refusal', 'content_filter'],
  ])('that ended with %s ended with %s', async (word, reason) => {
    const { model } = await answering(...saying('x'), ...ending(word));
    expect((await readAnswer(model, question)).finish).toMatchObject({ reason });
  });

  it('may come whole where a gateway does not stream', async () => {
    const { model } = await setUp(({ response }) => {
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          type: 'message',
          role: 'assistant',
          model: 'claude-x',
          content: [
            { type: 'text', text: 'Hello' },
            { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } },
          ],
          stop_reason: 'tool_use',
          usage: { input_tokens: 3, output_tokens: 2 },
        }),
      );
    });
    const { parts, finish } = await readAnswer(model, question);
    expect(parts).toContainEqual({ type: 'toolCall', index: 0, id: 't', name: 'f', arguments: '{"a":1}' });
    expect(finish).toMatchObject({ reason: 'tool_calls', usage: { inputTokens: 3, outputTokens: 2 } });
  });

  it('is whole at its last event though the connection stays open', async () => {
    const { model } = await setUp((call) => {
      openStream(call.response);
      write(call, start, ...saying('Hello'), ...ending('end_turn'));
    });
    expect((await readAnswer(model, question)).text).toBe('Hello');
  });
});

describe('a failure', () => {
  it.each([
    [429, 'rate_limit_error', { 'retry-after': '0' }],
    [529, 'overloaded_error', {}],
  ])('of status %s is tried again before anything was said', async (status, type, headers) => {
    const { upstream, model } = await setUp((call, number) => {
      if (number === 1) return refuse(call, status, type, 'Later.', headers);
      openStream(call.response);
      write(call, start, ...saying('Hello'), ...ending('end_turn'));
      call.response.end();
    });
    expect((await readAnswer(model, question)).text).toBe('Hello');
    expect(upstream.calls).toHaveLength(2);
  });

  it('that asks for a longer pause than is waited for is reported at once', async () => {
    const { upstream, model } = await setUp((call) =>
      refuse(call, 429, 'rate_limit_error', 'Too many.', { 'retry-after': '60' }),
    );
    const { error } = await readAnswer(model, question);
    expect(error).toMatchObject({ errorName: 'modelFailed' });
    expect(error?.message).toContain('HTTP 429: Too many.');
    expect(upstream.calls).toHaveLength(1);
  });

  it('of the request is reported in the words of the provider, without the key', async () => {
    const { upstream, model } = await setUp((call) =>
      refuse(call, 401, 'authentication_error', `invalid x-api-key ${key}`),
    );
    const { error } = await readAnswer(model, question);
    expect(error?.message).toContain('invalid x-api-key [removed]');
    expect(upstream.calls).toHaveLength(1);
  });

  const overloaded: Event = {
    type: 'error',
    error: { type: 'overloaded_error', message: 'Overloaded' },
  };
  it('in a stream before its first text is tried again', async () => {
    const { upstream, model } = await setUp((call, number) => {
      openStream(call.response);
      write(call, start, ...(number === 1 ? [overloaded] : [...saying('Hello'), ...ending('end_turn')]));
      call.response.end();
    });
    expect((await readAnswer(model, question)).text).toBe('Hello');
    expect(upstream.calls).toHaveLength(2);
  });

  it('in a stream that the same request would meet again is not tried again', async () => {
    const refused = { type: 'error', error: { type: 'invalid_request_error', message: 'No.' } };
    const { upstream, model } = await answering(refused);
    expect((await readAnswer(model, question)).error?.message).toContain('No.');
    expect(upstream.calls).toHaveLength(1);
  });

  it.each([
    ['an error event', [overloaded]],
    ['the end of the connection', []],
  ])('in the middle of an answer, as %s, ends it after what was said', async (_, events) => {
    const { upstream, model } = await answering(
      block(0, { type: 'text', text: '' }),
      text(0, 'Hel'),
      ...events,
    );
    const { text: said, error, finish } = await readAnswer(model, question);
    expect(said).toBe('Hel');
    expect(error).toMatchObject({ errorName: 'modelFailed' });
    expect(finish).toBeUndefined();
    expect(upstream.calls).toHaveLength(1);
  });

  it('is none when the reader leaves: the connection is closed', async () => {
    let closed = false;
    const { model } = await setUp((call) => {
      call.response.on('close', () => {
        closed = true;
      });
      openStream(call.response);
      write(call, start, block(0, { type: 'text', text: '' }), text(0, 'Hel'));
    });
    const stopping = new AbortController();
    const reason = new Error('enough');
    const reading = readAnswer(model, question, stopping.signal);
    setTimeout(() => stopping.abort(reason), 100);
    const { text: said, error } = await reading;
    expect(said).toBe('Hel');
    expect(error).toBe(reason);
    await expect.poll(() => closed).toBe(true);
  });
});
