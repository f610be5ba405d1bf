import type { Kysely } from 'kysely';
import { fail } from '../../kernel/errors.ts';
import { lockRows } from '../../store/locking.ts';
import type { Database, DatasetRow, EmbeddingRebuildRow } from '../../store/schema.ts';
import type { App } from '../context.ts';
import { enqueuePhase, findRebuild, unfinished } from './queries.ts';

export type StateApp = Pick<App, 'store' | 'jobs'>;
type State = EmbeddingRebuildRow['state'];

const dayMs = 86_400_000;

/** Does `work` with the rebuild held as it is, if it is in one of these states; rebuildWrongState for any other. */
async function held(
  app: StateApp,
  { teamId, id }: { teamId: string; id: string },
  states: readonly State[],
  work: (trx: Kysely<Database>, rebuild: EmbeddingRebuildRow, dataset: DatasetRow) => Promise<void>,
): Promise<void> {
  await app.store.db.transaction().execute(async (trx) => {
    await lockRows(app.store, trx, 'embedding_rebuilds', teamId, [id]);
    const rebuild = await findRebuild(trx, teamId, id);
    const state = rebuild?.state ?? 'done';
    if (!rebuild || !states.includes(state)) throw fail('rebuildWrongState', { params: { state } });
    await lockRows(app.store, trx, 'datasets', teamId, [rebuild.datasetId]);
    const dataset = await trx
      .selectFrom('datasets')
      .selectAll()
      .where('teamId', '=', teamId)
      .where('id', '=', rebuild.datasetId)
      .executeTakeFirstOrThrow();
    await work(trx, rebuild, dataset);
  });
  app.jobs.wake();
}

const set = (
  trx: Kysely<Database>,
  { id, teamId }: EmbeddingRebuildRow,
  values: Partial<EmbeddingRebuildRow>,
) =>
  trx
    .updateTable('embedding_rebuilds')
    .set(values)
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .execute();

type Index = Pick<DatasetRow, 'dimensions' | 'bestEmbeddingWeight' | 'calibratedItems'>;

const answerWith = (trx: Kysely<Database>, { id, teamId }: DatasetRow, vectorModel: string, index: Index) =>
  trx
    .updateTable('datasets')
    .set({ vectorModel, ...index })
    .where('teamId', '=', teamId)
    .where('id', '=', id)
    .execute();

/**
 * Lets the second index answer from the next search on. One row says which index that is, so it takes no longer for
 * a large dataset; searches that began before end with the old index, which is kept for a roll-back.
 */
export async function switchIndex(
  app: StateApp,
  which: { teamId: string; id: string },
  states: readonly State[] = ['ready'],
): Promise<void> {
  await held(app, which, states, async (trx, rebuild, dataset) => {
    if (dataset.vectorModel !== rebuild.otherModel) {
      throw fail('rebuildWrongState', { params: { state: rebuild.state } });
    }
    const { model, dimensions, bestEmbeddingWeight, calibratedItems } = rebuild;
    await answerWith(trx, dataset, model, { dimensions, bestEmbeddingWeight, calibratedItems });
    const now = Date.now();
    await set(trx, rebuild, {
      state: 'switched',
      otherDimensions: dataset.dimensions ?? rebuild.otherDimensions,
      otherBestEmbeddingWeight: dataset.bestEmbeddingWeight,
      otherCalibratedItems: dataset.calibratedItems,
      switchTime: now,
      keepUntil: now + rebuild.keepDays * dayMs,
    });
    await enqueuePhase(app.jobs, trx, rebuild, { phase: 'settle' });
    if (rebuild.keepDays === 0) await endKeeping(app, trx, rebuild);
  });
}

/** Lets the old index answer again, at once; the new one is cleared away. */
export async function rollBack(app: StateApp, which: { teamId: string; id: string }): Promise<void> {
  await held(app, which, ['switched'], async (trx, rebuild, dataset) => {
    await answerWith(trx, dataset, rebuild.otherModel, {
      dimensions: rebuild.otherDimensions,
      bestEmbeddingWeight: rebuild.otherBestEmbeddingWeight,
      calibratedItems: rebuild.otherCalibratedItems,
    });
    await set(trx, rebuild, { state: 'rolledBack', endTime: Date.now(), keepUntil: null });
    await enqueuePhase(app.jobs, trx, rebuild, { phase: 'settle' });
    await enqueuePhase(app.jobs, trx, rebuild, { phase: 'remove', model: rebuild.model });
  });
}

/** Gives a second index up that does not answer yet. */
export async function cancelRebuild(app: StateApp, which: { teamId: string; id: string }): Promise<void> {
  await held(app, which, unfinished, async (trx, rebuild) => {
    await set(trx, rebuild, { state: 'cancelled', endTime: Date.now() });
    await enqueuePhase(app.jobs, trx, rebuild, { phase: 'remove', model: rebuild.model });
  });
}

/** Ends the time in which a switch can be rolled back: the old index is cleared away. */
export async function removeOldIndex(app: StateApp, which: { teamId: string; id: string }): Promise<void> {
  await held(app, which, ['switched'], (trx, rebuild) => endKeeping(app, trx, rebuild));
}

/** The same within somebody's transaction that holds the rebuild. */
export async function endKeeping(
  app: Pick<App, 'jobs'>,
  trx: Kysely<Database>,
  rebuild: EmbeddingRebuildRow,
): Promise<void> {
  await set(trx, rebuild, { state: 'done', endTime: Date.now(), keepUntil: null });
  await enqueuePhase(app.jobs, trx, rebuild, { phase: 'remove', model: rebuild.otherModel });
}
