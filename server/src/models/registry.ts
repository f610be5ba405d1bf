import type { Lang } from '@lectern/contract/lang.ts';
import type { Logger } from '../kernel/logger.ts';
import {
  type EnvironmentModels,
  findEnvironmentModels,
  type ModelSettings,
  type Offer,
} from './environment.ts';
import type { ChatModel, Embedder, ModelRegistry, Reranker } from './ports.ts';
import { createBuiltinExtractive } from './providers/builtin-extractive.ts';
import { createChatModel } from './providers/openai-compatible.ts';
import { createEmbedder } from './providers/openai-embeddings.ts';
import { createReranker } from './providers/openai-rerank.ts';

export interface RegistryOptions {
  config: ModelSettings;
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

/** Assumed of a model that nobody has described: small enough for every current one. */
const size = { contextTokens: 32_000, maxOutputTokens: 8_000 };

/** Every model by its id; made once for each change, never for a request. */
interface Models {
  chat: Map<string, ChatModel>;
  embedding: Map<string, Embedder>;
  rerank: Map<string, Reranker>;
}

/** Makes the models that the settings name, and those found later. Never waits for the network. */
export function createModelRegistry(options: RegistryOptions): RunningRegistry {
  const { config, countTokens } = options;
  const builtin = createBuiltinExtractive({ countTokens });
  const listeners = new Set<() => void>();
  let environment: EnvironmentModels | undefined;
  let models: Models;
  const rebuild = () => {
    models = build(environment?.offers() ?? [], countTokens);
    for (const listener of listeners) listener();
  };
  environment = findEnvironmentModels({ ...options, onFound: rebuild });
  rebuild();

  /** The first name of CHAT_MODEL, wherever it runs; else whatever was found; else the built-in one. */
  const byDefault = (): ChatModel => {
    for (const name of config.chatModels) {
      const named = models.chat.get(name) ?? models.chat.get(`${name}:latest`);
      if (named) return named;
    }
    return models.chat.values().next().value ?? builtin;
  };
  const ofEnvironment = environment;

  return {
    looked: ofEnvironment.looked,
    chatModels() {
      const first = byDefault();
      return [first, ...[...models.chat.values(), builtin].filter((model) => model !== first)];
    },
    chat(id) {
      const named = id === undefined ? undefined : id === builtin.id ? builtin : models.chat.get(id);
      return { model: named ?? byDefault(), fellBack: id !== undefined && !named };
    },
    // Without EMBEDDING_MODEL there is no default: vectors of a model that happened to run would bind the data to it.
    embedder: (id = config.embeddingModel) =>
      id === undefined ? undefined : (models.embedding.get(id) ?? models.embedding.get(`${id}:latest`)),
    reranker: (id = config.rerankModel) => (id === undefined ? undefined : models.rerank.get(id)),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    summary(lang) {
      const chat = byDefault();
      const placeOf = (model: string, kind: Offer['type']) =>
        ofEnvironment.offers().find(({ id, type }) => type === kind && id === model)?.place;
      const { embeddingModel, rerankModel } = config;
      const rerankPlace = rerankModel && placeOf(rerankModel, 'rerank');
      return describe(lang, chat.id, placeOf(chat.id, 'llm'), embeddingModel, rerankModel, rerankPlace);
    },
    close: () => ofEnvironment.close(),
  };
}

function build(offers: readonly Offer[], countTokens: RegistryOptions['countTokens']): Models {
  const models: Models = { chat: new Map(), embedding: new Map(), rerank: new Map() };
  for (const { id, type, provider, client, embedder, reranker } of offers) {
    // The first of a name wins: what the settings name stands before what was found.
    if (type === 'llm' && client && !models.chat.has(id))
      models.chat.set(id, createChatModel(client, { id, provider, ...size, countTokens }));
    const embeds = embedder ?? (client && createEmbedder(client, { id, countTokens }));
    if (type === 'embedding' && embeds && !models.embedding.has(id)) models.embedding.set(id, embeds);
    const ranks = reranker ?? (client && createReranker(client, { id }));
    if (type === 'rerank' && ranks && !models.rerank.has(id)) models.rerank.set(id, ranks);
  }
  return models;
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
  chat: string,
  chatPlace: string | undefined,
  embedding: string | undefined,
  reranker: string | undefined,
  rerankPlace: string | undefined,
): string[] {
  const t = summaryTexts[lang];
  return [
    t.chat + chat + t.from(chatPlace ?? t.builtin),
    t.embedding + (embedding ?? t.none),
    ...(reranker && rerankPlace ? [t.rerank + reranker + t.from(rerankPlace)] : []),
  ];
}
