import { afterEach, describe, expect, it } from 'vitest';
import { createOpenAiClient, type OpenAiClient } from '../openai-wire/client.ts';
import { type ReceivedCall, refuse, startUpstream, type Upstream } from '../testing/upstream.ts';
import { createEmbedder } from './openai-embeddings.ts';
import { createReranker } from './openai-rerank.ts';

const signal = new AbortController().signal;
const countTokens = async (texts: string[]) => texts.map((text) => text.length);
const open: (Upstream | OpenAiClient)[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function setUp(answer: (call: ReceivedCall) => unknown) {
  const upstream = await startUpstream((call) => {
    const value = answer(call);
    if (value !== undefined) call.response.end(JSON.stringify(value));
  });
  const client = createOpenAiClient({
    baseUrl: upstream.url,
    apiKey: 'k',
    timeoutMs: 5000,
    retry: { pauseMs: 1 },
  });
  open.push(upstream, client);
  return { upstream, client };
}

const inputs = (call: ReceivedCall) => call.body.input as string[];
const base64 = (numbers: number[]) => Buffer.from(Float32Array.from(numbers).buffer).toString('base64');

describe('an embedder', () => {
  it('reads vectors as base64 and as numbers, in the order of the texts', async () => {
    const { client } = await setUp((call) => ({
      data: inputs(call)
        .map((text, index) => ({
          index,
          embedding: index % 2 ? [text.length, 0.5] : base64([text.length, 0.5]),
        }))
        .reverse(),
      usage: { prompt_tokens: 6, total_tokens: 6 },
    }));
    const embedder = createEmbedder(client, { id: 'e', countTokens });
    const { vectors, usage } = await embedder.embed(['a', 'bb', 'ccc'], { signal, kind: 'document' });
    expect(vectors.map((v) => [...v])).toEqual([
      [1, 0.5],
      [2, 0.5],
      [3, 0.5],
    ]);
    expect(usage).toEqual({ inputTokens: 6, outputTokens: 0, estimated: false });
    expect(embedder.dimensions).toBe(2);
  });

  it('halves a batch that the provider finds too large, and counts tokens when none are reported', async () => {
    const { client, upstream } = await setUp((call) => {
      if (inputs(call).length > 3) {
        refuse(call.response, 400, 'batch size is invalid, it should not be larger than 3');
        return undefined;
      }
      return { data: inputs(call).map((text) => ({ embedding: [text.length] })) };
    });
    const texts = Array.from({ length: 10 }, (_, i) => 'x'.repeat(i + 1));
    const { vectors, usage } = await createEmbedder(client, { id: 'e', countTokens }).embed(texts, {
      signal,
      kind: 'query',
    });
    expect(vectors.map((v) => v[0])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(usage).toEqual({ inputTokens: 55, outputTokens: 0, estimated: true });
    expect(upstream.calls.length).toBeGreaterThan(3);
  });

  it('goes without base64 where the provider does not know it', async () => {
    const { client } = await setUp((call) => {
      if (call.body.encoding_format) {
        refuse(call.response, 400, 'encoding_format is not supported');
        return undefined;
      }
      return { data: [{ index: 0, embedding: [1] }] };
    });
    const { vectors } = await createEmbedder(client, { id: 'e', countTokens }).embed(['a'], {
      signal,
      kind: 'query',
    });
    expect(vectors[0]?.[0]).toBe(1);
  });

  it('fails rather than give out fewer vectors than texts', async () => {
    const { client } = await setUp(() => ({ data: [{ index: 0, embedding: [1] }] }));
    const embedder = createEmbedder(client, { id: 'e', countTokens });
    await expect(embedder.embed(['a', 'b'], { signal, kind: 'query' })).rejects.toMatchObject({
      errorName: 'modelFailed',
    });
  });
});

describe('a reranker', () => {
  it('gives scores in the order of the documents', async () => {
    const { client, upstream } = await setUp(() => ({
      results: [
        { index: 2, relevance_score: 0.9 },
        { index: 0, relevance_score: 0.1 },
      ],
    }));
    const ranker = createReranker(client, { id: 'r', countTokens });
    expect(await ranker.rerank('q', ['a', 'b', 'c'], { signal })).toMatchObject({ scores: [0.1, 0, 0.9] });
    expect(upstream.calls[0]?.path).toBe('/v1/rerank');
  });

  it('squeezes logits into 0 to 1 and keeps their order', async () => {
    const { client } = await setUp(() => ({
      results: [
        { index: 0, score: -3 },
        { index: 1, score: 4 },
      ],
    }));
    const ranker = createReranker(client, { id: 'r', countTokens });
    const [low = 0, high = 0] = (await ranker.rerank('q', ['a', 'b'], { signal })).scores;
    expect(low).toBeGreaterThan(0);
    expect(low).toBeLessThan(high);
    expect(high).toBeLessThan(1);
  });

  it.each([
    [{ usage: { total_tokens: 70 } }, 70, false],
    [{ meta: { tokens: { input_tokens: 30 } } }, 30, false],
    [{ meta: { billed_units: { search_units: 1 } }, usage: null }, 7, true],
  ])('tells what was read: %j', async (more, inputTokens, estimated) => {
    const { client } = await setUp(() => ({ results: [{ index: 0, relevance_score: 0.5 }], ...more }));
    const ranker = createReranker(client, { id: 'r', countTokens });
    const { usage } = await ranker.rerank('qq', ['a', 'bb'], { signal });
    expect(usage).toEqual({ inputTokens, outputTokens: 0, estimated });
  });

  it('asks nobody about no documents', async () => {
    const { client, upstream } = await setUp(() => ({}));
    const ranker = createReranker(client, { id: 'r', countTokens });
    expect((await ranker.rerank('q', [], { signal })).scores).toEqual([]);
    expect(upstream.calls).toHaveLength(0);
  });
});
