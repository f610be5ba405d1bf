import type { Kysely } from 'kysely';
import { AppError, fail } from '../kernel/errors.ts';
import { unitVector } from '../kernel/unit-vector.ts';
import type { Embedder, ModelRegistry } from '../models/ports.ts';
import type { TextIndex, VectorIndex } from '../retrieval/ports.ts';
import { lockRows } from '../store/locking.ts';
import type { NewVector, Store } from '../store/ports.ts';
import type { Database } from '../store/schema.ts';
import { type ItemToEmbed, itemsToEmbed, unchangedOf } from './items-to-embed.ts';
import { type Job, type JobHandler, type JobTools, Later } from './job.ts';

export const embedKind = 'embed';

export interface EmbedDeps {
  store: Store;
  textIndex: Pick<TextIndex, 'fit'>;
  vectorIndex: Pick<VectorIndex, 'available'>;
  models: Pick<ModelRegistry, 'embedder'>;
  /** Called when everything of a dataset is embedded. */
  embedded(dataset: { teamId: string; datasetId: string }, signal: AbortSignal): Promise<void>;
  /** After this long others have their turn, in milliseconds; default 15 s. */
  sliceMs?: number;
}

/** Items whose vectors are written in one transaction. */
const pageSize = 64;
const defaultSliceMs = 15_000;
/** Tokenizers differ: texts are kept this much shorter than the model's limit. */
const fill = 0.9;
/** Tried for a text that was refused: no embedding model of today reads less. */
const shortest = 250;
/** A longer pause that a provider asks for is a matter of the job, where it can be seen; in milliseconds. */
const longestPauseMs = 2_000;
/** Statuses with which a provider refuses what is in a request, as against the request's time. */
const refusals = new Set([400, 413, 422]);

/**
 * Embeds what waits in a dataset, page by page. What is written is marked in the same transaction, and only if nobody
 * changed the item meanwhile, so that it can be stopped anywhere and run again. After a while it lets others run.
 */
export function embedDataset(deps: EmbedDeps): JobHandler {
  return async (job, tools) => {
    const run = await beginRun(deps, job);
    if (!run) return;
    const until = Date.now() + (deps.sliceMs ?? defaultSliceMs);
    for (;;) {
      const written = await embedOnce(run, tools, until);
      if (Date.now() >= until && written > 0) throw new Later();
      if (written === 0) break;
    }
    if (run.refused.size > 0) {
      const details = run.refusal ?? '';
      throw fail('embeddingRefused', {
        params: { model: run.embedder.id, count: run.refused.size, details },
      });
    }
    await deps.embedded({ teamId: job.teamId, datasetId: run.datasetId }, tools.signal);
  };
}

/** What one turn of the job works with. */
interface EmbedRun {
  deps: EmbedDeps;
  teamId: string;
  datasetId: string;
  embedder: Embedder;
  /** Tokens that a text may have; less than the model's limit once it refused such a text. */
  limit: number;
  /** Items that the model refuses whatever their length. */
  refused: Set<string>;
  refusal?: string | { en: string; zh: string };
  embedded: number;
  pending: number;
}

/** Nothing when there is nothing to do any more: the dataset is gone, or its model is. */
async function beginRun(deps: EmbedDeps, job: Job): Promise<EmbedRun | undefined> {
  const { teamId, datasetId } = job;
  if (datasetId === null || !deps.vectorIndex.available) return undefined;
  const dataset = await deps.store.db
    .selectFrom('datasets')
    .select('vectorModel')
    .where('teamId', '=', teamId)
    .where('id', '=', datasetId)
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
  const embedder = dataset?.vectorModel ? deps.models.embedder(dataset.vectorModel) : undefined;
  if (!embedder) return undefined;
  const limit = Math.floor(embedder.maxTokens * fill);
  const pending = await countPending(deps.store.db, teamId, datasetId);
  return { deps, teamId, datasetId, embedder, limit, refused: new Set(), embedded: 0, pending };
}

/** Goes once through all that waits. Answers how many items were embedded. */
async function embedOnce(run: EmbedRun, tools: JobTools, until: number): Promise<number> {
  const before = run.embedded;
  for (let after = ''; ; ) {
    tools.signal.throwIfAborted();
    const page = await itemsToEmbed(run.deps.store.db, run, after, pageSize);
    const last = page.at(-1);
    if (!last) return run.embedded - before;
    after = last.id;
    await embedItems(
      run,
      page.filter((item) => !run.refused.has(item.id)),
      tools.signal,
    );
    const left = Math.max(0, run.pending - run.embedded);
    tools.progress({
      stage: 'embed',
      percent: (100 * run.embedded) / Math.max(1, run.embedded + left),
      counts: { embedded: run.embedded, pending: left, refused: run.refused.size },
      done: { amount: run.embedded, unit: 'items' },
    });
    if (Date.now() >= until) return run.embedded - before;
  }
}

/** Embeds and writes items together; those the model refuses are narrowed down and left out. */
async function embedItems(run: EmbedRun, items: ItemToEmbed[], signal: AbortSignal): Promise<void> {
  if (items.length === 0) return;
  try {
    const vectors = await vectorsOf(run, items, signal);
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
      if (items.some(({ id }) => run.refused.has(id))) run.limit = usual;
    } else {
      for (const { id } of items) run.refused.add(id);
      run.refusal = error.details.params?.details as NonNullable<EmbedRun['refusal']>;
    }
  }
}

function isRefusal(error: unknown): error is AppError {
  return error instanceof AppError && refusals.has(error.details.upstreamStatus ?? 0);
}

async function vectorsOf(run: EmbedRun, items: ItemToEmbed[], signal: AbortSignal): Promise<NewVector[]> {
  const { deps, embedder, limit } = run;
  const wanted = items.flatMap((item) => item.texts.map((text) => ({ item, ...text })));
  const fitting = await deps.textIndex.fit(
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
  const { store } = run.deps;
  const dimensions = vectors[0]?.vector.length;
  const odd = vectors.find(({ vector }) => vector.length !== dimensions);
  if (odd) throw mismatch(run, odd.vector.length, dimensions ?? 0);
  return await store.db.transaction().execute(async (trx) => {
    const collections = [...new Set(items.map(({ collectionId }) => collectionId))];
    await lockRows(store, trx, 'collections', run.teamId, collections);
    if (dimensions !== undefined && !(await claimDimensions(trx, run, dimensions))) return 0;
    const unchanged = await unchangedOf(trx, run, items, run.embedder.id);
    if (unchanged.size === 0) return 0;
    const ids = [...unchanged];
    await trx.deleteFrom('vectors').where('teamId', '=', run.teamId).where('dataId', 'in', ids).execute();
    await store.index.writeVectors(
      trx,
      vectors.filter(({ dataId }) => unchanged.has(dataId)),
    );
    return unchanged.size;
  });
}

/** Binds the dataset to its first vectors' length. False when the dataset is gone or has another model by now. */
async function claimDimensions(trx: Kysely<Database>, run: EmbedRun, dimensions: number): Promise<boolean> {
  const own = trx
    .selectFrom('datasets')
    .select(['vectorModel', 'dimensions'])
    .where('teamId', '=', run.teamId)
    .where('id', '=', run.datasetId)
    .where('deletedTime', 'is', null);
  const dataset = await own.executeTakeFirst();
  if (dataset?.vectorModel !== run.embedder.id) return false;
  if (dataset.dimensions === null) {
    await trx
      .updateTable('datasets')
      .set({ dimensions })
      .where('teamId', '=', run.teamId)
      .where('id', '=', run.datasetId)
      .where('dimensions', 'is', null)
      .execute();
  }
  const stored = dataset.dimensions ?? (await own.executeTakeFirst())?.dimensions ?? dimensions;
  if (stored !== dimensions) throw mismatch(run, dimensions, stored);
  return true;
}

function mismatch(run: EmbedRun, given: number, stored: number): AppError {
  return fail('embeddingMismatch', {
    params: { model: run.embedder.id, given, stored, dataset: run.datasetId },
  });
}

async function countPending(db: Kysely<Database>, teamId: string, datasetId: string): Promise<number> {
  const row = await db
    .selectFrom('data')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('teamId', '=', teamId)
    .where('datasetId', '=', datasetId)
    .where('vectorModel', 'is', null)
    .executeTakeFirst();
  return Number(row?.n ?? 0);
}
