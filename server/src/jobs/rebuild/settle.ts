import type { Kysely } from 'kysely';
import { lockRows } from '../../store/locking.ts';
import type { Store } from '../../store/ports.ts';
import type { Database, EmbeddingRebuildRow } from '../../store/schema.ts';
import { type EmbedScope, namedItemsToEmbed } from '../items-to-embed.ts';
import { nextIds } from './pages.ts';

/** Items in one transaction. */
const pageSize = 128;

/**
 * After a switch to another index: marks every item that the index has as embedded by its model, and what it lacks as
 * waiting. Searches work meanwhile; a mark only says what is still to be done.
 */
export async function settleMarks(store: Store, scope: EmbedScope, signal: AbortSignal): Promise<void> {
  for (let after = ''; ; ) {
    signal.throwIfAborted();
    const ids = await nextIds(store.db, scope, after, pageSize);
    const last = ids.at(-1);
    if (last === undefined) return;
    after = last;
    const goesOn = await store.db.transaction().execute((trx) => settlePage(store, trx, scope, ids));
    if (!goesOn) return;
  }
}

async function settlePage(
  store: Store,
  trx: Kysely<Database>,
  scope: EmbedScope,
  ids: string[],
): Promise<boolean> {
  const { teamId, datasetId, model } = scope;
  const places = await trx
    .selectFrom('data')
    .select('collectionId')
    .distinct()
    .where('teamId', '=', teamId)
    .where('id', 'in', ids)
    .execute();
  await lockRows(
    store,
    trx,
    'collections',
    teamId,
    places.map(({ collectionId }) => collectionId),
  );
  const dataset = await trx
    .selectFrom('datasets')
    .select('vectorModel')
    .where('teamId', '=', teamId)
    .where('id', '=', datasetId)
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
  if (dataset?.vectorModel !== model) return false;
  const items = await namedItemsToEmbed(trx, scope, ids);
  const [complete, waiting] = [true, false].map((wanted) =>
    items.filter(({ texts }) => (texts.length === 0) === wanted).map(({ id }) => id),
  );
  const mark = async (which: string[] | undefined, vectorModel: string | null) => {
    if (!which?.length) return;
    await trx
      .updateTable('data')
      .set({ vectorModel })
      .where('teamId', '=', teamId)
      .where('id', 'in', which)
      .execute();
  };
  await mark(complete, model);
  await mark(waiting, null);
  return true;
}

/**
 * Clears the vectors of a model away, page by page, unless the dataset (again) answers with them or may soon. Items stay
 * whole: all vectors of one go at once.
 */
export async function removeVectorsOf(store: Store, scope: EmbedScope, signal: AbortSignal): Promise<void> {
  for (let after = ''; ; ) {
    signal.throwIfAborted();
    const ids = await nextIds(store.db, scope, after, pageSize);
    const last = ids.at(-1);
    if (last === undefined) return;
    after = last;
    const gone = await store.db.transaction().execute(async (trx) => {
      if (await isNeeded(store, trx, scope)) return false;
      await trx
        .deleteFrom('vectors')
        .where('teamId', '=', scope.teamId)
        .where('model', '=', scope.model)
        .where('dataId', 'in', ids)
        .execute();
      return true;
    });
    if (!gone) return;
  }
}

async function isNeeded(
  store: Store,
  trx: Kysely<Database>,
  { teamId, datasetId, model }: EmbedScope,
): Promise<boolean> {
  await lockRows(store, trx, 'datasets', teamId, [datasetId]);
  const dataset = await trx
    .selectFrom('datasets')
    .select('vectorModel')
    .where('teamId', '=', teamId)
    .where('id', '=', datasetId)
    .executeTakeFirst();
  if (dataset === undefined || dataset.vectorModel === model) return true;
  const rebuilds = await trx
    .selectFrom('embedding_rebuilds')
    .select(['state', 'model', 'otherModel'])
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .where('state', 'in', ['building', 'comparing', 'ready', 'switched'])
    .execute();
  return rebuilds.some((rebuild) => rebuild.model === model || rebuild.otherModel === model);
}

/** The index that answers for the dataset of a rebuild in this state. */
export function answeringModel({ state, model, otherModel }: EmbeddingRebuildRow): string {
  return state === 'rolledBack' ? otherModel : model;
}
