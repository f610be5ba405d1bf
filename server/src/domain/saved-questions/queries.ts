import type { OutputOf } from '@lectern/contract/endpoint.ts';
import type { savedQuestionEndpoints } from '@lectern/contract/saved-questions.ts';
import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { withoutPictures } from '../../kernel/pictures.ts';
import { fromJson } from '../../store/json.ts';
import type { Database, SavedQuestionRow } from '../../store/schema.ts';
import { namesOfCollections } from '../collections/queries.ts';
import { inBatches } from '../tree.ts';

/** A saved question as callers see it. */
export type SavedQuestion = OutputOf<typeof savedQuestionEndpoints.createSavedQuestion>;

/** What a search should find. */
export interface Expected {
  dataIds: string[];
  collectionIds: string[];
}

/** The saved question of this team; savedQuestionNotFound for anything else, also when its dataset is gone. */
export async function requireQuestion(
  db: Kysely<Database>,
  teamId: string,
  id: string,
): Promise<SavedQuestionRow> {
  const row = await db
    .selectFrom('saved_questions')
    .innerJoin('datasets', 'datasets.id', 'saved_questions.datasetId')
    .selectAll('saved_questions')
    .where('saved_questions.teamId', '=', teamId)
    .where('saved_questions.id', '=', id)
    .where('datasets.deletedTime', 'is', null)
    .executeTakeFirst();
  if (!row) throw fail('savedQuestionNotFound', { param: 'id' });
  return row;
}

/** What a row expects. */
export function expectedOf(row: Pick<SavedQuestionRow, 'expectedData' | 'expectedCollections'>): Expected {
  return {
    dataIds: fromJson<string[]>(row.expectedData, []),
    collectionIds: fromJson<string[]>(row.expectedCollections, []),
  };
}

/** Those of the ids that are data items of the dataset; deleted ones are not among them. */
const dataAmong = (db: Kysely<Database>, dataset: { teamId: string; id: string }, ids: readonly string[]) =>
  db
    .selectFrom('data')
    .innerJoin('collections', 'collections.id', 'data.collectionId')
    .where('data.teamId', '=', dataset.teamId)
    .where('data.datasetId', '=', dataset.id)
    .where('data.id', 'in', ids)
    .where('collections.deletedTime', 'is', null);

/** Those of the ids that are data items of the dataset, and their collections; deleted ones are not among them. */
export async function dataOf(
  db: Kysely<Database>,
  dataset: { teamId: string; id: string },
  ids: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const batch of inBatches([...new Set(ids)])) {
    const rows = await dataAmong(db, dataset, batch).select(['data.id', 'data.collectionId']).execute();
    for (const { id, collectionId } of rows) found.set(id, collectionId);
  }
  return found;
}

/** Refuses ids that are not of this dataset, as unknown as those that do not exist. */
export async function requireExpected(
  db: Kysely<Database>,
  dataset: { teamId: string; id: string },
  { dataIds, collectionIds }: Expected,
): Promise<void> {
  const data = await dataOf(db, dataset, dataIds);
  if (dataIds.some((id) => !data.has(id))) throw fail('dataNotFound', { param: 'expectedDataIds' });
  const collections = await namesOfCollections(db, dataset, collectionIds);
  if (collectionIds.some((id) => !collections.has(id))) {
    throw fail('collectionNotFound', { param: 'expectedCollectionIds' });
  }
}

/** Saved questions of one dataset as callers see them, with what their ids stand for. */
export async function presentQuestions(
  db: Kysely<Database>,
  rows: readonly SavedQuestionRow[],
): Promise<SavedQuestion[]> {
  const [first] = rows;
  if (!first) return [];
  const expected = rows.map(expectedOf);
  const of = { teamId: first.teamId, id: first.datasetId };
  const data = await passagesOf(
    db,
    of,
    expected.flatMap(({ dataIds }) => dataIds),
  );
  const names = await namesOfCollections(
    db,
    of,
    expected.flatMap(({ collectionIds }) => collectionIds),
  );
  return rows.map((row, at) => {
    const { dataIds = [], collectionIds = [] } = expected[at] ?? {};
    return {
      _id: row.id,
      datasetId: row.datasetId,
      question: row.question,
      expectedDataIds: dataIds,
      expectedCollectionIds: collectionIds,
      expected: [
        ...dataIds.flatMap((id) => data.get(id) ?? []),
        ...collectionIds.flatMap((id) => {
          const name = names.get(id);
          return name === undefined ? [] : [{ id, kind: 'collection' as const, collectionId: id, name }];
        }),
      ],
      note: row.note,
      source: row.source,
      tmbId: row.memberId,
      createTime: new Date(row.createTime).toISOString(),
      updateTime: new Date(row.updateTime).toISOString(),
    };
  });
}

/** One saved question as callers see it. */
export async function presentQuestion(db: Kysely<Database>, row: SavedQuestionRow): Promise<SavedQuestion> {
  const [presented] = await presentQuestions(db, [row]);
  if (!presented) throw new Error('A saved question was lost on the way.');
  return presented;
}

type ExpectedPart = SavedQuestion['expected'][number];

/** Characters of a passage that are shown of what is expected. */
const shown = 300;

/** Those of the ids that are data items of the dataset, with how they begin. */
export async function passagesOf(
  db: Kysely<Database>,
  dataset: { teamId: string; id: string },
  ids: readonly string[],
): Promise<Map<string, ExpectedPart>> {
  const found = new Map<string, ExpectedPart>();
  for (const batch of inBatches([...new Set(ids)])) {
    const rows = await dataAmong(db, dataset, batch)
      .select((eb) => [
        'data.id',
        'data.collectionId',
        'collections.name',
        eb.fn<string>('substr', ['data.q', eb.lit(1), eb.lit(2 * shown)]).as('text'),
      ])
      .execute();
    for (const { id, collectionId, name, text } of rows) {
      const start = withoutPictures(text).slice(0, shown);
      found.set(id, { id, kind: 'data', collectionId, name, text: start });
    }
  }
  return found;
}
