import { z } from 'zod';
import { looksLikeEmbedder } from '../model-names.ts';
import { createOpenAiClient, type OpenAiClient } from '../openai-wire/client.ts';

const tags = z.object({
  models: z.array(
    z.object({
      name: z.string(),
      capabilities: z.array(z.string()).nullish(),
      details: z.object({ family: z.string().nullish() }).nullish(),
    }),
  ),
});

/** What an Ollama on this machine can do: names as `/api/tags` lists them, the last used first. */
export interface OllamaModels {
  chat: string[];
  embedding: string[];
}

/** Longest wait for Ollama to say what it has, in milliseconds. */
const patience = 1000;

/** Asks an Ollama what models it has. `undefined` when none answers. */
export async function findOllama(url: string, signal: AbortSignal): Promise<OllamaModels | undefined> {
  const client = createOpenAiClient({ baseUrl: url, apiKey: undefined, timeoutMs: patience });
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
    const raw = await client.json({
      method: 'GET',
      path: '/api/tags',
      model: 'ollama',
      signal: limit,
      attempts: 1,
    });
    return sortModels(raw);
  } catch {
    return undefined;
  } finally {
    await client.close();
  }
}

/** Divides `/api/tags` into chat and embedding models: by capability where it is told, else by family and name. */
export function sortModels(raw: unknown): OllamaModels | undefined {
  const parsed = tags.safeParse(raw);
  if (!parsed.success) return undefined;
  const found: OllamaModels = { chat: [], embedding: [] };
  for (const { name, capabilities, details } of parsed.data.models) {
    const embeds = capabilities?.length
      ? capabilities.includes('embedding') && !capabilities.includes('completion')
      : /bert/.test(details?.family ?? '') || looksLikeEmbedder(name);
    (embeds ? found.embedding : found.chat).push(name);
  }
  return found;
}

/** The connection for calls: Ollama's own OpenAI-compatible interface. The first call may load the model. */
export function ollamaClient(url: string, timeoutMs: number): OpenAiClient {
  return createOpenAiClient({ baseUrl: `${url}/v1`, apiKey: undefined, timeoutMs });
}
