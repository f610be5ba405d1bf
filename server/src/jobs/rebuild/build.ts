import type { Kysely } from 'kysely';
import { unfinished } from '../../domain/embedding-rebuild/queries.ts';
import type { Embedder } from '../../models/ports.ts';
import { lockRows } from '../../store/locking.ts';
import type { Database, EmbeddingRebuildRow } from '../../store/schema.ts';
import {
  type EmbedParts,
  type EmbedRun,
  type EmbedTarget,
  embedItems,
  mismatch,
  newEmbedRun,
} from '../embed-items.ts';
import { namedItemsToEmbed } from '../items-to-embed.ts';
import { type JobTools, Later } from '../job.ts';
import { lacking, nextIds } from './pages.ts';

/** Items that are looked at together, and items whose vectors are written in one transaction. */
const pageSize = 256;
const batchSize = 64;
const sliceMs = 15_000;

/** How far the index of a rebuild is; a process that starts anew looks through it quickly. */
export interface Place {
  after: string;
  seen: number;
  refused: Set<string>;
}

const nowhere = (): Place => ({ after: '', seen: 0, refused: new Set() });

/**
 * Makes the vectors that an index of a rebuild lacks (which of the two: see `targetOf`), page by page, until a whole look finds nothing more. No mark tells what
 * is done: an item is when each of its texts has a vector of the model, so that it can be stopped anywhere, and an item
 * that is changed (which takes its vectors away) or new is found by the next look. Answers how many were refused.
 */
export async function buildIndex(
  parts: EmbedParts,
  rebuild: EmbeddingRebuildRow,
  embedder: Embedder,
  places: Map<string, Place>,
  tools: JobTools,
): Promise<number> {
  const run = newEmbedRun(parts, targetOf(rebuild), rebuild, embedder);
  const until = Date.now() + sliceMs;
  for (let whole = false; !whole; ) {
    const place = places.get(rebuild.id) ?? nowhere();
    places.set(rebuild.id, place);
    run.refused = place.refused;
    const fromStart = place.after === '';
    const before = run.embedded;
    await look(run, place, until, tools);
    whole = fromStart && run.embedded === before;
    if (!whole) places.set(rebuild.id, { ...nowhere(), refused: place.refused });
  }
  const refused = run.refused.size;
  places.delete(rebuild.id);
  return refused;
}

async function look(run: EmbedRun, place: Place, until: number, tools: JobTools): Promise<void> {
  const { db } = run.parts.store;
  const total = await countItems(db, run);
  for (;;) {
    tools.signal.throwIfAborted();
    const ids = await nextIds(db, run, place.after, pageSize);
    const last = ids.at(-1);
    if (last === undefined) return;
    const missing = (await lacking(db, run, ids)).filter((id) => !run.refused.has(id));
    const items = (await namedItemsToEmbed(db, run, missing)).filter(({ texts }) => texts.length > 0);
    for (let start = 0; start < items.length; start += batchSize) {
      tools.signal.throwIfAborted();
      await embedItems(run, items.slice(start, start + batchSize), tools.signal);
      report(run, { done: place.seen + Math.min(start + batchSize, items.length), total }, tools);
    }
    place.after = last;
    place.seen += ids.length;
    report(run, { done: place.seen, total }, tools);
    if (Date.now() >= until && run.embedded > 0) throw new Later();
  }
}

function report(run: EmbedRun, { done, total }: { done: number; total: number }, tools: JobTools): void {
  tools.progress({
    stage: 'embed',
    percent: (100 * Math.min(done, total)) / Math.max(1, total),
    counts: { embedded: done, pending: Math.max(0, total - done), refused: run.refused.size },
    done: { amount: run.embedded, unit: 'items' },
  });
}

/** Into an index of a rebuild, as long as it is wanted: the new one until it answers, the old one from then on. */
function targetOf({ id, teamId, state }: EmbeddingRebuildRow): EmbedTarget {
  const isOld = state === 'switched';
  const wanted = isOld ? (['switched'] as const) : unfinished;
  return {
    marks: false,
    async claim(trx, run, dimensions) {
      await lockRows(run.parts.store, trx, 'embedding_rebuilds', teamId, [id]);
      const row = await trx
        .selectFrom('embedding_rebuilds')
        .innerJoin('datasets', 'datasets.id', 'embedding_rebuilds.datasetId')
        .select(['embedding_rebuilds.dimensions', 'embedding_rebuilds.otherDimensions'])
        .where('embedding_rebuilds.teamId', '=', teamId)
        .where('embedding_rebuilds.id', '=', id)
        .where('embedding_rebuilds.state', 'in', wanted)
        .where('datasets.deletedTime', 'is', null)
        .executeTakeFirst();
      if (!row) return false;
      const stored = isOld ? row.otherDimensions : row.dimensions;
      if (stored !== null && stored !== dimensions) throw mismatch(run, dimensions, stored);
      if (stored === null) {
        await trx
          .updateTable('embedding_rebuilds')
          .set({ dimensions })
          .where('teamId', '=', teamId)
          .where('id', '=', id)
          .execute();
      }
      return true;
    },
  };
}

async function countItems(
  db: Kysely<Database>,
  { teamId, datasetId }: { teamId: string; datasetId: string },
): Promise<number> {
  const { n } = await db
    .selectFrom('data')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .executeTakeFirstOrThrow();
  return Number(n);
}
