import { z } from 'zod';
import { fail } from '../../kernel/errors.ts';
import type { OpenAiClient } from '../openai-wire/client.ts';
import type { Reranker } from '../ports.ts';
import type { ModelFacts } from './provider.ts';

/** `/rerank` as Jina, Cohere, SiliconFlow, vLLM and Xinference answer it (`results`), or DashScope (`output.results`). */
const results = z.array(
  z.object({ index: z.number().int(), relevance_score: z.number().optional(), score: z.number().optional() }),
);
const reply = z.union([
  z.object({ results }).transform((r) => r.results),
  z.object({ data: results }).transform((r) => r.data),
  z.object({ output: z.object({ results }) }).transform((r) => r.output.results),
]);

/** A rerank model beside an OpenAI-compatible interface. */
export function createReranker(
  client: OpenAiClient,
  facts: Pick<ModelFacts, 'id' | 'name' | 'wireName'>,
): Reranker {
  const { id, name = id, wireName = id } = facts;
  return {
    id,
    name,
    async rerank(query, documents, options) {
      if (documents.length === 0) return [];
      const body = { model: wireName, query, documents, top_n: documents.length };
      const parsed = reply.safeParse(
        await client.json({ method: 'POST', path: '/rerank', body, model: id, ...options }),
      );
      if (!parsed.success) {
        const details = { en: 'the answer holds no list of scores', zh: '响应中没有分数列表' };
        throw fail('modelFailed', { params: { model: id, details } });
      }
      const raw = new Array<number | undefined>(documents.length).fill(undefined);
      for (const item of parsed.data) {
        if (item.index >= 0 && item.index < raw.length) raw[item.index] = item.relevance_score ?? item.score;
      }
      // Some servers answer raw logits: they are squeezed into 0 to 1, their order stays.
      const logits = raw.some((s) => s !== undefined && (s < 0 || s > 1));
      return raw.map((s) => (s === undefined ? 0 : logits ? 1 / (1 + Math.exp(-s)) : s));
    },
  };
}
