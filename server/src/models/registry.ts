import type { Lang } from '@lectern/contract/lang.ts';
import type { Logger } from '../kernel/logger.ts';
import { createGuard, type Guard } from '../kernel/outbound-guard.ts';
import { type BuiltModel, buildModels } from './build.ts';
import type { CallOutcome, Routing } from './channels/call.ts';
import { createRests } from './channels/rests.ts';
import { type ModelUser, mayUse, type StoredModels } from './configured.ts';
import { createConnections } from './connections.ts';
import { findEnvironmentModels, type ModelSettings, type Offer } from './environment.ts';
import type { ChatModel, Embedder, ModelRegistry, Reranker } from './ports.ts';
import { createBuiltinExtractive } from './providers/builtin-extractive.ts';

export interface RegistryOptions {
  config: ModelSettings;
  log: Logger;
  countTokens(texts: string[]): Promise<number[]>;
  /** Checks every address that came by the API; the settings' own are not checked. */
  guard?: Guard;
  /** Told of each call of a model. */
  onCall?(outcome: CallOutcome): void;
  /** Pause between looks for models while none is known; 60 seconds by default. */
  lookAgainMs?: number;
}

export interface RunningRegistry extends ModelRegistry {
  /** Resolves after the first look for models in the background, found or not: at most a few seconds. */
  readonly looked: Promise<void>;
  /** Stops looking and closes all connections. */
  close(): Promise<void>;
}

const nothingStored: StoredModels = { models: [], channels: [], defaults: {}, trustedOrigins: [] };

/** Makes the models that the settings name, those found later, and those in the store. Never waits for the network. */
export function createModelRegistry(options: RegistryOptions): RunningRegistry {
  const { config, countTokens, log } = options;
  const builtin = createBuiltinExtractive({ countTokens });
  const listeners = new Set<() => void>();
  const rests = createRests();
  const routing: Routing = { rests, log, onCall: options.onCall ?? (() => undefined) };
  const guard = options.guard ?? createGuard();
  const connections = createConnections({ timeoutMs: config.modelTimeoutMs, guard });
  let stored = nothingStored;
  let models = new Map<string, BuiltModel>();
  let found: () => Offer[] = () => [];
  const rebuild = () => {
    models = buildModels(stored, found(), { connections, routing, countTokens });
    for (const listener of listeners) listener();
  };
  const environment = findEnvironmentModels({ config, log, ...look(options), onFound: () => rebuild() });
  found = environment.offers;
  rebuild();

  const visible = (user: ModelUser | undefined) =>
    [...models.values()].filter(({ access }) => mayUse(access, user));
  const named = (id: string | undefined, user: ModelUser | undefined): BuiltModel | undefined => {
    const model = id === undefined ? undefined : (models.get(id) ?? models.get(`${id}:latest`));
    return model && mayUse(model.access, user) ? model : undefined;
  };
  const chats = (user?: ModelUser) => present(visible(user).map(({ chat }) => chat));
  /** The chosen one; else the first name of CHAT_MODEL, wherever it runs; else whatever there is. */
  const byDefault = (user?: ModelUser): ChatModel => {
    const wanted = [stored.defaults.chat, ...config.chatModels];
    for (const id of wanted) {
      if (id === builtin.id) return builtin;
      const chat = named(id, user)?.chat;
      if (chat) return chat;
    }
    return chats(user)[0] ?? builtin;
  };
  const embedder = (id: string | undefined, user?: ModelUser) =>
    named(id ?? stored.defaults.embedding ?? config.embeddingModel, user)?.embedder;
  const reranker = (id: string | undefined, user?: ModelUser) =>
    named(id ?? stored.defaults.rerank ?? config.rerankModel, user)?.reranker;

  return {
    looked: environment.looked,
    chatModels(user) {
      const first = byDefault(user);
      return [first, ...[...chats(user), builtin].filter((model) => model !== first)];
    },
    chat(id, user) {
      const model = id === builtin.id ? builtin : named(id, user)?.chat;
      return { model: model ?? byDefault(user), fellBack: id !== undefined && !model };
    },
    vision(id, user) {
      const chosen = named(id, user)?.chat ?? named(stored.defaults.vision, user)?.chat;
      return chosen ?? [byDefault(user), ...chats(user)].find((model) => model.vision === true);
    },
    // Without a chosen one there is no default: vectors of a model that happened to run would bind the data to it.
    embedder,
    reranker,
    embedders: (user) => present(visible(user).map((model) => model.embedder)),
    rerankers: (user) => present(visible(user).map((model) => model.reranker)),
    found: () => environment.offers().map(({ id, type, provider, place }) => ({ id, type, provider, place })),
    channelState: (channel) => rests.state(stateOf(stored, channel)),
    configure(next) {
      stored = next;
      const states = new Set(statesOf(next));
      rebuild();
      connections.keepOnly(states);
      rests.keepOnly(states);
    },
    probe: (model, channel) =>
      (models.get(model)?.targets ?? []).filter((one) => channel === undefined || one.channel === channel),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    summary(lang) {
      const chat = byDefault();
      const place = chat === builtin ? undefined : placeOf(chat.id, environment.offers(), stored);
      const names = { embedder: embedder(undefined), reranker: reranker(undefined) };
      return describe(lang, chat, place, names, (id) => placeOf(id, environment.offers(), stored));
    },
    async close() {
      await Promise.all([environment.close(), connections.close()]);
    },
  };
}

const look = ({ lookAgainMs }: RegistryOptions) => (lookAgainMs === undefined ? {} : { lookAgainMs });

const present = <T>(values: readonly (T | undefined)[]): T[] => values.filter((value) => value !== undefined);

const stateOf = ({ channels }: StoredModels, id: string) =>
  channels.find((channel) => channel.id === id)?.state ?? '';

const statesOf = ({ channels, models }: StoredModels) => [
  ...channels.map(({ state }) => state),
  ...models.flatMap(({ direct }) => (direct ? [direct.state] : [])),
];

/** The provider's host or Ollama; of a model that somebody added the names of its channels. */
function placeOf(id: string, offers: readonly Offer[], { channels, models }: StoredModels): string {
  const serving = channels.filter((channel) => channel.models.some(({ model }) => model === id));
  const { direct } = models.find((model) => model.id === id) ?? {};
  if (direct) return new URL(direct.baseUrl).host;
  if (serving.length > 0) return serving.map(({ name }) => name).join(', ');
  return offers.find((offer) => offer.id === id)?.place ?? '';
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
  chatPlace: string | undefined,
  { embedder, reranker }: { embedder: Embedder | undefined; reranker: Reranker | undefined },
  place: (id: string) => string,
): string[] {
  const t = summaryTexts[lang];
  return [
    t.chat + chat.id + t.from(chatPlace ?? t.builtin),
    t.embedding + (embedder ? embedder.id + t.from(place(embedder.id)) : t.none),
    ...(reranker ? [t.rerank + reranker.id + t.from(place(reranker.id))] : []),
  ];
}
