import { fail } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/logger.ts';
import { createLane, type Lane, LaneFailure } from '../../kernel/worker/lane.ts';
import { childProcess } from '../../kernel/worker/launch.ts';
import { findLocalModels, runtimeOf } from '../local/folder.ts';
import type { LocalCalls, LocalModel } from '../local/protocol.ts';
import { broken, tooBig } from '../local/texts.ts';
import type { Embedder, Reranker } from '../ports.ts';
import { createBatchEmbedder } from './embedding-batches.ts';

/** Texts of one call: others, such as a question that somebody waits for, get their turn in between. */
const batchSize = 16;

/** Models that run in this installation, from a folder that the operator names. Nothing is ever downloaded. */
export interface LocalModels {
  readonly embedders: readonly Embedder[];
  readonly rerankers: readonly Reranker[];
  close(): Promise<void>;
}

/**
 * Reads the folder at once; a model is loaded at its first call. Models run in a child process, not in a thread: they
 * cross into native code, where a fault would end the server too, and a process gives their memory back when it is idle.
 */
export function createLocalModels(options: {
  /** One folder for each model, and `runtime`. */
  directory: string;
  log: Logger;
  /** Longest time of one call, in milliseconds; the first loads the model. */
  timeoutMs: number;
  /** Most memory of the heap, in MB; the model and its numbers may take as much again. */
  memoryLimitMb?: number;
  /** The process ends after so long without a call, in milliseconds. */
  idleMs?: number;
}): LocalModels {
  const { directory, log, timeoutMs, memoryLimitMb = 3072, idleMs = 300_000 } = options;
  const { models, unusable } = findLocalModels(directory);
  for (const { id, file, reason } of unusable)
    log.warn({ model: id, file, reason }, 'a local model is left out: its file cannot be used');
  const found = { directory, models: models.map(({ id }) => id) };
  if (models.length > 0) log.info(found, 'local models found');
  else log.warn(found, 'no local models found');
  const runtime = runtimeOf(directory);
  const lane = createLane<LocalCalls>({
    name: 'local models',
    launch: childProcess(new URL('../local/worker.ts', import.meta.url), { memoryLimitMb }),
    log,
    timeLimitMs: timeoutMs,
    idleMs,
    // Loading it again would take longer than to finish a batch that nobody waits for.
    endOnAbort: false,
  });
  const ask: Lane<LocalCalls>['run'] = async (call, input, callOptions) => {
    try {
      return await lane.run(call, input, callOptions);
    } catch (error) {
      if (!(error instanceof LaneFailure)) throw error;
      const model = input.model.id;
      if (error.reason === 'slow')
        throw fail('modelTimeout', { params: { model, seconds: Math.ceil(timeoutMs / 1000) }, cause: error });
      const details = error.reason === 'memory' ? tooBig : broken;
      throw fail('modelFailed', { params: { model, details }, cause: error });
    }
  };
  const ofType = (type: LocalModel['type']) => models.filter((model) => model.type === type);
  return {
    embedders: ofType('embedding').map((model) => embedderOf(model, runtime, ask)),
    rerankers: ofType('rerank').map((model) => rerankerOf(model, runtime, ask)),
    close: () => lane.close(),
  };
}

function embedderOf(model: LocalModel, runtime: string, ask: Lane<LocalCalls>['run']): Embedder {
  const { id, maxTokens, dimensions } = model;
  const facts = { id, maxTokens, ...(dimensions !== undefined && { dimensions }) };
  return createBatchEmbedder(facts, batchSize, (texts, { kind, signal }) =>
    ask('embed', { runtime, model, texts: texts.map((text) => model.prefixes[kind] + text) }, { signal }),
  );
}

function rerankerOf(model: LocalModel, runtime: string, ask: Lane<LocalCalls>['run']): Reranker {
  return {
    id: model.id,
    name: model.id,
    async rerank(query, documents, { signal }) {
      const scores: number[] = [];
      let tokens = 0;
      for (let at = 0; at < documents.length; at += batchSize) {
        const part = documents.slice(at, at + batchSize);
        const done = await ask('rerank', { runtime, model, query, documents: part }, { signal });
        scores.push(...done.scores);
        tokens += done.tokens;
      }
      return { scores, usage: { inputTokens: tokens, outputTokens: 0, estimated: false } };
    },
  };
}
