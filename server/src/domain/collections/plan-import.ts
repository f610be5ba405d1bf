import type { ChunkSettings } from '../../retrieval/ports.ts';
import type { DatasetRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import {
  type ChunkParams,
  chunkSettings,
  type ModelLimit,
  refuseBadPattern,
  refuseUnavailable,
} from './params.ts';

/** What the parameters of a new collection come to in its dataset. */
export interface ImportPlan {
  settings: ChunkSettings;
}

/** Least that a language model is taken to read, in tokens. */
const leastChunk = 2_000;

/** Decides how a text becomes data items; refuses parameters that nothing can be made of, naming the field. */
export async function planImport(
  app: Pick<App, 'parser' | 'models'>,
  caller: Caller,
  dataset: Pick<DatasetRow, 'agentModel'>,
  params: ChunkParams,
): Promise<ImportPlan> {
  refuseUnavailable(params);
  await refuseBadPattern(app, params);
  return { settings: chunkSettings(params, modelLimit(app, caller, dataset)) };
}

function modelLimit(
  { models }: Pick<App, 'models'>,
  caller: Caller,
  dataset: Pick<DatasetRow, 'agentModel'>,
): ModelLimit {
  const { model } = models.chat(dataset.agentModel ?? undefined, caller);
  return { maxChunk: Math.max(leastChunk, model.contextTokens - model.maxOutputTokens) };
}
