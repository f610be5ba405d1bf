import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Logger } from '../kernel/logger.ts';
import { looksLikeChatModel } from './model-names.ts';
import { createOpenAiClient, type OpenAiClient } from './openai-wire/client.ts';
import type { Embedder, FoundModel, Reranker } from './ports.ts';
import { createLocalModels, type LocalModels } from './providers/local-onnx.ts';
import { findOllama, ollamaClient } from './providers/ollama.ts';

/** The settings that name models. */
export type ModelSettings = Pick<
  Config,
  | 'openai'
  | 'chatModels'
  | 'embeddingModel'
  | 'rerankModel'
  | 'localModelsDir'
  | 'ollamaUrl'
  | 'modelTimeoutMs'
>;

/** A found model with what calls it: a connection, or where it runs in this installation the model itself. */
export interface Offer extends FoundModel {
  client?: OpenAiClient;
  embedder?: Embedder;
  reranker?: Reranker;
}

export interface EnvironmentModels {
  /** The models of now: those of LOCAL_MODELS_DIR, then in the order of the settings; those of an Ollama last. */
  offers(): Offer[];
  /** Resolves after the first look for models in the background, found or not: at most a few seconds. */
  readonly looked: Promise<void>;
  /** Stops looking and closes all connections. */
  close(): Promise<void>;
}

/** Most models taken over from a provider's list. */
const mostListed = 50;

/** OpenAI's and Anthropic's lists, or Gemini's. */
const modelList = z.union([
  z.object({ data: z.array(z.object({ id: z.string() })) }).transform(({ data }) => data.map(({ id }) => id)),
  z
    .object({ models: z.array(z.object({ name: z.string() })) })
    .transform(({ models }) => models.map(({ name }) => name.replace(/^models\//, ''))),
]);

/**
 * What the settings name. Never waits for the network: what must be asked for (a provider's list, an Ollama on its
 * default port) is looked for in the background, and `onFound` called when something was found.
 */
export function findEnvironmentModels(options: {
  config: ModelSettings;
  log: Logger;
  onFound(): void;
  /** Pause between looks for models while none is known; 60 seconds by default. */
  lookAgainMs?: number;
}): EnvironmentModels {
  const { config, log } = options;
  let listed: Offer[] = [];
  let ofOllama: Offer[] = [];
  const stop = new AbortController();
  const clients: OpenAiClient[] = [];
  const connect = (client: OpenAiClient) => {
    clients.push(client);
    return client;
  };
  const provider = config.openai
    ? connect(createOpenAiClient({ ...config.openai, timeoutMs: config.modelTimeoutMs }))
    : undefined;
  const place = config.openai ? new URL(config.openai.baseUrl).host : '';
  const configured = provider ? namedOffers(config, provider, place) : [];
  const local = config.localModelsDir
    ? createLocalModels({ directory: config.localModelsDir, log, timeoutMs: config.modelTimeoutMs })
    : undefined;
  const running = local ? localOffers(local) : [];

  async function lookAtProvider(client: OpenAiClient): Promise<void> {
    try {
      const limit = AbortSignal.any([stop.signal, AbortSignal.timeout(5000)]);
      const names = (await listModels(client, place, limit)).filter(looksLikeChatModel).slice(0, mostListed);
      listed = names.map((id) => ({ id, type: 'llm', provider: 'openai', place, client }));
      if (!names[0]) return;
      log.info({ model: names[0], provider: place }, 'default chat model taken from the provider');
      options.onFound();
    } catch (error) {
      if (!stop.signal.aborted)
        log.warn({ provider: place, error: String(error) }, 'the provider did not list its models');
    }
  }

  let ollama: OpenAiClient | undefined;
  async function lookForOllama(url: string): Promise<void> {
    const found = await findOllama(url, stop.signal);
    if (!found || stop.signal.aborted) return;
    ollama ??= connect(ollamaClient(url, config.modelTimeoutMs));
    const shared = { provider: 'ollama' as const, place: 'Ollama', client: ollama };
    ofOllama = [
      ...found.chat.map((id): Offer => ({ id, type: 'llm', ...shared })),
      ...found.embedding.map((id): Offer => ({ id, type: 'embedding', ...shared })),
    ];
    if (found.chat[0]) log.info({ model: found.chat[0], provider: 'ollama' }, 'models of Ollama found');
    options.onFound();
  }

  const offers = () => [...running, ...configured, ...listed, ...ofOllama];
  async function look(): Promise<void> {
    const tasks: Promise<void>[] = [];
    if (provider && config.chatModels.length === 0) tasks.push(lookAtProvider(provider));
    if (config.ollamaUrl) tasks.push(lookForOllama(config.ollamaUrl));
    await Promise.all(tasks);
    const canChat = offers().some(({ type }) => type === 'llm');
    if (stop.signal.aborted || canChat || tasks.length === 0) return;
    setTimeout(() => void look(), options.lookAgainMs ?? 60_000).unref();
  }
  const looked = look();

  return {
    offers,
    looked,
    async close() {
      stop.abort();
      await looked;
      await Promise.all([local, ...clients].map((one) => one?.close()));
    },
  };
}

function localOffers({ embedders, rerankers }: LocalModels): Offer[] {
  const shared = { provider: 'local' as const, place: 'LOCAL_MODELS_DIR' };
  return [
    ...embedders.map((embedder): Offer => ({ id: embedder.id, type: 'embedding', embedder, ...shared })),
    ...rerankers.map((reranker): Offer => ({ id: reranker.id, type: 'rerank', reranker, ...shared })),
  ];
}

function namedOffers(config: ModelSettings, client: OpenAiClient, place: string): Offer[] {
  const shared = { provider: 'openai' as const, place, client };
  return [
    ...config.chatModels.map((id): Offer => ({ id, type: 'llm', ...shared })),
    ...(config.embeddingModel ? [{ id: config.embeddingModel, type: 'embedding' as const, ...shared }] : []),
    ...(config.rerankModel ? [{ id: config.rerankModel, type: 'rerank' as const, ...shared }] : []),
  ];
}

/** The names in a provider's list, in its order. Throws modelFailed in the name of `place`. */
export async function listModels(
  client: OpenAiClient,
  place: string,
  signal: AbortSignal,
): Promise<string[]> {
  const raw = await client.json({ method: 'GET', path: '/models', model: place, signal, attempts: 1 });
  return modelList.parse(raw);
}
