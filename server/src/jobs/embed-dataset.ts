import type { Kysely } from 'kysely';
import { fail } from '../kernel/errors.ts';
import type { ModelRegistry } from '../models/ports.ts';
import type { TextIndex, VectorIndex } from '../retrieval/ports.ts';
import type { Store } from '../store/ports.ts';
import type { Database } from '../store/schema.ts';
import { type EmbedRun, embedItems, liveTarget, newEmbedRun } from './embed-items.ts';
import { itemsToEmbed } from './items-to-embed.ts';
import { type Job, type JobHandler, type JobTools, Later } from './job.ts';
import { knownRefusals } from './refusals.ts';

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
      if (written === 0 && !run.changed) break;
      run.changed = false;
    }
    const { count, said } = await knownRefusals(deps.store.db, run);
    if (count > 0) {
      throw fail('embeddingRefused', { params: { model: run.embedder.id, count, details: said } });
    }
    tools.progress({ stage: 'measure' });
    await deps.embedded({ teamId: job.teamId, datasetId: run.datasetId }, tools.signal);
  };
}

/** What one turn of the job works with; `total` is what was done before, and what waits; `known` was refused before. */
type DatasetRun = EmbedRun & { total: number; known: number };

/** Nothing when there is nothing to do any more: the dataset is gone, or its model is. */
async function beginRun(deps: EmbedDeps, job: Job): Promise<DatasetRun | undefined> {
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
  const pending = await countPending(deps.store.db, teamId, datasetId);
  const run = newEmbedRun(deps, liveTarget, { teamId, datasetId }, embedder);
  // Others had their turn in between: what this job has done so far counts on.
  const before = job.counts.embedded ?? 0;
  const { count: known } = await knownRefusals(deps.store.db, run);
  return { ...run, embedded: before, total: before + pending, known };
}

/** Goes once through all that waits. Answers how many items were embedded. */
async function embedOnce(run: DatasetRun, tools: JobTools, until: number): Promise<number> {
  const before = run.embedded;
  for (let after = ''; ; ) {
    tools.signal.throwIfAborted();
    const page = await itemsToEmbed(run.parts.store.db, run, after, pageSize);
    const last = page.at(-1);
    if (!last) return run.embedded - before;
    after = last.id;
    await embedItems(
      run,
      page.filter((item) => !run.refused.has(item.id)),
      tools.signal,
    );
    // More may have come since it began.
    const refused = run.known + run.refused.size;
    run.total = Math.max(run.total, run.embedded + refused);
    const { embedded, total } = run;
    tools.progress({
      stage: 'embed',
      // The rest is for what is measured when all have their vectors.
      percent: (99 * embedded) / Math.max(1, total),
      counts: { total, embedded, pending: total - embedded, refused },
      done: { amount: run.embedded, unit: 'items' },
    });
    if (Date.now() >= until) return run.embedded - before;
  }
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
