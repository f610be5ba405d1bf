import type { JobTools } from '../../jobs/job.ts';
import { newId } from '../../kernel/ids.ts';
import { fromJson, toJson } from '../../store/json.ts';
import type { EmbeddingRebuildRow, EvaluationRow } from '../../store/schema.ts';
import {
  type EvaluationApp,
  findEvaluation,
  questionsOf,
  runEvaluation,
} from '../evaluations/run-evaluation.ts';
import type { EvaluationSetting, SettingSummary } from '../evaluations/values.ts';

/** What the second index may lose in nDCG@10 and still count as not worse: less cannot be told from chance. */
const allowance = 0.02;

/**
 * Asks both indexes the saved questions of the dataset, by meaning and hybrid, and keeps the numbers as an evaluation.
 * Answers whether the second is worse; without questions nobody can say so.
 */
export async function compareIndexes(
  app: EvaluationApp,
  rebuild: EmbeddingRebuildRow,
  tools: JobTools,
): Promise<boolean> {
  const { db } = app.store;
  const { teamId, datasetId } = rebuild;
  if ((await questionsOf(db, { teamId, datasetId, questionIds: null })).length === 0) return false;
  const started = rebuild.evaluationId
    ? await findEvaluation(db, teamId, rebuild.evaluationId)
    : await newComparison(app, rebuild);
  if (!started) return false;
  if (started.endTime === null) await runEvaluation(app, started, tools);
  const done = await findEvaluation(db, teamId, started.id);
  const settings = fromJson<EvaluationSetting[]>(done?.settings ?? null, []);
  const summaries = fromJson<SettingSummary[]>(done?.summary ?? null, []);
  const bestOf = (index: EvaluationSetting['index']) =>
    Math.max(0, ...summaries.filter((_, i) => settings[i]?.index === index).map(({ ndcg }) => ndcg));
  return bestOf('next') < bestOf('current') - allowance;
}

async function newComparison({ store }: EvaluationApp, rebuild: EmbeddingRebuildRow): Promise<EvaluationRow> {
  const row: EvaluationRow = {
    id: newId(),
    teamId: rebuild.teamId,
    datasetId: rebuild.datasetId,
    memberId: rebuild.memberId,
    keyId: null,
    name: `${rebuild.otherModel} → ${rebuild.model}`,
    settings: toJson(settingsOf(rebuild)),
    questionIds: null,
    rebuildId: rebuild.id,
    summary: null,
    createTime: Date.now(),
    endTime: null,
  };
  await store.db.transaction().execute(async (trx) => {
    await trx.insertInto('evaluations').values(row).execute();
    await trx
      .updateTable('embedding_rebuilds')
      .set({ evaluationId: row.id })
      .where('teamId', '=', rebuild.teamId)
      .where('id', '=', rebuild.id)
      .execute();
  });
  return row;
}

function settingsOf({ model, otherModel }: EmbeddingRebuildRow): EvaluationSetting[] {
  const modes = ['embedding', 'mixedRecall'] as const;
  const indexes = [
    { index: 'current' as const, vectorModel: otherModel },
    { index: 'next' as const, vectorModel: model },
  ];
  return modes.flatMap((searchMode) =>
    indexes.map((which) => ({
      name: `${which.vectorModel}, ${searchMode}`,
      searchMode,
      embeddingWeight: 0.5,
      usingReRank: false,
      rerankWeight: 0.5,
      limit: 20_000,
      similarity: 0,
      datasetSearchUsingExtensionQuery: false,
      ...which,
    })),
  );
}
