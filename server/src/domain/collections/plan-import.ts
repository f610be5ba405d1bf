import type { Text } from '@lectern/contract/lang.ts';
import type { ImportPayload } from '../../jobs/import/deps.ts';
import { headingMode } from '../../jobs/import/headings/add-headings.ts';
import { languageModel, visionModel } from '../../jobs/training/models.ts';
import { fail } from '../../kernel/errors.ts';
import type { DatasetRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import {
  chunkSettings,
  type ModelLimit,
  qaSettings,
  refuseBadPattern,
  type TrainingParams,
  trainingOf,
} from './params.ts';

/** What is to be done with texts, beside cutting them. */
export interface TrainingPlan {
  trainingType: string;
  /** A model makes summary and question indexes for every data item. */
  autoIndexes: boolean;
  /** A model describes the pictures inside passages. */
  imageIndex: boolean;
  /** A model makes the data items, which takes its time. */
  byModel: boolean;
}

/** What the parameters of a new collection come to in its dataset. */
export interface ImportPlan extends TrainingPlan, Pick<ImportPayload, 'settings' | 'keyId'> {
  /** A model is asked before there are items: no call waits for that. */
  inBackground: boolean;
}

type PlanApp = Pick<App, 'models'>;
type Dataset = Pick<DatasetRow, 'agentModel' | 'vlmModel'>;

/** Least that a language model is taken to read, in tokens. */
const leastChunk = 2_000;

/**
 * Decides how a text becomes data items; refuses parameters that nothing can be made of, naming the field. Without a
 * caller it is the server itself that does something for the team.
 */
export async function planImport(
  app: PlanApp & Pick<App, 'parser'>,
  caller: Caller | undefined,
  dataset: Dataset,
  params: TrainingParams,
): Promise<ImportPlan> {
  const plan = planTraining(app, caller, dataset, params);
  await refuseBadPattern(app, params);
  const limit = modelLimit(app, caller, dataset);
  const settings = plan.byModel ? qaSettings(params, limit) : chunkSettings(params, limit);
  const headings = ['chunk', 'qa'].includes(plan.trainingType) && headingMode(params, settings) !== undefined;
  if (headings) requireLanguage(app, caller, dataset, 'paragraphChunkAIMode', 'paragraphChunkAIMode');
  const inBackground = plan.byModel || headings;
  return {
    ...plan,
    settings,
    inBackground,
    ...(caller && caller.kind !== 'session' && { keyId: caller.keyId }),
  };
}

/** The same for data that is cut already. */
export function planTraining(
  app: PlanApp,
  caller: Caller | undefined,
  dataset: Dataset,
  params: TrainingParams,
): TrainingPlan {
  const { trainingType, autoIndexes } = trainingOf(params);
  const byModel = trainingType === 'qa' || trainingType === 'imageParse';
  const imageIndex = params.imageIndex === true && !byModel;
  if (trainingType === 'imageParse' || imageIndex) {
    requireVision(app, caller, dataset, imageIndex ? 'imageIndex' : 'trainingType');
  }
  if (trainingType === 'qa') requireLanguage(app, caller, dataset, 'trainingType', 'trainingType: qa');
  if (autoIndexes) requireLanguage(app, caller, dataset, 'autoIndexes', 'autoIndexes');
  return { trainingType, autoIndexes, imageIndex, byModel };
}

/** Refuses at once what could only fail later. */
function requireLanguage(
  app: PlanApp,
  caller: Caller | undefined,
  dataset: Dataset,
  param: string,
  name: string,
): void {
  if (languageModel(app.models, dataset, caller)) return;
  const what: Text = { en: name, zh: `${name} ` };
  throw fail('languageModelNeeded', { params: { what }, param });
}

function requireVision(app: PlanApp, caller: Caller | undefined, dataset: Dataset, param: string): void {
  if (visionModel(app.models, dataset, caller)) return;
  const name = param === 'trainingType' ? 'trainingType: imageParse' : param;
  throw fail('visionModelNeeded', { params: { what: { en: name, zh: `${name} ` } }, param });
}

function modelLimit(
  { models }: Pick<App, 'models'>,
  caller: Caller | undefined,
  dataset: Dataset,
): ModelLimit {
  const { model } = models.chat(dataset.agentModel ?? undefined, caller);
  return { maxChunk: Math.max(leastChunk, model.contextTokens - model.maxOutputTokens) };
}
