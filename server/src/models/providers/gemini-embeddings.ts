import { z } from 'zod';
import { unitVector } from '../../kernel/unit-vector.ts';
import type { OpenAiClient } from '../openai-wire/client.ts';
import type { Embedder } from '../ports.ts';
import { createBatchEmbedder } from './embedding-batches.ts';
import { geminiName, geminiPath } from './gemini.ts';
import type { EmbedderFacts } from './provider.ts';

/** Texts of one call: the most that is taken. */
const batchSize = 100;

const reply = z.object({ embeddings: z.array(z.object({ values: z.array(z.number()) })) });

/** How models from the second generation on are told what a text is for; the first has a field for it. */
const prefixes = { query: 'task: search result | query: ', document: 'title: none | text: ' };
const taskTypes = { query: 'RETRIEVAL_QUERY', document: 'RETRIEVAL_DOCUMENT' };

/** An embedding model behind Google's Gemini API. Its tokens are estimated: the interface reports none. */
export function createGeminiEmbedder(client: OpenAiClient, facts: EmbedderFacts): Embedder {
  const name = geminiName(facts);
  const prefixed = /^gemini-embedding-(?!001|exp)/.test(name);
  return createBatchEmbedder(
    { maxTokens: prefixed ? 8192 : 2048, ...facts },
    batchSize,
    async (texts, { kind, ...options }) => {
      const requests = texts.map((text) => ({
        model: `models/${name}`,
        content: { parts: [{ text: prefixed ? prefixes[kind] + text : text }] },
        taskType: prefixed ? undefined : taskTypes[kind],
        outputDimensionality: facts.dimensions,
      }));
      const path = `${geminiPath(name)}:batchEmbedContents`;
      const raw = await client.json({
        method: 'POST',
        path,
        body: { requests },
        model: facts.id,
        ...options,
      });
      const parsed = reply.safeParse(raw);
      const vectors = (parsed.data?.embeddings ?? []).map(({ values }) => {
        // Shortened to fewer dimensions they do not come with length 1.
        const vector = Float32Array.from(values);
        return unitVector(vector) ?? vector;
      });
      return { vectors, tokens: undefined };
    },
  );
}
