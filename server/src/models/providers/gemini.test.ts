import { afterEach, describe, expect, it } from 'vitest';
import type { OpenAiClient } from '../openai-wire/client.ts';
import type { ChatMessage, ChatRequest } from '../ports.ts';
import { readAnswer } from '../testing/read-answer.ts';
import { openStream, type ReceivedCall, startUpstream, type Upstream } from '../testing/upstream.ts';
import { createGeminiChat } from './gemini.ts';
import { createGeminiEmbedder } from './gemini-embeddings.ts';
import { createProviderClient } from './provider.ts';

/*
 * Shapes of requests, responses and errors: Google's documentation of the Gemini API, "Generating content",
 * "Function calling", "Thought signatures", "Embeddings" (ai.google.dev).
 */

const key = 'AIzaSy-secret-0123456789';
const question: ChatRequest = { messages: [{ role: 'user', content: 'Hi' }], question: 'Hi' };
const countTokens = async (texts: string[]) => texts.map((text) => text.length);
const open: (Upstream | OpenAiClient)[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function setUp(
  answer: (call: ReceivedCall, number: number) => void | Promise<void>,
  { reasoning = false } = {},
) {
  const upstream = await startUpstream(answer);
  const client = createProviderClient({
    kind: 'gemini',
    baseUrl: upstream.url.replace(/\/v1$/, '/v1beta'),
    credential: key,
    timeoutMs: 5000,
    retry: { pauseMs: 1, longestPauseMs: 500 },
  });
  open.push(upstream, client);
  const model = createGeminiChat(client, {
    id: 'gemini-2.5-flash',
    provider: 'gemini',
    contextTokens: 1_000_000,
    maxOutputTokens: 8000,
    reasoning,
    countTokens,
  });
  return { upstream, client, model };
}

const write = ({ response }: ReceivedCall, ...responses: object[]) => {
  for (const one of responses) response.write(`data: ${JSON.stringify(one)}\r\n\r\n`);
};
const parts = (list: object[], more: object = {}) => ({
  candidates: [{ content: { parts: list, role: 'model' }, index: 0, ...more }],
  usageMetadata: { promptTokenCount: 12, totalTokenCount: 12 },
  modelVersion: 'gemini-2.5-flash-001',
  responseId: 'r1',
});
const last = (list: object[], finishReason = 'STOP') => ({
  ...parts(list, { finishReason }),
  usageMetadata: {
    promptTokenCount: 12,
    cachedContentTokenCount: 8,
    candidatesTokenCount: 5,
    thoughtsTokenCount: 30,
    totalTokenCount: 47,
  },
});
const answering = (...responses: object[]) =>
  setUp((call) => {
    openStream(call.response);
    write(call, ...responses);
    call.response.end();
  });
function refuse(
  { response }: ReceivedCall,
  code: number,
  status: string,
  message: string,
  details: object[] = [],
) {
  response.writeHead(code, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(JSON.stringify({ error: { code, message, status, details } }));
}

describe('a request', () => {
  it('carries the key in a header only, instructions apart, and the settings in their names', async () => {
    const { upstream, model } = await answering(last([{ text: 'Hello' }]));
    await readAnswer(model, {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      question: 'Hi',
      temperature: 0.3,
      topP: 0.9,
      maxTokens: 50,
      stop: ['a', 'b', 'c', 'd', 'e', 'f'],
      responseFormat: { type: 'json_schema', json_schema: { schema: { type: 'object' } } },
      tools: [{ name: 'weather', description: 'of a city', parameters: { type: 'object' } }],
    });
    const [call] = upstream.calls;
    expect(call?.path).toBe('/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse');
    expect(call?.headers['x-goog-api-key']).toBe(key);
    expect(call?.body).toEqual({
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
      generationConfig: {
        temperature: 0.3,
        topP: 0.9,
        maxOutputTokens: 50,
        stopSequences: ['a', 'b', 'c', 'd', 'e'],
        responseMimeType: 'application/json',
        responseJsonSchema: { type: 'object' },
      },
      tools: [
        {
          functionDeclarations: [
            { name: 'weather', description: 'of a city', parametersJsonSchema: { type: 'object' } },
          ],
        },
      ],
    });
  });

  it('has turns of user and model that alternate, and pictures', async () => {
    const { upstream, model } = await answering(last([{ text: 'Hello' }]));
    const messages: ChatMessage[] = [
      { role: 'assistant', content: 'Welcome!' },
      { role: 'user', content: 'first' },
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/webp;base64,AAAA' } },
          { type: 'image_url', image_url: { url: 'https://example.com/a.jpg?x=1' } },
        ],
      },
    ];
    await readAnswer(model, { messages, question: 'first' });
    expect(upstream.calls[0]?.body.contents).toEqual([
      { role: 'user', parts: [{ text: '…' }] },
      { role: 'model', parts: [{ text: 'Welcome!' }] },
      {
        role: 'user',
        parts: [
          { text: 'first' },
          { inlineData: { mimeType: 'image/webp', data: 'AAAA' } },
          { fileData: { mimeType: 'image/jpeg', fileUri: 'https://example.com/a.jpg?x=1' } },
        ],
      },
    ]);
  });

  it('asks a model that thinks for its thoughts, unless it refuses', async () => {
    const { upstream, model } = await setUp(
      (call) => {
        if (JSON.stringify(call.body).includes('thinkingConfig'))
          return refuse(call, 400, 'INVALID_ARGUMENT', 'Thinking is not supported by this model.');
        openStream(call.response);
        write(call, last([{ text: 'Hello' }]));
        call.response.end();
      },
      { reasoning: true },
    );
    expect((await readAnswer(model, question)).text).toBe('Hello');
    expect(upstream.calls.map(({ body }) => body.generationConfig)).toEqual([
      { thinkingConfig: { includeThoughts: true } },
      {},
    ]);
  });
});

describe('an answer', () => {
  it('has thoughts, text, the model that gave it, and the tokens of both', async () => {
    const { model } = await answering(
      parts([{ text: 'First this.', thought: true }]),
      parts([{ text: '知识' }]),
      last([{ text: ' 🎉' }]),
    );
    const { reasoning, text, finish } = await readAnswer(model, question);
    expect({ reasoning, text }).toEqual({ reasoning: 'First this.', text: '知识 🎉' });
    expect(finish).toEqual({
      type: 'finish',
      reason: 'stop',
      model: 'gemini-2.5-flash-001',
      usage: { inputTokens: 12, outputTokens: 35, estimated: false },
    });
  });

  it('has calls of functions, whose signatures come back with the results', async () => {
    const { upstream, model } = await answering(
      last([
        { functionCall: { name: 'weather', args: { city: 'Bonn' } }, thoughtSignature: 'c2ln+/=' },
        { functionCall: { name: 'time' } },
      ]),
    );
    const { parts: given, finish } = await readAnswer(model, question);
    expect(finish).toMatchObject({ reason: 'tool_calls' });
    const calls = given.flatMap((part) =>
      part.type === 'toolCall'
        ? [{ id: part.id ?? '', name: part.name ?? '', arguments: part.arguments }]
        : [],
    );
    expect(calls.map(({ name, arguments: args }) => [name, args])).toEqual([
      ['weather', '{"city":"Bonn"}'],
      ['time', '{}'],
    ]);
    const foreign = { id: 'toolu_1', name: 'other', arguments: '{"a":1}' };
    await readAnswer(model, {
      messages: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: '', toolCalls: calls },
        ...calls.map((call): ChatMessage => ({ role: 'tool', toolCallId: call.id, content: 'fine' })),
        { role: 'assistant', content: 'ok', toolCalls: [foreign] },
        { role: 'tool', toolCallId: 'toolu_1', content: '{"b":2}' },
      ],
      question: 'Hi',
    });
    const signed = (name: string, args: object, thoughtSignature?: string) => ({
      functionCall: { name, args },
      ...(thoughtSignature && { thoughtSignature }),
    });
    const result = (name: string, text: string) => ({
      functionResponse: { name, response: { result: text } },
    });
    expect(upstream.calls[1]?.body.contents).toEqual([
      { role: 'user', parts: [{ text: 'Hi' }] },
      { role: 'model', parts: [signed('weather', { city: 'Bonn' }, 'c2ln+/='), signed('time', {})] },
      { role: 'user', parts: [result('weather', 'fine'), result('time', 'fine')] },
      {
        role: 'model',
        parts: [{ text: 'ok' }, signed('other', { a: 1 }, 'skip_thought_signature_validator')],
      },
      { role: 'user', parts: [result('other', '{"b":2}')] },
    ]);
  });

  it.each([
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content_filter'],
    ['PROHIBITED_CONTENT', 'content_filter'],
    ['RECITATION', 'content_filter'],
    ['OTHER', 'stop'],
  ])('that ended with %s ended with %s', async (word, reason) => {
    const { model } = await answering(parts([{ text: 'x' }]), last([], word));
    expect((await readAnswer(model, question)).finish).toMatchObject({ reason });
  });

  it('is none when the question itself is blocked', async () => {
    const { upstream, model } = await answering({
      promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
      usageMetadata: { promptTokenCount: 12, totalTokenCount: 12 },
    });
    const { text, finish } = await readAnswer(model, question);
    expect(text).toBe('');
    expect(finish).toMatchObject({ reason: 'content_filter', usage: { inputTokens: 12, outputTokens: 0 } });
    expect(upstream.calls).toHaveLength(1);
  });

  it('may come as a list where a gateway does not stream', async () => {
    const { model } = await setUp(({ response }) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify([parts([{ text: 'Hel' }]), last([{ text: 'lo' }])]));
    });
    expect((await readAnswer(model, question)).text).toBe('Hello');
  });
});

describe('a failure', () => {
  const retryIn = (retryDelay: string) => [
    { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay },
  ];
  it('that passes is tried again before anything was said, after the pause it asks for', async () => {
    const { upstream, model } = await setUp((call, number) => {
      if (number === 1) return refuse(call, 503, 'UNAVAILABLE', 'Overloaded.');
      if (number === 2) return refuse(call, 429, 'RESOURCE_EXHAUSTED', 'Quota.', retryIn('0.1s'));
      openStream(call.response);
      write(call, last([{ text: 'Hello' }]));
      call.response.end();
    });
    expect((await readAnswer(model, question)).text).toBe('Hello');
    expect(upstream.calls).toHaveLength(3);
  });

  it('that asks for a longer pause than is waited for is reported at once', async () => {
    const { upstream, model } = await setUp((call) =>
      refuse(call, 429, 'RESOURCE_EXHAUSTED', 'Quota exceeded.', retryIn('34.5s')),
    );
    expect((await readAnswer(model, question)).error?.message).toContain('HTTP 429: Quota exceeded.');
    expect(upstream.calls).toHaveLength(1);
  });

  it('of the request is reported in the words of the provider, without the key', async () => {
    const { upstream, model } = await setUp((call) =>
      refuse(call, 400, 'INVALID_ARGUMENT', `API key not valid: ${key}`),
    );
    const { error } = await readAnswer(model, question);
    expect(error).toMatchObject({ errorName: 'modelFailed' });
    expect(error?.message).toContain('API key not valid: [removed]');
    expect(upstream.calls).toHaveLength(1);
  });

  it.each([
    ['an error', [{ error: { code: 503, message: 'Overloaded.', status: 'UNAVAILABLE' } }]],
    ['the end of the connection', []],
  ])('in the middle of an answer, as %s, ends it after what was said', async (_, responses) => {
    const { upstream, model } = await answering(parts([{ text: 'Hel' }]), ...responses);
    const { text, error, finish } = await readAnswer(model, question);
    expect(text).toBe('Hel');
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
      write(call, parts([{ text: 'Hel' }]));
    });
    for await (const part of model.stream(question, { signal: new AbortController().signal })) {
      if (part.type === 'text') break;
    }
    await expect.poll(() => closed).toBe(true);
  });
});

describe('an embedder', () => {
  const signal = new AbortController().signal;
  interface EmbedRequest {
    model: string;
    content: { parts: { text: string }[] };
    taskType?: string;
    outputDimensionality?: number;
  }
  const requestsOf = (call: ReceivedCall) => call.body.requests as EmbedRequest[];
  const embedderOf = async (id: string, values: (text: string) => number[]) => {
    const { upstream, client } = await setUp((call) => {
      const embeddings = requestsOf(call).map(({ content }) => ({
        values: values(content.parts[0]?.text ?? ''),
      }));
      call.response.end(JSON.stringify({ embeddings }));
    });
    return { upstream, embedder: createGeminiEmbedder(client, { id, dimensions: 2, countTokens }) };
  };

  it('says what the texts are for, a hundred at a time, and gives vectors of length 1', async () => {
    const { upstream, embedder } = await embedderOf('models/gemini-embedding-001', (text) => [
      3 * text.length,
      4 * text.length,
    ]);
    const texts = Array.from({ length: 150 }, (_, i) => 'x'.repeat(i + 1));
    const { vectors, usage } = await embedder.embed(texts, { signal, kind: 'document' });
    expect(vectors).toHaveLength(150);
    expect(vectors[149]?.[0]).toBeCloseTo(0.6);
    expect(vectors[149]?.[1]).toBeCloseTo(0.8);
    expect(usage).toEqual({ inputTokens: (150 * 151) / 2, outputTokens: 0, estimated: true });
    expect(embedder.maxTokens).toBe(2048);
    await embedder.embed(['why'], { signal, kind: 'query' });
    const [first, second, third] = upstream.calls;
    expect(first?.path).toBe('/v1beta/models/gemini-embedding-001:batchEmbedContents');
    expect([first, second, third].map((call) => call && requestsOf(call).length)).toEqual([100, 50, 1]);
    expect(first && requestsOf(first)[0]).toEqual({
      model: 'models/gemini-embedding-001',
      content: { parts: [{ text: 'x' }] },
      taskType: 'RETRIEVAL_DOCUMENT',
      outputDimensionality: 2,
    });
    expect(third && requestsOf(third)[0]).toMatchObject({ taskType: 'RETRIEVAL_QUERY' });
  });

  it('writes it before the text for models that have no field for it', async () => {
    const { upstream, embedder } = await embedderOf('gemini-embedding-2', () => [1, 0]);
    await embedder.embed(['why'], { signal, kind: 'query' });
    await embedder.embed(['because'], { signal, kind: 'document' });
    expect(upstream.calls.map((call) => requestsOf(call)[0])).toEqual([
      {
        model: 'models/gemini-embedding-2',
        content: { parts: [{ text: 'task: search result | query: why' }] },
        outputDimensionality: 2,
      },
      {
        model: 'models/gemini-embedding-2',
        content: { parts: [{ text: 'title: none | text: because' }] },
        outputDimensionality: 2,
      },
    ]);
  });

  it('refuses an answer without a vector for each text', async () => {
    const { client } = await setUp(({ response }) => {
      response.end('{"embeddings":[{"values":[1,0]}]}');
    });
    const embedder = createGeminiEmbedder(client, { id: 'gemini-embedding-001', countTokens });
    await expect(embedder.embed(['a', 'b'], { signal, kind: 'document' })).rejects.toMatchObject({
      errorName: 'modelFailed',
      message: expect.stringContaining('one vector of the same size'),
    });
  });
});
