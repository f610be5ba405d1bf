import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { evaluationEndpoints } from '@lectern/contract/evaluations.ts';
import type { Lang } from '@lectern/contract/lang.ts';
import type { Kysely } from 'kysely';
import { fromJson } from '../../store/json.ts';
import type { Database, EvaluationResultRow } from '../../store/schema.ts';
import { passagesOf } from '../saved-questions/queries.ts';
import type { QuestionResult } from './values.ts';

type Presented = OutputOf<
  typeof evaluationEndpoints.getEvaluation
>['results']['list'][number]['results'][number];

/** Results of searches with the beginnings of what they found, as far as that still exists. */
export async function presentResults(
  db: Kysely<Database>,
  dataset: { teamId: string; id: string },
  rows: readonly EvaluationResultRow[],
  lang: Lang,
): Promise<{ row: EvaluationResultRow; result: Presented }[]> {
  const read = rows.map((row) => ({ row, said: fromJson(row.result, {} as QuestionResult) }));
  const ids = read.flatMap(({ said }) => said.found.map(({ id }) => id));
  const passages = await passagesOf(db, dataset, ids);
  return read.map(({ row, said }) => ({ row, result: present(row.setting, said, passages, lang) }));
}

function present(
  setting: number,
  { rank, ndcg, found, searchMode, durationMs, points, notice, error }: QuestionResult,
  passages: ReadonlyMap<string, { text?: string | undefined }>,
  lang: Lang,
): Presented {
  return {
    setting,
    rank,
    ndcg,
    found: found.map((passage) => {
      const text = passages.get(passage.id)?.text;
      return { ...passage, ...(text !== undefined && { text }) };
    }),
    ...(searchMode && { searchMode }),
    durationMs,
    points,
    ...(notice && { notice: notice[lang] }),
    ...(error && { error: error[lang] }),
  };
}
