import type { Usage } from '@lectern/contract/stream.ts';
import { fail } from '../../kernel/errors.ts';
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

/**
 * An embedding model that is called with so many texts at a time. `dimensions` is known after the first call; an answer
 * without one vector of the same size for each text fails with modelFailed.
 */
export function createBatchEmbedder(
  facts: BatchFacts,
  batchSize: number,
  call: (texts: string[], options: CallOptions & { kind: 'document' | 'query' }) => Promise<EmbeddedBatch>,
): Embedder {
  let { dimensions } = facts;
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
      for (let at = 0; at < texts.length; at += batchSize) {
        const part = await checked(texts.slice(at, at + batchSize), options);
        vectors.push(...part.vectors);
        tokens = tokens === undefined || part.tokens === undefined ? undefined : tokens + part.tokens;
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
