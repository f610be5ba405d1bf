import type { InputOf, OutputOf } from '@lectern/contract/endpoint.ts';
import type { evaluationEndpoints } from '@lectern/contract/evaluations.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import { evaluateKind } from '../../jobs/evaluate.ts';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { OtherIndex } from '../../retrieval/ports.ts';
import { toJson } from '../../store/json.ts';
import type { DatasetRow, EvaluationRow } from '../../store/schema.ts';
import type { App, Caller } from '../context.ts';
import { requireContentDataset } from '../datasets/queries.ts';
import { authorize } from '../policy.ts';
import { presentEvaluation } from './present.ts';
import { areQuestionsOf, nextIndexOf, questionsOf } from './run-evaluation.ts';
import type { EvaluationSetting } from './values.ts';

type Input = InputOf<typeof evaluationEndpoints.evaluate>;
type Answer = OutputOf<typeof evaluationEndpoints.evaluate>;
type Given = Input['settings'][number];

/** Tokens; as in a search test. */
const defaultLimit = 5000;
const maxLimit = 20_000;

/** Begins an evaluation as a job. */
export async function startEvaluation(
  app: Pick<App, 'store' | 'jobs' | 'models'>,
  caller: Caller,
  input: Input,
  lang: Lang,
): Promise<Answer> {
  authorize(caller, 'dataset:write');
  const { teamId, memberId } = caller;
  const { db } = app.store;
  const dataset = await requireContentDataset(db, teamId, input.datasetId);
  if (
    input.questionIds &&
    !(await areQuestionsOf(db, { teamId, datasetId: dataset.id }, input.questionIds))
  ) {
    throw fail('savedQuestionNotFound', { param: 'questionIds' });
  }
  for (const setting of input.settings) refuseModels(app, caller, setting);
  const next = await nextIndexOf(db, { teamId, datasetId: dataset.id });
  if (!next && input.settings.some(({ index }) => index === 'next')) throw noNextIndex();
  const row: EvaluationRow = {
    id: newId(),
    teamId,
    datasetId: dataset.id,
    memberId,
    keyId: caller.kind === 'session' ? null : caller.keyId,
    name: input.name ?? '',
    settings: toJson(input.settings.map((setting, place) => withDefaults(setting, place, { dataset, next }))),
    questionIds: input.questionIds ? toJson(input.questionIds) : null,
    rebuildId: null,
    summary: null,
    createTime: Date.now(),
    endTime: null,
  };
  if ((await questionsOf(db, row)).length === 0) throw fail('noQuestions', { param: 'datasetId' });
  await db.insertInto('evaluations').values(row).execute();
  await app.jobs.enqueueOnce(row.id, { kind: evaluateKind, teamId, datasetId: dataset.id, payload: {} });
  return await presentEvaluation(app, row, lang);
}

function noNextIndex() {
  const details = {
    en: 'index: no second index of this dataset is being built',
    zh: 'index：该知识库没有正在建立的第二个索引',
  };
  return fail('validation', { params: { details }, param: 'index' });
}

/** A model that the caller may not use, or that nobody knows, would only fail later. */
function refuseModels({ models }: Pick<App, 'models'>, caller: Caller, setting: Given): void {
  const { rerankModel, datasetSearchExtensionModel: chat } = setting;
  if (setting.usingReRank && rerankModel && !models.reranker(rerankModel, caller)) {
    throw fail('modelNotFound', { params: { model: rerankModel }, param: 'rerankModel' });
  }
  if (setting.datasetSearchUsingExtensionQuery && chat && models.chat(chat, caller).fellBack) {
    throw fail('modelNotFound', { params: { model: chat }, param: 'datasetSearchExtensionModel' });
  }
}

interface Indexes {
  dataset: DatasetRow;
  next: OtherIndex | undefined;
}

function withDefaults(given: Given, place: number, { dataset, next }: Indexes): EvaluationSetting {
  const searchMode = given.searchMode ?? 'embedding';
  return {
    name: given.name?.trim() || `${place + 1}: ${searchMode}`,
    searchMode,
    embeddingWeight: given.embeddingWeight ?? 0.5,
    usingReRank: given.usingReRank ?? false,
    ...(given.rerankModel && { rerankModel: given.rerankModel }),
    rerankWeight: given.rerankWeight ?? 0.5,
    limit: Math.min(Math.floor(given.limit ?? defaultLimit), maxLimit),
    similarity: given.similarity ?? 0,
    datasetSearchUsingExtensionQuery: given.datasetSearchUsingExtensionQuery ?? false,
    ...(given.datasetSearchExtensionModel && {
      datasetSearchExtensionModel: given.datasetSearchExtensionModel,
    }),
    ...(given.datasetSearchExtensionBg && { datasetSearchExtensionBg: given.datasetSearchExtensionBg }),
    index: given.index ?? 'current',
    vectorModel: (given.index === 'next' ? next?.model : dataset.vectorModel) ?? 'builtin-keyword',
  };
}
