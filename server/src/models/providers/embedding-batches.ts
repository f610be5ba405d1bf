import type { Usage } from '@lectern/contract/stream.ts';
import { AppError, fail } from '../../kernel/errors.ts';
import type { CallOptions, Embedder } from '../ports.ts';
import type { EmbedderFacts } from './provider.ts';

/** What is known of the model beforehand. Without `countTokens` the provider must count itself. */
type BatchFacts = Pick<EmbedderFacts, 'id' | 'name' | 'price' | 'dimensions'> &
  Partial<Pick<EmbedderFacts, 'countTokens'>> & { maxTokens: number };

/** The vectors of some texts in their order, and what the provider counted, where it does. */
export interface EmbeddedBatch {
  vectors: Float32Array[];
  tokens: number | undefined;
}

const uneven = {
  en: 'the answer does not hold one vector of the same size for each text',
  zh: '响应中没有与每段文本一一对应且维度一致的向量',
};

/** The HTTP status with which a provider refused; 0 = it was something else. */
export function statusOf(error: unknown): number {
  return error instanceof AppError ? (error.details.upstreamStatus ?? 0) : 0;
}

/** Whether a provider says that a call holds too much. */
function isTooMuch(error: unknown): boolean {
  const refused = [400, 413, 422].includes(statusOf(error));
  return refused && /batch|too (?:many|large)|larger than|maximum/i.test(String(error));
}

/** Full calls that a provider must take before more is tried. */
const firstPatience = 8;
const mostPatience = 1024;

/**
 * How many texts a provider takes in one call: halved when it refuses, doubled again when smaller calls went well for a
 * while, each time later, because some limits are of the texts (their length) and some are for good.
 */
function createBatchSize(most: number) {
  let size = most;
  let taken = 0;
  let patience = firstPatience;
  return {
    get now() {
      return size;
    },
    refused(texts: number) {
      size = Math.max(1, Math.ceil(texts / 2));
      taken = 0;
      patience = Math.min(mostPatience, patience * 2);
    },
    took(texts: number) {
      if (texts < size || size === most) return;
      taken += 1;
      if (taken < patience) return;
      taken = 0;
      size = Math.min(most, size * 2);
    },
  };
}

/**
 * An embedding model that is called with so many texts at a time, or fewer where the provider refuses so many. `dimensions` is known after the first call; an answer
 * without one vector of the same size for each text fails with modelFailed.
 */
export function createBatchEmbedder(
  facts: BatchFacts,
  batchSize: number,
  call: (texts: string[], options: CallOptions & { kind: 'document' | 'query' }) => Promise<EmbeddedBatch>,
): Embedder {
  let { dimensions } = facts;
  const size = createBatchSize(batchSize);
  const checked = async (...[texts, options]: Parameters<typeof call>): Promise<EmbeddedBatch> => {
    const batch = await call(texts, options);
    const size = batch.vectors[0]?.length ?? 0;
    for (let i = 0; i < texts.length; i++) {
      if (size === 0 || batch.vectors[i]?.length !== size)
        throw fail('modelFailed', { params: { model: facts.id, details: uneven } });
    }
    dimensions = size;
    return batch;
  };
  return {
    id: facts.id,
    name: facts.name ?? facts.id,
    get dimensions() {
      return dimensions;
    },
    maxTokens: facts.maxTokens,
    ...(facts.price && { price: facts.price }),
    async embed(texts, options) {
      const vectors: Float32Array[] = [];
      let tokens: number | undefined = 0;
      while (vectors.length < texts.length) {
        const some = texts.slice(vectors.length, vectors.length + size.now);
        try {
          const part = await checked(some, options);
          size.took(some.length);
          vectors.push(...part.vectors);
          tokens = tokens === undefined || part.tokens === undefined ? undefined : tokens + part.tokens;
        } catch (error) {
          if (some.length === 1 || !isTooMuch(error)) throw error;
          size.refused(some.length);
        }
      }
      const usage: Usage =
        tokens === undefined
          ? {
              inputTokens: ((await facts.countTokens?.(texts)) ?? []).reduce((a, b) => a + b, 0),
              outputTokens: 0,
              estimated: true,
            }
          : { inputTokens: tokens, outputTokens: 0, estimated: false };
      return { vectors, usage };
    },
  };
}
