import { z } from 'zod';
import type { OpenAiClient } from '../openai-wire/client.ts';
import type { CallOptions, Embedder } from '../ports.ts';
import { createBatchEmbedder, type EmbeddedBatch, statusOf } from './embedding-batches.ts';
import type { EmbedderFacts } from './provider.ts';

/** Texts of one call. Providers allow between 10 and 2,048. */
const batchSize = 32;

const reply = z.object({
  data: z.array(
    z.object({ index: z.number().optional(), embedding: z.union([z.string(), z.array(z.number())]) }),
  ),
  usage: z.object({ prompt_tokens: z.number().optional(), total_tokens: z.number().optional() }).nullish(),
});

/** An embedding model behind an OpenAI-compatible interface. */
export function createEmbedder(client: OpenAiClient, facts: EmbedderFacts): Embedder {
  // base64 costs a quarter of the CPU of decimal numbers; not every server knows it.
  let encoding: 'base64' | undefined = 'base64';

  async function call(texts: string[], options: CallOptions): Promise<EmbeddedBatch> {
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
      if (statusOf(error) === 400 && encoding && /encoding_format|base64/.test(String(error))) {
        encoding = undefined;
        return call(texts, options);
      }
      throw error;
    }
    const parsed = reply.safeParse(raw);
    const vectors: Float32Array[] = new Array(texts.length);
    for (const [position, item] of (parsed.data?.data ?? []).entries())
      vectors[item.index ?? position] = toVector(item.embedding);
    return { vectors, tokens: parsed.data?.usage?.prompt_tokens ?? parsed.data?.usage?.total_tokens };
  }

  return createBatchEmbedder({ maxTokens: 8192, ...facts }, batchSize, call);
}

/** Numbers, or little-endian float32 in base64. */
function toVector(embedding: string | number[]): Float32Array {
  if (typeof embedding !== 'string') return Float32Array.from(embedding);
  const bytes = Buffer.from(embedding, 'base64');
  // Copied: a Buffer's memory is shared with others and need not begin at a multiple of four.
  return new Float32Array(new Uint8Array(bytes).buffer, 0, bytes.length >> 2);
}
