import { createHash } from 'node:crypto';
import type { Logger } from '../kernel/logger.ts';
import type { Embedder, ModelRegistry } from '../models/ports.ts';
import type { TextIndex, VectorIndex } from '../retrieval/ports.ts';
import type { Store } from '../store/ports.ts';
import type { DatasetRow } from '../store/schema.ts';
import { embedKind } from './embed-dataset.ts';
import { embedItems, liveTarget, newEmbedRun } from './embed-items.ts';
import { namedItemsToEmbed } from './items-to-embed.ts';
import type { JobQueue } from './job.ts';
import { catchUp, endKept } from './rebuild/keep-up.ts';

/** Sees to it that what waits for an embedding gets a job. */
export interface Embedding {
  /** Say it after a commit that left items of the dataset to be embedded. */
  wanted(datasetId: string): void;
  /**
   * Embeds these items before it resolves, where the model answers soon; what it cannot do is left to a job. For one
   * item that somebody waits for. Answers whether their vectors are there.
   */
  now(which: { teamId: string; datasetId: string }, ids: string[], signal: AbortSignal): Promise<boolean>;
  /** Looks at every dataset now, and from here on whenever the models change and every few seconds. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface EmbeddingOptions {
  store: Store;
  textIndex: Pick<TextIndex, 'fit'>;
  jobs: JobQueue;
  models: Pick<ModelRegistry, 'embedder' | 'onChange'>;
  vectorIndex: Pick<VectorIndex, 'available'>;
  log: Logger;
  /** Between two looks for what another process left, in milliseconds. */
  pollMs?: number;
}

/** Writes that come together are looked at together. */
const patienceMs = 100;
/** However often the model is down: what waits is embedded in the end. */
const attempts = 1000;
const datasetsAtOnce = 200;
/** How long somebody who stored one item waits for its vectors. */
const nowMs = 10_000;

/** The one job that embeds a dataset: everybody who asks for it asks for the same. */
export function embedJobId(datasetId: string): string {
  return createHash('sha256').update(`embed:${datasetId}`).digest('hex').slice(0, 24);
}

/**
 * The model that the dataset is to be embedded with. Vectors bind it to the model that made them; without any, one that
 * names no model, or one that is not connected, takes the default. Nothing where vectors cannot be searched.
 */
export function embedderOf(
  {
    models,
    vectorIndex,
  }: { models: Pick<ModelRegistry, 'embedder'>; vectorIndex: Pick<VectorIndex, 'available'> },
  dataset: Pick<DatasetRow, 'vectorModel' | 'dimensions'>,
): Embedder | undefined {
  if (!vectorIndex.available) return undefined;
  const own = dataset.vectorModel ? models.embedder(dataset.vectorModel) : undefined;
  return own ?? (dataset.dimensions === null ? models.embedder() : undefined);
}

/** Looks after the embedding of all datasets of a store. */
export function createEmbedding(options: EmbeddingOptions): Embedding {
  const { store, jobs, models, log } = options;
  const named = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let poll: NodeJS.Timeout | undefined;
  let stopListening = () => {};
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  /** One look after the other. */
  function look(which: { ids?: string[]; failedToo: boolean }): Promise<void> {
    running = running.then(async () => {
      if (stopped || !options.vectorIndex.available) return;
      try {
        await enqueueWaiting(options, which);
        if (which.ids) await catchUp(options, which.ids);
        else await endKept(options);
      } catch (err) {
        log.warn({ err }, 'looking for what waits to be embedded failed');
      }
    });
    return running;
  }
  async function modelsChanged(): Promise<void> {
    // Whoever waits for a model that was down, or failed with what it was, tries at once.
    await store.db
      .updateTable('jobs')
      .set({ runTime: Date.now() })
      .where('kind', '=', embedKind)
      .where('state', '=', 'waiting')
      .execute()
      .catch((err) => log.warn({ err }, 'embedding jobs could not be brought forward'));
    await look({ failedToo: true });
    jobs.wake();
  }
  return {
    wanted(datasetId) {
      named.add(datasetId);
      if (stopped || timer) return;
      timer = setTimeout(() => {
        timer = undefined;
        const ids = [...named];
        named.clear();
        void look({ ids, failedToo: true });
      }, patienceMs);
      timer.unref();
    },
    async now(which, ids, signal) {
      const made = await embedNow(options, which, ids, signal).catch((err) => {
        log.info({ err, dataset: which.datasetId }, 'an item is left to the job that embeds');
        return 'left' as const;
      });
      // Also for a second index, which follows what is written.
      this.wanted(which.datasetId);
      if (made === 'unmeasured') await jobs.enqueueOnce(embedJobId(which.datasetId), embedJob(which));
      return made !== 'left';
    },
    async start() {
      stopListening = models.onChange(() => void modelsChanged());
      poll = setInterval(() => void look({ failedToo: false }), options.pollMs ?? 10_000);
      poll.unref();
      await look({ failedToo: true });
    },
    async stop() {
      stopped = true;
      stopListening();
      clearTimeout(timer);
      clearInterval(poll);
      await running;
    },
  };
}

const embedJob = ({ teamId, datasetId }: { teamId: string; datasetId: string }) => ({
  kind: embedKind,
  teamId,
  datasetId,
  payload: {},
  maxAttempts: attempts,
});

/** `unmeasured` = embedded, and nobody has measured yet what the vectors of the dataset are worth. */
async function embedNow(
  options: EmbeddingOptions,
  which: { teamId: string; datasetId: string },
  ids: string[],
  signal: AbortSignal,
): Promise<'measured' | 'unmeasured' | 'left'> {
  const { db } = options.store;
  const dataset = await db
    .selectFrom('datasets')
    .select(['id', 'teamId', 'vectorModel', 'dimensions', 'calibratedItems'])
    .where('teamId', '=', which.teamId)
    .where('id', '=', which.datasetId)
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
  const embedder = dataset && embedderOf(options, dataset);
  if (!embedder) return 'left';
  if (dataset.vectorModel !== embedder.id) await adopt(options.store, dataset, embedder.id);
  const run = newEmbedRun(options, liveTarget, which, embedder);
  const items = await namedItemsToEmbed(db, run, ids);
  const either = AbortSignal.any([signal, AbortSignal.timeout(nowMs)]);
  await embedItems(run, items, either);
  const waits = await db
    .selectFrom('data')
    .select('id')
    .where('teamId', '=', which.teamId)
    .where('id', 'in', ids)
    .where('vectorModel', 'is', null)
    .executeTakeFirst();
  if (waits) return 'left';
  return dataset.calibratedItems === null ? 'unmeasured' : 'measured';
}

async function enqueueWaiting(
  options: EmbeddingOptions,
  which: { ids?: string[]; failedToo: boolean },
): Promise<void> {
  const { store, jobs, log } = options;
  for (let after = ''; ; ) {
    const datasets = await waitingDatasets(store, which.ids, after);
    const last = datasets.at(-1);
    if (!last) return;
    after = last.id;
    const states = await embedStates(
      store,
      datasets.map(({ id }) => id),
    );
    for (const dataset of datasets) {
      const state = states.get(dataset.id);
      const ended = state === 'failed' || state === 'cancelled';
      if (state === 'waiting' || state === 'running' || (ended && !which.failedToo)) continue;
      const embedder = embedderOf(options, dataset);
      if (!embedder) continue;
      const { id: datasetId, teamId } = dataset;
      if (dataset.vectorModel !== embedder.id) {
        await adopt(store, dataset, embedder.id);
        log.info({ dataset: datasetId, model: embedder.id }, 'the dataset is embedded with this model');
      }
      await jobs.enqueueOnce(embedJobId(datasetId), embedJob({ teamId, datasetId }));
    }
    if (datasets.length < datasetsAtOnce) return;
  }
}

/** Datasets with items that wait, those of `ids` only when given. */
function waitingDatasets(store: Pick<Store, 'db'>, ids: string[] | undefined, after: string) {
  let query = store.db
    .selectFrom('datasets')
    .select(['id', 'teamId', 'vectorModel', 'dimensions'])
    .where('deletedTime', 'is', null)
    .where('id', '>', after)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('data')
          .select('data.id')
          .whereRef('data.datasetId', '=', 'datasets.id')
          .where('data.vectorModel', 'is', null),
      ),
    )
    .orderBy('id')
    .limit(datasetsAtOnce);
  if (ids) query = query.where('id', 'in', ids.length > 0 ? ids : ['']);
  return query.execute();
}

async function embedStates(store: Pick<Store, 'db'>, datasetIds: string[]): Promise<Map<string, string>> {
  const rows = await store.db
    .selectFrom('jobs')
    .select(['datasetId', 'state'])
    .where('kind', '=', embedKind)
    .where('datasetId', 'in', datasetIds)
    .execute();
  return new Map(rows.map(({ datasetId, state }) => [datasetId ?? '', state]));
}

/** Unless it got vectors meanwhile: those bind it. */
async function adopt(
  store: Pick<Store, 'db'>,
  dataset: Pick<DatasetRow, 'id' | 'teamId'>,
  model: string,
): Promise<void> {
  await store.db
    .updateTable('datasets')
    .set({ vectorModel: model })
    .where('teamId', '=', dataset.teamId)
    .where('id', '=', dataset.id)
    .where('dimensions', 'is', null)
    .execute();
}
