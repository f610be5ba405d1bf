import type { CallOptions, ChatModel, ChatPart, ChatRequest } from '../ports.ts';
import { attemptsOf, noteFailure, type Route, type Routing } from './call.ts';
import { inOrder } from './order.ts';

/** A chat model over all of its channels. */
export function routeChatModel(
  facts: Omit<ChatModel, 'stream'>,
  routes: readonly Route<ChatModel>[],
  routing: Routing,
): ChatModel {
  return {
    ...facts,
    stream: (request, options) => new RoutedAnswer(facts.id, routes, routing, request, options),
  };
}

/**
 * The answer of the first channel that begins one. Another channel is asked only while nothing has reached the
 * reader: an answer that broke off is not begun again. From the first part on every piece goes through as it is.
 */
class RoutedAnswer implements AsyncIterableIterator<ChatPart> {
  readonly #model: string;
  readonly #routing: Routing;
  readonly #request: ChatRequest;
  readonly #options: CallOptions;
  readonly #order: readonly Route<ChatModel>[];
  #answer: AsyncIterator<ChatPart> | undefined;
  #route: Route<ChatModel> | undefined;
  #startedAt = 0;
  #latencyMs = 0;
  #begun = false;
  #left = false;
  #ended = false;

  constructor(
    model: string,
    routes: readonly Route<ChatModel>[],
    routing: Routing,
    request: ChatRequest,
    options: CallOptions,
  ) {
    this.#model = model;
    this.#routing = routing;
    this.#request = request;
    this.#options = options;
    this.#order = inOrder(routes, routing.rests);
  }

  next(): Promise<IteratorResult<ChatPart>> {
    if (this.#ended) return Promise.resolve({ value: undefined, done: true });
    if (!this.#begun || !this.#answer) return this.#begin();
    return this.#answer.next().then(this.#pass, this.#brokeOff);
  }

  async return(): Promise<IteratorResult<ChatPart>> {
    this.#left = true;
    this.#end();
    await this.#answer?.return?.();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #begin(): Promise<IteratorResult<ChatPart>> {
    let last: unknown;
    for (const [at, route] of this.#order.entries()) {
      this.#route = route;
      this.#startedAt = performance.now();
      const options = { ...this.#options, ...attemptsOf(this.#order, at) };
      try {
        const answer = route.model.stream(this.#request, options)[Symbol.asyncIterator]();
        this.#answer = answer;
        const first = await answer.next();
        this.#begun = true;
        this.#latencyMs = performance.now() - this.#startedAt;
        return this.#pass(first);
      } catch (error) {
        last = error;
        if (this.#left || !this.#noteFailure(error)) break;
      }
    }
    this.#ended = true;
    throw last;
  }

  /** Fields rather than methods: one function for all parts instead of a new one for each. */
  readonly #pass = (result: IteratorResult<ChatPart>): IteratorResult<ChatPart> => {
    if (result.done || result.value.type !== 'finish') {
      if (result.done) this.#end();
      return result;
    }
    this.#ended = true;
    const route = this.#route as Route<ChatModel>;
    this.#routing.rests.succeeded(route.key);
    this.#routing.onCall({
      model: this.#model,
      channel: route.channel,
      latencyMs: this.#latencyMs,
      usage: result.value.usage,
    });
    if (route.name === undefined) return result;
    return { value: { ...result.value, channel: route.name }, done: false };
  };

  readonly #brokeOff = (error: unknown): never => {
    this.#ended = true;
    this.#noteFailure(error);
    throw error;
  };

  #noteFailure(error: unknown): boolean {
    const call = { model: this.#model, startedAt: this.#startedAt, signal: this.#options.signal };
    return noteFailure(this.#routing, this.#route as Route<ChatModel>, call, error);
  }

  /** Left before the end: it was a call all the same, and nobody's fault. */
  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    const { channel } = this.#route ?? {};
    if (channel === undefined || !this.#begun) return;
    this.#routing.onCall({ model: this.#model, channel, latencyMs: this.#latencyMs });
  }
}
