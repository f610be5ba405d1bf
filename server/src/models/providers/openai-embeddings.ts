import type { Usage } from '@lectern/contract/stream.ts';
import { z } from 'zod';
import { AppError, fail } from '../../kernel/errors.ts';
import type { OpenAiClient } from '../openai-wire/client.ts';
import { ProviderFailure } from '../openai-wire/failure.ts';
import type { CallOptions, Embedder } from '../ports.ts';
import type { EmbedderFacts } from './provider.ts';

/** Texts of one call. Providers allow between 10 and 2,048; a refused batch is halved. */
const batchSize = 32;

const reply = z.object({
  data: z.array(
    z.object({ index: z.number().optional(), embedding: z.union([z.string(), z.array(z.number())]) }),
  ),
  usage: z.object({ prompt_tokens: z.number().optional(), total_tokens: z.number().optional() }).nullish(),
});

/** An embedding model behind an OpenAI-compatible interface. `dimensions` is known after the first call. */
export function createEmbedder(client: OpenAiClient, facts: EmbedderFacts): Embedder {
  let dimensions = facts.dimensions;
  // base64 costs a quarter of the CPU of decimal numbers; not every server knows it.
  let encoding: 'base64' | undefined = 'base64';

  async function call(
    texts: string[],
    options: CallOptions,
  ): Promise<{ vectors: Float32Array[]; tokens: number | undefined }> {
    const body = {
      model: facts.wireName ?? facts.id,
      input: texts,
      encoding_format: encoding,
      dimensions: facts.dimensions,
    };
    let raw: unknown;
    try {
      raw = await client.json({ method: 'POST', path: '/embeddings', body, model: facts.id, ...options });
    } catch (error) {
      const status = statusOf(error);
      if (status === 400 && encoding && /encoding_format|base64/.test(String(error))) {
        encoding = undefined;
        return call(texts, options);
      }
      const batchRefused =
        (status === 400 || status === 413 || status === 422) &&
        /batch|too (?:many|large)|larger than|maximum/i.test(String(error));
      if (!batchRefused || texts.length === 1) throw error;
      const half = Math.ceil(texts.length / 2);
      const first = await call(texts.slice(0, half), options);
      const second = await call(texts.slice(half), options);
      return {
        vectors: [...first.vectors, ...second.vectors],
        tokens:
          first.tokens === undefined || second.tokens === undefined
            ? undefined
            : first.tokens + second.tokens,
      };
    }
    const parsed = reply.safeParse(raw);
    const vectors: Float32Array[] = new Array(texts.length);
    for (const [position, item] of (parsed.data?.data ?? []).entries())
      vectors[item.index ?? position] = toVector(item.embedding);
    const size = vectors[0]?.length ?? 0;
    for (let i = 0; i < texts.length; i++) {
      if (vectors[i]?.length !== size || size === 0) {
        throw fail('modelFailed', {
          params: {
            model: facts.id,
            details: {
              en: 'the answer does not hold one vector of the same size for each text',
              zh: '响应中没有与每段文本一一对应且维度一致的向量',
            },
          },
        });
      }
    }
    dimensions = size;
    return { vectors, tokens: parsed.data?.usage?.prompt_tokens ?? parsed.data?.usage?.total_tokens };
  }

  return {
    id: facts.id,
    name: facts.name ?? facts.id,
    get dimensions() {
      return dimensions;
    },
    maxTokens: facts.maxTokens ?? 8192,
    async embed(texts, { signal, attempts }) {
      const options = { signal, ...(attempts !== undefined && { attempts }) };
      const vectors: Float32Array[] = [];
      let tokens: number | undefined = 0;
      for (let at = 0; at < texts.length; at += batchSize) {
        const part = await call(texts.slice(at, at + batchSize), options);
        vectors.push(...part.vectors);
        tokens = tokens === undefined || part.tokens === undefined ? undefined : tokens + part.tokens;
      }
      const usage: Usage =
        tokens === undefined
          ? {
              inputTokens: (await facts.countTokens(texts)).reduce((a, b) => a + b, 0),
              outputTokens: 0,
              estimated: true,
            }
          : { inputTokens: tokens, outputTokens: 0, estimated: false };
      return { vectors, usage };
    },
  };
}

function statusOf(error: unknown): number {
  return error instanceof AppError && error.cause instanceof ProviderFailure ? error.cause.status : 0;
}

/** Numbers, or little-endian float32 in base64. */
function toVector(embedding: string | number[]): Float32Array {
  if (typeof embedding !== 'string') return Float32Array.from(embedding);
  const bytes = Buffer.from(embedding, 'base64');
  // Copied: a Buffer's memory is shared with others and need not begin at a multiple of four.
  return new Float32Array(new Uint8Array(bytes).buffer, 0, bytes.length >> 2);
}
