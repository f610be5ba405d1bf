import type { Kysely } from 'kysely';
import { AppError, fail } from '../kernel/errors.ts';
import { unitVector } from '../kernel/unit-vector.ts';
import type { Embedder } from '../models/ports.ts';
import type { TextIndex } from '../retrieval/ports.ts';
import { lockRows, shareRow } from '../store/locking.ts';
import type { NewVector, Store } from '../store/ports.ts';
import type { Database } from '../store/schema.ts';
import { holdUnchanged, type ItemToEmbed, markUnchanged } from './items-to-embed.ts';
import { forgetRefusals, noteRefusal } from './refusals.ts';

/** Tokenizers differ: texts are kept this much shorter than the model's limit. */
const fill = 0.9;
/** Tried for a text that was refused: no embedding model of today reads less. */
const shortest = 250;
/** A longer pause that a provider asks for is a matter of the job, where it can be seen; in milliseconds. */
const longestPauseMs = 2_000;
/** Statuses with which a provider refuses what is in a request, as against the request's time. */
const refusals = new Set([400, 413, 422]);

/** After so many refused items with none between them the model is asked whether it embeds anything at all. */
const mostInARow = 30;
/** What no working model refuses. */
const harmless = 'word';

export interface EmbedParts {
  store: Store;
  textIndex: Pick<TextIndex, 'fit'>;
}

/** Where vectors go: into the index that answers, or into one that is being built beside it. */
export interface EmbedTarget {
  /** Items are marked as embedded; no mark tells of vectors of the other index. */
  marks: boolean;
  /** Part of the writing transaction: binds the index to its first vectors' length. False when it is not wanted any more. */
  claim(trx: Kysely<Database>, run: EmbedRun, dimensions: number): Promise<boolean>;
}

/** What the embedding of one dataset works with, and how far it is. */
export interface EmbedRun {
  parts: EmbedParts;
  target: EmbedTarget;
  teamId: string;
  datasetId: string;
  embedder: Embedder;
  /** The embedder's id. */
  model: string;
  /** Tokens that a text may have; less than the model's limit once it refused such a text. */
  limit: number;
  /** Items that the model refuses whatever their length. */
  refused: Set<string>;
  embedded: number;
  /** Whether an item was changed while the model refused it: what it is now has yet to be asked for. */
  changed: boolean;
  /** Items that were refused since the last that was not. */
  inARow: string[];
}

/** A run that has embedded nothing so far. */
export function newEmbedRun(
  parts: EmbedParts,
  target: EmbedTarget,
  { teamId, datasetId }: { teamId: string; datasetId: string },
  embedder: Embedder,
): EmbedRun {
  const limit = Math.floor(embedder.maxTokens * fill);
  const model = embedder.id;
  const nothing = { refused: new Set<string>(), embedded: 0, changed: false, inARow: [] };
  return { parts, target, teamId, datasetId, embedder, model, limit, ...nothing };
}

/** The index that answers: its model is the dataset's. */
export const liveTarget: EmbedTarget = {
  marks: true,
  async claim(trx, run, dimensions) {
    const own = trx
      .selectFrom('datasets')
      .select(['vectorModel', 'dimensions'])
      .where('teamId', '=', run.teamId)
      .where('id', '=', run.datasetId)
      .where('deletedTime', 'is', null);
    const bound = (await own.executeTakeFirst())?.dimensions != null;
    // Whoever switches to another model waits for what is written now, and this for the switch.
    if (bound) await shareRow(run.parts.store, trx, 'datasets', run.teamId, run.datasetId);
    else await lockRows(run.parts.store, trx, 'datasets', run.teamId, [run.datasetId]);
    const dataset = await own.executeTakeFirst();
    if (dataset?.vectorModel !== run.model) return false;
    const stored = dataset.dimensions ?? dimensions;
    if (stored !== dimensions) throw mismatch(run, dimensions, stored);
    if (dataset.dimensions === null) {
      await trx
        .updateTable('datasets')
        .set({ dimensions })
        .where('teamId', '=', run.teamId)
        .where('id', '=', run.datasetId)
        .execute();
    }
    return true;
  },
};

/**
 * Embeds and writes items together; those the model refuses are narrowed down and left out. Throws embeddingRefusesAll
 * when it refuses whatever it is given.
 */
export async function embedItems(run: EmbedRun, items: ItemToEmbed[], signal: AbortSignal): Promise<void> {
  if (items.length === 0) return;
  try {
    const vectors = await vectorsOf(run, items, signal);
    run.inARow = [];
    run.embedded += await writeItems(run, items, vectors);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    if (items.length > 1) {
      const half = Math.ceil(items.length / 2);
      await embedItems(run, items.slice(0, half), signal);
      await embedItems(run, items.slice(half), signal);
    } else if (run.limit > shortest) {
      const usual = run.limit;
      run.limit = shortest;
      await embedItems(run, items, signal);
      // Refused when short, too: its length was not the reason, and others may stay long.
      if (run.changed || items.some(({ id }) => run.refused.has(id))) run.limit = usual;
    } else {
      await refuse(run, items, refusalOf(error));
      run.inARow.push(...items.map(({ id }) => id));
      if (run.inARow.length >= mostInARow) await refuseUseless(run, signal);
    }
  }
}

/** Of the second index the rebuild tells by itself; for the first, the refusal is kept with what was refused. */
async function refuse(run: EmbedRun, items: ItemToEmbed[], said: { en: string; zh: string }): Promise<void> {
  const { store } = run.parts;
  const refused = run.target.marks
    ? await store.db.transaction().execute(async (trx) => {
        const unchanged = await holdUnchanged(store, trx, run, items);
        await noteRefusal(trx, run, [...unchanged], said);
        return unchanged;
      })
    : new Set(items.map(({ id }) => id));
  for (const id of refused) run.refused.add(id);
  run.changed ||= refused.size < items.length;
}

/** Goes on where the items are at fault. Else nothing is said of the items, which wait until the model is mended. */
async function refuseUseless(run: EmbedRun, signal: AbortSignal): Promise<void> {
  const { embedder, inARow } = run;
  run.inARow = [];
  try {
    await embedder.embed([harmless], { signal, kind: 'document', longestPauseMs });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    for (const id of inARow) run.refused.delete(id);
    if (run.target.marks) await forgetRefusals(run.parts.store.db, run.teamId, inARow);
    throw fail('embeddingRefusesAll', {
      params: { model: embedder.id, details: refusalOf(error) },
      cause: error,
    });
  }
}

function isRefusal(error: unknown): error is AppError {
  return error instanceof AppError && refusals.has(error.details.upstreamStatus ?? 0);
}

/** The provider's own words. */
function refusalOf(error: AppError): { en: string; zh: string } {
  const said = error.details.params?.details ?? '';
  if (typeof said === 'string') return { en: said, zh: said };
  return typeof said === 'number' ? { en: String(said), zh: String(said) } : { en: said.en, zh: said.zh };
}

async function vectorsOf(run: EmbedRun, items: ItemToEmbed[], signal: AbortSignal): Promise<NewVector[]> {
  const { parts, embedder, limit } = run;
  const wanted = items.flatMap((item) => item.texts.map((text) => ({ item, ...text })));
  const fitting = await parts.textIndex.fit(
    wanted.map(({ title, text, size = limit }) => ({ title, text, limit: Math.min(size, limit) })),
  );
  const texts = fitting.flatMap((pieces, i) => {
    const from = wanted[i];
    return from ? pieces.map((text) => ({ text, part: from.part, item: from.item })) : [];
  });
  if (texts.length === 0) return [];
  const { vectors } = await embedder.embed(
    texts.map(({ text }) => text),
    { signal, kind: 'document', longestPauseMs },
  );
  return texts.map(({ item, part }, i) => ({
    teamId: run.teamId,
    datasetId: run.datasetId,
    collectionId: item.collectionId,
    dataId: item.id,
    part,
    model: embedder.id,
    vector: usable(vectors[i], embedder),
  }));
}

function usable(vector: Float32Array | undefined, embedder: Embedder): Float32Array {
  const unit = vector && unitVector(vector);
  if (unit && unit.length > 0) return unit;
  const details = { en: 'a vector holds what is no number', zh: '向量中含有非数值' };
  throw fail('modelFailed', { params: { model: embedder.id, details } });
}

/** Writes what still belongs to its item. Answers how many items are embedded now. */
async function writeItems(run: EmbedRun, items: ItemToEmbed[], vectors: NewVector[]): Promise<number> {
  const { store } = run.parts;
  const dimensions = vectors[0]?.vector.length;
  const odd = vectors.find(({ vector }) => vector.length !== dimensions);
  if (odd) throw mismatch(run, odd.vector.length, dimensions ?? 0);
  return await store.db.transaction().execute(async (trx) => {
    const collections = [...new Set(items.map(({ collectionId }) => collectionId))];
    await lockRows(store, trx, 'collections', run.teamId, collections);
    if (dimensions !== undefined && !(await run.target.claim(trx, run, dimensions))) return 0;
    const unchanged = run.target.marks
      ? await markUnchanged(trx, run, items)
      : await holdUnchanged(store, trx, run, items);
    if (unchanged.size === 0) return 0;
    if (run.target.marks) await forgetRefusals(trx, run.teamId, [...unchanged]);
    await removeLeftovers(
      trx,
      run,
      items.filter(({ id, whole }) => whole && unchanged.has(id)),
    );
    await store.index.writeVectors(
      trx,
      vectors.filter(({ dataId }) => unchanged.has(dataId)),
    );
    return unchanged.size;
  });
}

/** Vectors for texts that an item does not have any more, where all of its vectors are made anew. */
async function removeLeftovers(trx: Kysely<Database>, run: EmbedRun, items: ItemToEmbed[]): Promise<void> {
  if (items.length === 0) return;
  await trx
    .deleteFrom('vectors')
    .where('teamId', '=', run.teamId)
    .where('model', '=', run.model)
    .where(
      'dataId',
      'in',
      items.map(({ id }) => id),
    )
    .execute();
}

export function mismatch(
  run: Pick<EmbedRun, 'model' | 'datasetId'>,
  given: number,
  stored: number,
): AppError {
  return fail('embeddingMismatch', {
    params: { model: run.model, given, stored, dataset: run.datasetId },
  });
}
