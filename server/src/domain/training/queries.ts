import type { Kysely } from 'kysely';
import { trainJobId } from '../../jobs/training/training.ts';
import { fail } from '../../kernel/errors.ts';
import type { Database, DatasetRow, JobRow, TrainingItemRow } from '../../store/schema.ts';

/** How much of a collection waits for a model, is being asked about, or failed for good, by mode. */
export interface TrainingCount {
  mode: TrainingItemRow['mode'];
  state: 'waiting' | 'running' | 'failed';
  amount: number;
}

/** What waits for models or failed, by collection. */
export async function trainingOfCollections(
  db: Kysely<Database>,
  teamId: string,
  collectionIds: string[],
): Promise<Map<string, TrainingCount[]>> {
  if (collectionIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('training_items')
    .select(['collectionId', 'mode', 'state', (eb) => eb.fn.countAll<number>().as('amount')])
    .where('teamId', '=', teamId)
    .where('collectionId', 'in', collectionIds)
    .groupBy(['collectionId', 'mode', 'state'])
    .execute();
  const counts = rows.map(({ collectionId, mode, state, amount }) => ({
    collectionId,
    mode,
    // What is held until all of an import is there waits like the rest.
    state: state === 'held' ? ('waiting' as const) : state,
    amount: Number(amount),
  }));
  return Map.groupBy(counts, ({ collectionId }) => collectionId);
}

/** What is still to come. */
export function pendingOf(counts: readonly TrainingCount[] = []): number {
  return sumOf(counts.filter(({ state }) => state !== 'failed'));
}

export function failedOf(counts: readonly TrainingCount[] = []): number {
  return sumOf(counts.filter(({ state }) => state === 'failed'));
}

const sumOf = (counts: readonly TrainingCount[]) => counts.reduce((sum, { amount }) => sum + amount, 0);

/** An item of the queue by the ids that a program names it by; trainingItemNotFound unless all of them are right. */
export async function requireTrainingItem(
  db: Kysely<Database>,
  teamId: string,
  { datasetId, collectionId, dataId }: { datasetId: string; collectionId: string; dataId: string },
): Promise<TrainingItemRow> {
  const row = await db
    .selectFrom('training_items')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .where('collectionId', '=', collectionId)
    .where('id', '=', dataId)
    .executeTakeFirst();
  if (!row) throw fail('trainingItemNotFound');
  return row;
}

/** The job that asks models about what waits in a dataset. */
export function findTrainJob(
  db: Kysely<Database>,
  { id, teamId }: Pick<DatasetRow, 'id' | 'teamId'>,
): Promise<JobRow | undefined> {
  return db
    .selectFrom('jobs')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('id', '=', trainJobId(id))
    .executeTakeFirst();
}

/** What models took for a collection so far. */
export function useOfCollection(db: Kysely<Database>, teamId: string, collectionId: string) {
  return db
    .selectFrom('training_usage')
    .select(['mode', 'model', 'calls', 'inputTokens', 'outputTokens', 'points'])
    .where('teamId', '=', teamId)
    .where('collectionId', '=', collectionId)
    .orderBy('createTime')
    .orderBy('id')
    .execute();
}
