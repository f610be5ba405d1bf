import type { Kysely } from 'kysely';
import type { JobTools } from '../../jobs/job.ts';
import { AppError } from '../../kernel/errors.ts';
import type { ModelUser } from '../../models/configured.ts';
import type { OtherIndex, SearchRequest } from '../../retrieval/ports.ts';
import { fromJson, toJson } from '../../store/json.ts';
import type { Database, EvaluationRow, SavedQuestionRow } from '../../store/schema.ts';
import { namesOfCollections } from '../collections/queries.ts';
import type { App } from '../context.ts';
import { latestRebuild } from '../embedding-rebuild/queries.ts';
import { dataOf, expectedOf } from '../saved-questions/queries.ts';
import { inBatches } from '../tree.ts';
import { cutoff, judge, type Wanted } from './metrics.ts';
import { summarize } from './summarize.ts';
import type { EvaluationSetting, QuestionResult } from './values.ts';

export type EvaluationApp = Pick<App, 'store' | 'search' | 'keyUsage'>;

/** Passages that are kept of what was found. */
const passages = 10;

/**
 * Asks every saved question with every setting, writes down what was found, and at last the means. What was asked
 * before a stop is not asked again. A search that fails because the model is down fails the job, which tries again.
 */
export async function runEvaluation(
  app: EvaluationApp,
  evaluation: EvaluationRow,
  tools: JobTools,
): Promise<void> {
  const { db } = app.store;
  const settings = fromJson<EvaluationSetting[]>(evaluation.settings, []);
  const questions = await questionsOf(db, evaluation);
  const known = await knownResults(db, evaluation.id);
  const user = await userOf(db, evaluation);
  const next = await nextIndexOf(db, evaluation);
  const total = questions.length * settings.length;
  let done = known.size;
  for (const { row, wanted } of questions) {
    for (const [place, setting] of settings.entries()) {
      if (known.has(`${row.id} ${place}`)) continue;
      tools.signal.throwIfAborted();
      const result = await ask(app, { evaluation, setting, user, next }, { row, wanted }, tools.signal);
      if (evaluation.keyId && result.points > 0) app.keyUsage.addPoints(evaluation.keyId, result.points);
      await db
        .insertInto('evaluation_results')
        .values({
          evaluationId: evaluation.id,
          setting: place,
          questionId: row.id,
          teamId: evaluation.teamId,
          question: row.question,
          hit: result.rank !== null && result.rank <= cutoff ? 1 : 0,
          rank: result.rank,
          ndcg: result.ndcg,
          failed: result.error ? 1 : 0,
          result: toJson(result),
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      done += 1;
      tools.progress({
        stage: 'ask',
        percent: (100 * done) / Math.max(1, total),
        counts: { asked: done, total },
        done: { amount: done, unit: 'items' },
      });
    }
  }
  await finish(db, evaluation, settings.length);
}

async function finish(db: Kysely<Database>, { id, teamId }: EvaluationRow, settings: number): Promise<void> {
  const summaries = [];
  for (let setting = 0; setting < settings; setting += 1) {
    const rows = await db
      .selectFrom('evaluation_results')
      .select('result')
      .where('teamId', '=', teamId)
      .where('evaluationId', '=', id)
      .where('setting', '=', setting)
      .execute();
    summaries.push(summarize(rows.map(({ result }) => fromJson(result, {} as QuestionResult))));
  }
  await db
    .updateTable('evaluations')
    .set({ summary: toJson(summaries), endTime: Date.now() })
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .execute();
}

interface Question {
  row: SavedQuestionRow;
  wanted: Wanted;
}

/** The questions with what of their expectations still exists; those of which nothing does say nothing. */
export async function questionsOf(
  db: Kysely<Database>,
  { teamId, datasetId, questionIds }: Pick<EvaluationRow, 'teamId' | 'datasetId' | 'questionIds'>,
): Promise<Question[]> {
  const only = questionIds ? new Set(fromJson<string[]>(questionIds, [])) : undefined;
  const rows = await db
    .selectFrom('saved_questions')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .orderBy('id')
    .execute();
  const asked = rows.filter(({ id }) => only === undefined || only.has(id));
  const expected = asked.map(expectedOf);
  const dataset = { teamId, id: datasetId };
  const [data, collections] = [
    await dataOf(
      db,
      dataset,
      expected.flatMap(({ dataIds }) => dataIds),
    ),
    await namesOfCollections(
      db,
      dataset,
      expected.flatMap(({ collectionIds }) => collectionIds),
    ),
  ];
  return asked.flatMap((row, i) => {
    const dataIds = new Set(expected[i]?.dataIds.filter((id) => data.has(id)));
    // A passage says more than the collection it is in.
    const within = new Set([...dataIds].map((id) => data.get(id)));
    const collectionIds = new Set(
      expected[i]?.collectionIds.filter((id) => collections.has(id) && !within.has(id)),
    );
    return dataIds.size + collectionIds.size > 0 ? [{ row, wanted: { dataIds, collectionIds } }] : [];
  });
}

async function knownResults(db: Kysely<Database>, evaluationId: string): Promise<Set<string>> {
  const rows = await db
    .selectFrom('evaluation_results')
    .select(['questionId', 'setting'])
    .where('evaluationId', '=', evaluationId)
    .execute();
  return new Set(rows.map(({ questionId, setting }) => `${questionId} ${setting}`));
}

/** Models are called as whoever asked for the evaluation, with the role that they have now. */
async function userOf(db: Kysely<Database>, { teamId, memberId }: EvaluationRow): Promise<ModelUser> {
  const member = await db
    .selectFrom('members')
    .select('role')
    .where('teamId', '=', teamId)
    .where('id', '=', memberId)
    .executeTakeFirst();
  return { teamId, memberId, role: member?.role ?? 'viewer' };
}

interface Asker {
  evaluation: EvaluationRow;
  setting: EvaluationSetting;
  user: ModelUser;
  next: OtherIndex | undefined;
}

/** The index that is being built beside the one that answers, once it has vectors. */
export async function nextIndexOf(
  db: Kysely<Database>,
  { teamId, datasetId }: Pick<EvaluationRow, 'teamId' | 'datasetId'>,
): Promise<OtherIndex | undefined> {
  const rebuild = await latestRebuild(db, { teamId, datasetId });
  if (!rebuild || rebuild.dimensions === null) return undefined;
  if (rebuild.state !== 'comparing' && rebuild.state !== 'ready') return undefined;
  const { model, dimensions, bestEmbeddingWeight: bestWeight } = rebuild;
  return { model, dimensions, bestWeight };
}

async function ask(
  { search }: EvaluationApp,
  { evaluation, setting, user, next }: Asker,
  { row, wanted }: Question,
  signal: AbortSignal,
): Promise<QuestionResult> {
  const nothing = { rank: null, ndcg: 0, found: [], inputTokens: 0, outputTokens: 0, points: 0 };
  const began = performance.now();
  try {
    const { quotes, ...said } = await search.search(
      {
        ...requestOf(evaluation, setting, user, row.question),
        ...(setting.index === 'next' && next && { otherIndex: next }),
      },
      { signal },
    );
    const { places, ...judged } = judge(quotes, wanted);
    const expected = new Set(places);
    return {
      ...judged,
      found: quotes.slice(0, passages).map((quote, place) => ({
        id: quote.id,
        collectionId: quote.collectionId,
        sourceName: quote.sourceName,
        score: quote.score[0]?.value ?? 0,
        expected: expected.has(place),
      })),
      searchMode: said.mode,
      durationMs: said.durationMs,
      inputTokens: said.embeddingTokens + said.rerankTokens + (said.extension?.inputTokens ?? 0),
      outputTokens: said.extension?.outputTokens ?? 0,
      points: said.points,
      ...(said.notice && { notice: said.notice }),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError) || error.status >= 500 || error.status === 429) throw error;
    const durationMs = Math.round(performance.now() - began);
    return { ...nothing, durationMs, error: { en: error.text('en'), zh: error.text('zh') } };
  }
}

function requestOf(
  { teamId, datasetId }: EvaluationRow,
  setting: EvaluationSetting,
  user: ModelUser,
  query: string,
): SearchRequest {
  const { datasetSearchExtensionModel: model, datasetSearchExtensionBg: background } = setting;
  return {
    teamId,
    user,
    datasetIds: [datasetId],
    query,
    limit: setting.limit,
    similarity: setting.similarity,
    mode: setting.searchMode,
    embeddingWeight: setting.embeddingWeight,
    usingReRank: setting.usingReRank,
    ...(setting.rerankModel && { rerankModel: setting.rerankModel }),
    rerankWeight: setting.rerankWeight,
    ...(setting.datasetSearchUsingExtensionQuery && {
      extension: { ...(model && { model }), ...(background && { background }) },
    }),
  };
}

/** The evaluation of this id, if it still exists and its dataset does. */
export async function findEvaluation(
  db: Kysely<Database>,
  teamId: string,
  id: string,
): Promise<EvaluationRow | undefined> {
  return await db
    .selectFrom('evaluations')
    .innerJoin('datasets', 'datasets.id', 'evaluations.datasetId')
    .selectAll('evaluations')
    .where('evaluations.teamId', '=', teamId)
    .where('evaluations.id', '=', id)
    .where('datasets.deletedTime', 'is', null)
    .executeTakeFirst();
}

/** Whether any of the saved questions that are named is not of this dataset. */
export async function areQuestionsOf(
  db: Kysely<Database>,
  { teamId, datasetId }: { teamId: string; datasetId: string },
  ids: readonly string[],
): Promise<boolean> {
  let known = 0;
  for (const batch of inBatches([...new Set(ids)])) {
    const rows = await db
      .selectFrom('saved_questions')
      .select('id')
      .where('teamId', '=', teamId)
      .where('datasetId', '=', datasetId)
      .where('id', 'in', batch)
      .execute();
    known += rows.length;
  }
  return known === new Set(ids).size;
}
