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

const count = z.number().nonnegative().optional().catch(undefined);
const counts = z.object({ total_tokens: count, prompt_tokens: count, input_tokens: count });
/** What was read, in `usage` as most tell it, or in `meta.tokens` (Cohere, SiliconFlow). */
const told = z.object({
  usage: counts.optional().catch(undefined),
  meta: z.object({ tokens: counts }).optional().catch(undefined),
});

function toldTokens(raw: unknown): number | undefined {
  const { usage, meta } = told.safeParse(raw).data ?? {};
  const known = usage ?? meta?.tokens;
  return known?.total_tokens ?? known?.prompt_tokens ?? known?.input_tokens;
}

/** A rerank model beside an OpenAI-compatible interface. */
export function createReranker(client: OpenAiClient, facts: ModelFacts): Reranker {
  const { id, name = id, wireName = id, price } = facts;
  return {
    id,
    name,
    ...(price && { price }),
    async rerank(query, documents, options) {
      if (documents.length === 0)
        return { scores: [], usage: { inputTokens: 0, outputTokens: 0, estimated: false } };
      const body = { model: wireName, query, documents, top_n: documents.length };
      const raw = await client.json({ method: 'POST', path: '/rerank', body, model: id, ...options });
      const parsed = reply.safeParse(raw);
      if (!parsed.success) {
        const details = { en: 'the answer holds no list of scores', zh: '响应中没有分数列表' };
        throw fail('modelFailed', { params: { model: id, details } });
      }
      const values = new Array<number | undefined>(documents.length).fill(undefined);
      for (const item of parsed.data) {
        if (item.index >= 0 && item.index < values.length)
          values[item.index] = item.relevance_score ?? item.score;
      }
      // Some servers answer raw logits: they are squeezed into 0 to 1, their order stays.
      const logits = values.some((s) => s !== undefined && (s < 0 || s > 1));
      const scores = values.map((s) => (s === undefined ? 0 : logits ? 1 / (1 + Math.exp(-s)) : s));
      const tokens = toldTokens(raw);
      return {
        scores,
        usage: {
          inputTokens: tokens ?? (await pairTokens(facts, query, documents)),
          outputTokens: 0,
          estimated: tokens === undefined,
        },
      };
    },
  };
}

/** The question is read once with each document. */
async function pairTokens(
  { countTokens }: Pick<ModelFacts, 'countTokens'>,
  query: string,
  documents: string[],
): Promise<number> {
  const [asked = 0, ...read] = await countTokens([query, ...documents]);
  return read.reduce((sum, tokens) => sum + asked + tokens, 0);
}
