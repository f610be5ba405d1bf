import type { embeddingRebuildEndpoints } from '@lectern/contract/embedding-rebuild.ts';
import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { JobError } from '../../jobs/failure.ts';
import { fromJson } from '../../store/json.ts';
import type { EmbeddingRebuildRow, JobRow } from '../../store/schema.ts';
import type { App } from '../context.ts';
import type { EvaluationSetting, SettingSummary } from '../evaluations/values.ts';
import { type RebuildPayload, rebuildKind } from './queries.ts';

type Rebuild = NonNullable<OutputOf<typeof embeddingRebuildEndpoints.getEmbeddingRebuild>['rebuild']>;

const isoOrNull = (time: number | null) => (time === null ? null : new Date(time).toISOString());

/** One rebuild with how far it is and what the comparison said. */
export async function presentRebuild(
  app: Pick<App, 'store'>,
  row: EmbeddingRebuildRow,
  lang: Lang,
): Promise<Rebuild> {
  const job = await buildJob(app, row);
  const counts = fromJson<Record<string, number>>(job?.counts ?? null, {});
  const error = fromJson<JobError | undefined>(job?.error ?? null, undefined);
  const building = row.state === 'building';
  return {
    _id: row.id,
    datasetId: row.datasetId,
    state: row.state,
    vectorModel: row.model,
    previousModel: row.otherModel,
    switchWhen: row.switchWhen,
    percent: building ? Math.round(job?.percent ?? 0) : 100,
    embedded: counts.embedded ?? 0,
    pending: building ? (counts.pending ?? 0) : 0,
    refused: row.refused,
    error: building ? (error?.[lang] ?? '') : '',
    jobState: building ? (job?.state ?? 'waiting') : 'done',
    comparison: await comparisonOf(app, row),
    keepUntil: isoOrNull(row.keepUntil),
    createTime: new Date(row.createTime).toISOString(),
    switchTime: isoOrNull(row.switchTime),
    endTime: isoOrNull(row.endTime),
  };
}

/** The job that builds the index of a rebuild. */
export async function buildJob(
  { store }: Pick<App, 'store'>,
  { teamId, datasetId, id }: Pick<EmbeddingRebuildRow, 'teamId' | 'datasetId' | 'id'>,
): Promise<JobRow | undefined> {
  const rows = await store.db
    .selectFrom('jobs')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .where('kind', '=', rebuildKind)
    .orderBy('createTime', 'desc')
    .execute();
  return rows.find((row) => {
    const { rebuildId, phase } = fromJson<Partial<RebuildPayload>>(row.payload, {});
    return rebuildId === id && phase === 'build';
  });
}

async function comparisonOf(
  { store }: Pick<App, 'store'>,
  { teamId, evaluationId }: EmbeddingRebuildRow,
): Promise<Rebuild['comparison']> {
  if (evaluationId === null) return null;
  const row = await store.db
    .selectFrom('evaluations')
    .select(['settings', 'summary'])
    .where('teamId', '=', teamId)
    .where('id', '=', evaluationId)
    .executeTakeFirst();
  const settings = fromJson<EvaluationSetting[]>(row?.settings ?? null, []);
  const summaries = fromJson<SettingSummary[]>(row?.summary ?? null, []);
  return {
    evaluationId,
    results: summaries.flatMap(({ questions, hitAt, mrr, ndcg }, place) => {
      const setting = settings[place];
      if (!setting) return [];
      const { index, searchMode, vectorModel } = setting;
      return [{ index, searchMode, vectorModel, questions, hitAt, mrr, ndcg }];
    }),
  };
}
