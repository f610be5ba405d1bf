import type { Lang } from '@lectern/contract/lang.ts';
import { z } from 'zod';
import type { Config } from '../config.ts';
import type { Logger } from '../kernel/logger.ts';
import { looksLikeChatModel } from './model-names.ts';
import { createOpenAiClient, type OpenAiClient } from './openai-wire/client.ts';
import type { ChatModel, Embedder, ModelRegistry, Reranker } from './ports.ts';
import { createBuiltinExtractive } from './providers/builtin-extractive.ts';
import { findOllama, ollamaClient } from './providers/ollama.ts';
import { createChatModel } from './providers/openai-compatible.ts';
import { createEmbedder } from './providers/openai-embeddings.ts';
import { createReranker } from './providers/openai-rerank.ts';

export interface RegistryOptions {
  config: Pick<
    Config,
    'openai' | 'chatModels' | 'embeddingModel' | 'rerankModel' | 'ollamaUrl' | 'modelTimeoutMs'
  >;
  log: Logger;
  countTokens(texts: string[]): Promise<number[]>;
  /** Pause between looks for models while none is known; 60 seconds by default. */
  lookAgainMs?: number;
}

export interface RunningRegistry extends ModelRegistry {
  /** Resolves after the first look for models in the background, found or not: at most a few seconds. */
  readonly looked: Promise<void>;
  /** Stops looking and closes all connections. */
  close(): Promise<void>;
}

/** Assumed until model settings can say it: small enough for every current model. */
const size = { contextTokens: 32_000, maxOutputTokens: 8_000 };

/** Most models taken over from a provider's list. */
const mostListed = 50;

const modelList = z.object({ data: z.array(z.object({ id: z.string() })) });

/**
 * Makes the models that the settings name. Never waits for the network: what must be asked for (a provider's list,
 * an Ollama on its default port) is looked for in the background, and the built-in model answers until then.
 */
export function createModelRegistry(options: RegistryOptions): RunningRegistry {
  const { config, log, countTokens } = options;
  const builtin = createBuiltinExtractive({ countTokens });
  const configured: ChatModel[] = [];
  let listed: ChatModel[] = [];
  let ollamaChat: ChatModel[] = [];
  const embedders = new Map<string, Embedder>();
  let reranker: Reranker | undefined;
  const stop = new AbortController();
  const closers: (() => Promise<void>)[] = [];

  const connect = (client: OpenAiClient) => {
    closers.push(() => client.close());
    return client;
  };
  const provider = config.openai
    ? connect(createOpenAiClient({ ...config.openai, timeoutMs: config.modelTimeoutMs }))
    : undefined;
  const providerName = config.openai ? new URL(config.openai.baseUrl).host : '';
  const remote = (id: string) =>
    createChatModel(provider as OpenAiClient, { id, provider: 'openai', ...size, countTokens });
  if (provider) {
    configured.push(...config.chatModels.map(remote));
    if (config.embeddingModel) {
      embedders.set(
        config.embeddingModel,
        createEmbedder(provider, { id: config.embeddingModel, countTokens }),
      );
    }
    if (config.rerankModel) reranker = createReranker(provider, config.rerankModel);
  }

  async function lookAtProvider(client: OpenAiClient): Promise<void> {
    try {
      const limit = AbortSignal.any([stop.signal, AbortSignal.timeout(5000)]);
      const raw = await client.json({
        method: 'GET',
        path: '/models',
        model: providerName,
        signal: limit,
        attempts: 1,
      });
      const names = modelList
        .parse(raw)
        .data.map((m) => m.id)
        .filter(looksLikeChatModel)
        .slice(0, mostListed);
      listed = names.map(remote);
      if (names[0])
        log.info({ model: names[0], provider: providerName }, 'default chat model taken from the provider');
    } catch (error) {
      if (!stop.signal.aborted)
        log.warn({ provider: providerName, error: String(error) }, 'the provider did not list its models');
    }
  }

  let ollama: OpenAiClient | undefined;
  async function lookForOllama(url: string): Promise<void> {
    const found = await findOllama(url, stop.signal);
    if (!found || stop.signal.aborted) return;
    ollama ??= connect(ollamaClient(url, config.modelTimeoutMs));
    const client = ollama;
    ollamaChat = found.chat.map((id) =>
      createChatModel(client, { id, provider: 'ollama', ...size, countTokens }),
    );
    for (const id of found.embedding) {
      if (!embedders.has(id)) embedders.set(id, createEmbedder(client, { id, countTokens }));
    }
    if (found.chat[0]) log.info({ model: found.chat[0], provider: 'ollama' }, 'models of Ollama found');
  }

  const usable = () => [...configured, ...listed, ...ollamaChat];
  async function look(): Promise<void> {
    const tasks: Promise<void>[] = [];
    if (provider && config.chatModels.length === 0) tasks.push(lookAtProvider(provider));
    if (config.ollamaUrl) tasks.push(lookForOllama(config.ollamaUrl));
    await Promise.all(tasks);
    if (stop.signal.aborted || usable().length > 0 || tasks.length === 0) return;
    setTimeout(() => void look(), options.lookAgainMs ?? 60_000).unref();
  }
  const looked = look();

  /** The first name of CHAT_MODEL, wherever it runs; else whatever was found; else the built-in one. */
  const byDefault = (): ChatModel => {
    const all = usable();
    for (const name of config.chatModels) {
      const named = all.find((m) => m.id === name || m.id === `${name}:latest`);
      if (named) return named;
    }
    return all[0] ?? builtin;
  };

  return {
    looked,
    chatModels: () => {
      const first = byDefault();
      const rest = [...usable(), builtin].filter((m) => m !== first);
      return [
        first,
        ...rest.filter((m, i) => m.id !== first.id && rest.findIndex((o) => o.id === m.id) === i),
      ];
    },
    chat(id) {
      const named = id === undefined ? undefined : [...usable(), builtin].find((m) => m.id === id);
      return { model: named ?? byDefault(), fellBack: id !== undefined && !named };
    },
    // Without EMBEDDING_MODEL there is no default: vectors of a model that happened to run would bind the data to it.
    embedder: (id = config.embeddingModel) =>
      id === undefined ? undefined : (embedders.get(id) ?? embedders.get(`${id}:latest`)),
    reranker: (id) => (id === undefined || id === reranker?.id ? reranker : undefined),
    summary: (lang) => describe(lang, byDefault(), builtin, config.embeddingModel, reranker, providerName),
    async close() {
      stop.abort();
      await looked;
      await Promise.all(closers.map((close) => close()));
    },
  };
}

const summaryTexts = {
  en: {
    chat: 'chat: ',
    builtin: 'no language model connected; answers quote the documents',
    embedding: 'embedding: ',
    none: 'none (search by keywords)',
    rerank: 'rerank: ',
    from: (place: string) => ` (${place})`,
  },
  zh: {
    chat: '对话：',
    builtin: '未连接语言模型，回答摘录文档原句',
    embedding: '向量：',
    none: '无（关键词检索）',
    rerank: '重排：',
    from: (place: string) => `（${place}）`,
  },
} as const;

/** Which models are in use, one line each. */
function describe(
  lang: Lang,
  chat: ChatModel,
  builtin: ChatModel,
  embedding: string | undefined,
  reranker: Reranker | undefined,
  providerName: string,
): string[] {
  const t = summaryTexts[lang];
  const where = chat.provider === 'ollama' ? 'Ollama' : providerName;
  return [
    t.chat + chat.id + t.from(chat === builtin ? t.builtin : where),
    t.embedding + (embedding ?? t.none),
    ...(reranker ? [t.rerank + reranker.id + t.from(providerName)] : []),
  ];
}
