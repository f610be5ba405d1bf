import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { toJson } from '../../store/json.ts';
import { lockRows } from '../../store/locking.ts';
import type { Database, SavedQuestionRow } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { inBatches } from '../tree.ts';
import type { Expected } from './queries.ts';

/** Questions that a dataset can have: an evaluation asks each of them with each setting. */
export const mostQuestions = 5000;

/** A question that is about to be saved; what it expects was checked. */
export interface NewQuestion {
  question: string;
  expected: Expected;
  note: string;
}

interface Where {
  teamId: string;
  datasetId: string;
  memberId: string;
  source: SavedQuestionRow['source'];
}

/** Adds those of the questions that the dataset does not have yet; answers them. */
export async function addQuestions(
  app: Pick<App, 'store'>,
  where: Where,
  questions: readonly NewQuestion[],
): Promise<SavedQuestionRow[]> {
  const now = Date.now();
  const { teamId, datasetId, memberId, source } = where;
  return await app.store.db.transaction().execute(async (trx) => {
    await lockRows(app.store, trx, 'datasets', teamId, [datasetId]);
    const known = await knownQuestions(trx, where);
    const rows: SavedQuestionRow[] = [];
    for (const { question, expected, note } of questions) {
      const asked = question.trim();
      if (known.has(asked)) continue;
      known.add(asked);
      rows.push({
        id: newId(now),
        teamId,
        datasetId,
        memberId,
        question: asked,
        expectedData: toJson([...new Set(expected.dataIds)]),
        expectedCollections: toJson([...new Set(expected.collectionIds)]),
        note,
        source,
        createTime: now,
        updateTime: now,
      });
    }
    if (known.size > mostQuestions) {
      throw fail('tooManyItems', { params: { limit: mostQuestions, given: known.size } });
    }
    for (const batch of inBatches(rows)) await trx.insertInto('saved_questions').values(batch).execute();
    return rows;
  });
}

async function knownQuestions(
  db: Kysely<Database>,
  { teamId, datasetId }: Pick<Where, 'teamId' | 'datasetId'>,
): Promise<Set<string>> {
  const rows = await db
    .selectFrom('saved_questions')
    .select('question')
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .execute();
  return new Set(rows.map(({ question }) => question));
}
