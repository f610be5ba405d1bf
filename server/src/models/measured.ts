import { AppError } from '../kernel/errors.ts';
import type { Metrics, ModelCall } from '../kernel/metrics.ts';
import type { ChatModel, ChatPart, Embedder, ModelRegistry, Reranker } from './ports.ts';

type Report = (call: Omit<ModelCall, 'model' | 'kind'>) => void;

/** What went wrong with a call, in the words of the catalogue. */
function outcomeOf(thrown: unknown, signal: AbortSignal): string {
  // Who waited no longer is not who left.
  const late = signal.reason instanceof AppError && signal.reason.errorName === 'modelTimeout';
  if (signal.aborted) return late ? 'modelTimeout' : 'aborted';
  return thrown instanceof AppError ? thrown.errorName : 'internal';
}

async function timed<T>(
  report: Report,
  signal: AbortSignal,
  work: () => Promise<T>,
  tokensOf: (answer: T) => number,
): Promise<T> {
  const started = performance.now();
  try {
    const answer = await work();
    report({ outcome: 'ok', ms: performance.now() - started, inputTokens: tokensOf(answer) });
    return answer;
  } catch (thrown) {
    report({ outcome: outcomeOf(thrown, signal), ms: performance.now() - started });
    throw thrown;
  }
}

/** Passes an answer on and reports it once, also when its reader stops in the middle. */
async function* timedParts(
  parts: AsyncIterable<ChatPart>,
  report: Report,
  signal: AbortSignal,
): AsyncGenerator<ChatPart> {
  const started = performance.now();
  let firstMs: number | undefined;
  let outcome = 'aborted';
  let usage = { inputTokens: 0, outputTokens: 0 };
  try {
    for await (const part of parts) {
      if (part.type !== 'start') firstMs ??= performance.now() - started;
      if (part.type === 'finish') {
        usage = part.usage;
        outcome = 'ok';
      }
      yield part;
    }
  } catch (thrown) {
    outcome = outcomeOf(thrown, signal);
    throw thrown;
  } finally {
    const { inputTokens, outputTokens } = usage;
    report({ outcome, ms: performance.now() - started, firstMs, inputTokens, outputTokens });
  }
}

/** The same model with some of its functions replaced; everything else, also what changes, is the model's own. */
function replaced<M extends object>(model: M, functions: Partial<M>): M {
  return Object.assign(Object.create(model) as M, functions);
}

/** The same models, each call of which is counted. */
export function measuredModels<R extends ModelRegistry>(registry: R, metrics: Metrics): R {
  const made = new WeakMap<object, object>();
  /** One counted model for each model, however often it is asked for. */
  const once = <M extends object>(model: M, make: (model: M) => M): M => {
    const known = made.get(model) ?? make(model);
    made.set(model, known);
    return known as M;
  };
  const report =
    (model: string, kind: ModelCall['kind']): Report =>
    (call) =>
      metrics.modelCall({ model, kind, ...call });

  const chat = (model: ChatModel) =>
    once(model, () =>
      replaced(model, {
        stream: (request, options) =>
          timedParts(model.stream(request, options), report(model.id, 'chat'), options.signal),
      }),
    );
  const embedder = (model: Embedder) =>
    once(model, () =>
      replaced(model, {
        embed: (texts, options) =>
          timed(
            report(model.id, 'embedding'),
            options.signal,
            () => model.embed(texts, options),
            ({ usage }) => usage.inputTokens,
          ),
      }),
    );
  const reranker = (model: Reranker) =>
    once(model, () =>
      replaced(model, {
        rerank: (query, documents, options) =>
          timed(
            report(model.id, 'rerank'),
            options.signal,
            () => model.rerank(query, documents, options),
            ({ usage }) => usage.inputTokens,
          ),
      }),
    );
  return replaced<ModelRegistry>(registry, {
    chatModels: (user) => registry.chatModels(user).map(chat),
    chat(id, user) {
      const found = registry.chat(id, user);
      return { ...found, model: chat(found.model) };
    },
    vision(id, user) {
      const found = registry.vision(id, user);
      return found && chat(found);
    },
    embedder(id, user) {
      const found = registry.embedder(id, user);
      return found && embedder(found);
    },
    embedders: (user) => registry.embedders(user).map(embedder),
    reranker(id, user) {
      const found = registry.reranker(id, user);
      return found && reranker(found);
    },
    rerankers: (user) => registry.rerankers(user).map(reranker),
  }) as R;
}
