import type { Usage } from '@lectern/contract/stream.ts';
import type { Logger } from '../../kernel/logger.ts';
import { type FailureKind, failureKind, isWorthAnother, providerFailureOf } from '../failure-kind.ts';
import type { CallOptions, Embedder, Reranker } from '../ports.ts';
import { inOrder, type Ranked } from './order.ts';
import type { Rests } from './rests.ts';

/** A channel with the model it reaches. */
export interface Route<M> extends Ranked {
  /** Its id; `environment` for what the settings name. */
  channel: string;
  /** Its name, for people; absent for what the settings name. */
  name?: string;
  model: M;
}

/** How one call of a model on one channel went. */
export interface CallOutcome {
  model: string;
  channel: string;
  failure?: FailureKind;
  /** To the first part of an answer, or to the whole of what is no stream. */
  latencyMs: number;
  usage?: Usage;
}

/** What every routed call works with. */
export interface Routing {
  rests: Rests;
  log: Logger;
  /** Told of each call, on the way: must be quick. */
  onCall(outcome: CallOutcome): void;
}

/** Remembers a failure, and says whether another channel may be asked. Anything but a provider's fault may not. */
export function noteFailure(
  routing: Routing,
  route: Route<unknown>,
  call: { model: string; startedAt: number; signal: AbortSignal },
  error: unknown,
): boolean {
  if (call.signal.aborted) return false;
  const kind = failureKind(error);
  if (kind === undefined) return false;
  const { model } = call;
  routing.onCall({
    model,
    channel: route.channel,
    failure: kind,
    latencyMs: performance.now() - call.startedAt,
  });
  if (!isWorthAnother(kind)) return false;
  routing.rests.failed(route.key, kind, providerFailureOf(error)?.retryAfterMs);
  if (route.name !== undefined)
    routing.log.warn({ model, channel: route.name, failure: kind }, 'a channel failed');
  return true;
}

/**
 * Tries for one call: a channel that has others behind it is asked once, because asking the next is better than
 * waiting; the last one is asked as often as a channel that is alone.
 */
export const attemptsOf = (routes: readonly unknown[], at: number): Pick<CallOptions, 'attempts'> =>
  at < routes.length - 1 ? { attempts: 1 } : {};

/** Calls one channel after the other until one answers. Throws what the last one said. */
async function overChannels<M, T>(
  routing: Routing,
  model: string,
  routes: readonly Route<M>[],
  signal: AbortSignal,
  call: (model: M, options: CallOptions) => Promise<T>,
  usageOf?: (answer: T) => Usage,
): Promise<T> {
  const order = inOrder(routes, routing.rests);
  let last: unknown;
  for (const [at, route] of order.entries()) {
    const startedAt = performance.now();
    try {
      const answer = await call(route.model, { signal, ...attemptsOf(order, at) });
      routing.rests.succeeded(route.key);
      const latencyMs = performance.now() - startedAt;
      const usage = usageOf?.(answer);
      routing.onCall({ model, channel: route.channel, latencyMs, ...(usage && { usage }) });
      return answer;
    } catch (error) {
      last = error;
      if (!noteFailure(routing, route, { model, startedAt, signal }, error)) throw error;
    }
  }
  throw last;
}

/** An embedding model over all of its channels. */
export function routeEmbedder(
  facts: Pick<Embedder, 'id' | 'name' | 'maxTokens' | 'price'> & { dimensions?: number },
  routes: readonly Route<Embedder>[],
  routing: Routing,
): Embedder {
  const { id, name, maxTokens, price } = facts;
  return {
    id,
    name,
    maxTokens,
    ...(price && { price }),
    get dimensions() {
      const known = routes.find(({ model }) => model.dimensions !== undefined);
      return facts.dimensions ?? known?.model.dimensions;
    },
    embed: (texts, { signal, kind, longestPauseMs }) =>
      overChannels(
        routing,
        id,
        routes,
        signal,
        (model, options) =>
          model.embed(texts, { ...options, kind, ...(longestPauseMs !== undefined && { longestPauseMs }) }),
        ({ usage }) => usage,
      ),
  };
}

/** A rerank model over all of its channels. */
export function routeReranker(
  { id, name, price }: Pick<Reranker, 'id' | 'name' | 'price'>,
  routes: readonly Route<Reranker>[],
  routing: Routing,
): Reranker {
  return {
    id,
    name,
    ...(price && { price }),
    rerank: (query, documents, { signal }) =>
      overChannels(
        routing,
        id,
        routes,
        signal,
        (model, options) => model.rerank(query, documents, options),
        ({ usage }) => usage,
      ),
  };
}
