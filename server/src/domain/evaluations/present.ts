import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { evaluationEndpoints } from '@lectern/contract/evaluations.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { JobError } from '../../jobs/failure.ts';
import { fromJson } from '../../store/json.ts';
import type { EvaluationRow, JobRow } from '../../store/schema.ts';
import type { App } from '../context.ts';
import type { EvaluationSetting, SettingSummary } from './values.ts';

type Answer = OutputOf<typeof evaluationEndpoints.evaluate>;

/** One evaluation with how far it is. */
export async function presentEvaluation(
  app: Pick<App, 'store'>,
  row: EvaluationRow,
  lang: Lang,
): Promise<Answer> {
  const [presented] = await presentEvaluations(app, [row], lang);
  if (!presented) throw new Error('An evaluation was lost on the way.');
  return presented;
}

/** Evaluations of one team. */
export async function presentEvaluations(
  app: Pick<App, 'store'>,
  rows: EvaluationRow[],
  lang: Lang,
): Promise<Answer[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [jobs, counts] = await Promise.all([
    app.store.db.selectFrom('jobs').selectAll().where('id', 'in', ids).execute(),
    app.store.db
      .selectFrom('evaluation_results')
      .select(['evaluationId', (eb) => eb.fn.countAll<number>().as('n')])
      .where('evaluationId', 'in', ids)
      .groupBy('evaluationId')
      .execute(),
  ]);
  const jobOf = new Map(jobs.map((job) => [job.id, job]));
  const countOf = new Map(counts.map(({ evaluationId, n }) => [evaluationId, Number(n)]));
  return rows.map((row) => present(row, jobOf.get(row.id), countOf.get(row.id) ?? 0, lang));
}

function present(row: EvaluationRow, job: JobRow | undefined, results: number, lang: Lang): Answer {
  const settings = fromJson<EvaluationSetting[]>(row.settings, []);
  const summaries = fromJson<SettingSummary[]>(row.summary, []);
  const error = fromJson<JobError | undefined>(job?.error ?? null, undefined);
  const done = row.endTime !== null;
  return {
    _id: row.id,
    datasetId: row.datasetId,
    name: row.name,
    // Of a comparison the job is that of the second index.
    state: done
      ? 'done'
      : job
        ? job.state === 'done'
          ? 'running'
          : job.state
        : row.rebuildId
          ? 'running'
          : 'failed',
    percent: done ? 100 : Math.round(job?.percent ?? 0),
    error: done ? '' : (error?.[lang] ?? ''),
    questions: Math.ceil(results / Math.max(1, settings.length)),
    asked: results,
    settings,
    summaries: summaries.flatMap(({ notice, ...summary }, place) => {
      const setting = settings[place];
      return setting ? [{ setting, ...summary, ...(notice && { notice: notice[lang] }) }] : [];
    }),
    points: summaries.reduce((sum, { points }) => sum + points, 0),
    tmbId: row.memberId,
    createTime: new Date(row.createTime).toISOString(),
    endTime: row.endTime === null ? null : new Date(row.endTime).toISOString(),
  };
}
