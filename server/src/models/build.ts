import { type Route, type Routing, routeEmbedder, routeReranker } from './channels/call.ts';
import { routeChatModel } from './channels/chat.ts';
import type { Ranked } from './channels/order.ts';
import type {
  ConfiguredChannel,
  ConfiguredModel,
  ModelAccess,
  ModelType,
  StoredModels,
} from './configured.ts';
import type { Connections } from './connections.ts';
import { listModels, type Offer } from './environment.ts';
import type { OpenAiClient } from './openai-wire/client.ts';
import type { ChatModel, Embedder, ProbeTarget, Reranker } from './ports.ts';
import { type Makers, makers } from './providers/makers.ts';
import { type ChatModelFacts, type EmbedderFacts, shownFacts } from './providers/provider.ts';

/** A model ready to be called, and each of its channels alone. */
export interface BuiltModel {
  type: ModelType;
  access?: ModelAccess;
  chat?: ChatModel;
  embedder?: Embedder;
  reranker?: Reranker;
  targets: ProbeTarget[];
}

/** What all models of one building share. */
export interface BuildParts {
  connections: Connections;
  routing: Routing;
  countTokens(texts: string[]): Promise<number[]>;
}

/** Assumed of a model that nobody has described: small enough for every current one. */
const size = { contextTokens: 32_000, maxOutputTokens: 8_000 };

/** One way to a model. */
interface Way extends Ranked {
  channel: string;
  name?: string;
  enabled: boolean;
  wireName: string;
  client?: OpenAiClient;
  makers: Makers;
  /** Made already, where the model runs in this installation. */
  made?: Pick<Offer, 'embedder' | 'reranker'>;
}

type Facts = ChatModelFacts & Omit<EmbedderFacts, keyof ChatModelFacts>;

/** Every model by its id, whoever configured it; made once for each change, never for a request. */
export function buildModels(
  stored: StoredModels,
  offers: readonly Offer[],
  parts: BuildParts,
): Map<string, BuiltModel> {
  const built = new Map<string, BuiltModel>();
  const offered = new Map<string, Offer>();
  // The first of a name wins: what the settings name stands before what was found.
  for (const offer of offers) if (!offered.has(offer.id)) offered.set(offer.id, offer);
  const added = new Map(stored.models.map((model) => [model.id, model]));
  for (const offer of offered.values()) {
    if (added.has(offer.id)) continue;
    const facts = { id: offer.id, provider: offer.provider, ...size, countTokens: parts.countTokens };
    built.set(offer.id, assemble(offer.type, facts, [wayOfOffer(offer)], parts.routing));
  }
  for (const model of added.values()) {
    const facts = { ...model, countTokens: parts.countTokens };
    const ways = waysOf(model, stored, offered.get(model.id), parts.connections);
    const one = assemble(model.type, facts, ways, parts.routing);
    const { chat: _c, embedder: _e, reranker: _r, ...idle } = one;
    built.set(model.id, { ...(model.active ? one : idle), ...(model.access && { access: model.access }) });
  }
  return built;
}

/** The channels of a model; one that has none uses what the settings say of its name. */
function waysOf(
  model: ConfiguredModel,
  stored: StoredModels,
  offer: Offer | undefined,
  connections: Connections,
): Way[] {
  if (model.direct) return [wayOfDirect(model, model.direct, connections)];
  const ways = stored.channels.flatMap((channel) => {
    const served = channel.models.find((one) => one.model === model.id);
    return served ? [wayOfChannel(channel, served.wireName ?? model.id, connections)] : [];
  });
  if (ways.length > 0) return ways;
  return offer?.type === model.type ? [wayOfOffer(offer)] : [];
}

function wayOfOffer(offer: Offer): Way {
  const { id, client, embedder, reranker } = offer;
  return {
    key: `environment:${id}`,
    channel: 'environment',
    priority: 0,
    weight: 1,
    enabled: true,
    wireName: id,
    makers: makers.openai ?? {},
    ...(client && { client }),
    made: { ...(embedder && { embedder }), ...(reranker && { reranker }) },
  };
}

function wayOfChannel(channel: ConfiguredChannel, wireName: string, connections: Connections): Way {
  const { id, name, priority, weight, enabled, state, kind } = channel;
  return {
    key: state,
    channel: id,
    name,
    priority,
    weight,
    enabled,
    wireName,
    client: connections.of(channel),
    makers: makers[kind] ?? {},
  };
}

function wayOfDirect(
  model: ConfiguredModel,
  { baseUrl, credential, state }: NonNullable<ConfiguredModel['direct']>,
  connections: Connections,
): Way {
  return {
    key: state,
    channel: 'direct',
    priority: 0,
    weight: 1,
    enabled: true,
    wireName: model.id,
    client: connections.of({ id: state, kind: 'openai', baseUrl, credential, state }),
    makers: makers.openai ?? {},
  };
}

function assemble(type: ModelType, facts: Facts, ways: readonly Way[], routing: Routing): BuiltModel {
  const targets = ways.map((way) => targetOf(type, facts, way));
  const routes = <M>(pick: (target: ProbeTarget) => M | undefined): Route<M>[] =>
    ways.flatMap((way, at) => {
      const model = pick(targets[at] as ProbeTarget);
      return model && way.enabled ? [{ ...way, model }] : [];
    });
  const chats = routes(({ chat }) => chat);
  const embedders = routes(({ embedder }) => embedder);
  const rerankers = routes(({ reranker }) => reranker);
  const { id, name = id, dimensions, price } = facts;
  const embedderFacts = {
    id,
    name,
    maxTokens: embedders[0]?.model.maxTokens ?? 0,
    ...(dimensions && { dimensions }),
    ...(price && { price }),
  };
  return {
    type,
    targets,
    ...(chats.length > 0 && { chat: routeChatModel(shownFacts(facts), chats, routing) }),
    ...(embedders.length > 0 && { embedder: routeEmbedder(embedderFacts, embedders, routing) }),
    ...(rerankers.length > 0 && {
      reranker: routeReranker({ id, name, ...(price && { price }) }, rerankers, routing),
    }),
  };
}

/** The model on one channel. */
function targetOf(type: ModelType, given: Facts, way: Way): ProbeTarget {
  const { channel, name, wireName, client, made } = way;
  const facts = { ...given, wireName };
  return {
    channel,
    wireName,
    ...(name !== undefined && { name }),
    ...made,
    ...(client && type === 'llm' && way.makers.chat && { chat: way.makers.chat(client, facts) }),
    ...(client &&
      type === 'embedding' &&
      way.makers.embedding && { embedder: way.makers.embedding(client, facts) }),
    ...(client && type === 'rerank' && way.makers.rerank && { reranker: way.makers.rerank(client, facts) }),
    listModels: (signal) => {
      if (!client) throw new Error('there is no list');
      return listModels(client, given.id, signal);
    },
  };
}
