import { createHash } from 'node:crypto';
import type { Logger } from '../../kernel/logger.ts';
import type { Store } from '../../store/ports.ts';
import type { JobQueue } from '../job.ts';
import { trainKind } from './train-dataset.ts';

/** Sees to it that what waits for a language model gets a job. */
export interface Training {
  /** Say it after a commit that left items of the dataset to be trained. */
  wanted(datasetId: string): void;
  /** Looks at every dataset now, whatever it waits for. */
  wake(): Promise<void>;
  /** Looks at every dataset now, and again every few seconds. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface TrainingOptions {
  store: Pick<Store, 'db'>;
  jobs: JobQueue;
  log: Logger;
  /** Between two looks for what another process left, in milliseconds. */
  pollMs?: number;
}

/** Writes that come together are looked at together. */
const patienceMs = 50;
/** What waits is trained in the end; items count their own tries. */
const attempts = 1000;

/** The one job that trains a dataset: everybody who asks for it asks for the same. */
export function trainJobId(datasetId: string): string {
  return createHash('sha256').update(`train:${datasetId}`).digest('hex').slice(0, 24);
}

/** Looks after the training of all datasets of a store. */
export function createTraining({ store, jobs, log, pollMs = 10_000 }: TrainingOptions): Training {
  const named = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let poll: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let stopped = false;

  /** One look after the other; never rejects. */
  function look(ids?: string[]): Promise<void> {
    running = running.then(async () => {
      if (stopped) return;
      try {
        for (const { datasetId, teamId } of await waitingDatasets(store, ids)) {
          const id = trainJobId(datasetId);
          await jobs.enqueueOnce(id, {
            kind: trainKind,
            teamId,
            datasetId,
            payload: {},
            maxAttempts: attempts,
          });
          if (ids) await bringForward(store, id);
        }
      } catch (err) {
        log.warn({ err }, 'looking for what waits to be trained failed');
      }
      if (ids) jobs.wake();
    });
    return running;
  }
  return {
    wanted(datasetId) {
      named.add(datasetId);
      if (stopped || timer) return;
      timer = setTimeout(() => {
        timer = undefined;
        const ids = [...named];
        named.clear();
        void look(ids);
      }, patienceMs);
      timer.unref();
    },
    async wake() {
      const all = await waitingDatasets(store);
      await look(all.map(({ datasetId }) => datasetId));
    },
    async start() {
      poll = setInterval(() => void look(), pollMs);
      poll.unref();
      await look();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      clearInterval(poll);
      await running;
    },
  };
}

/**
 * Datasets with items that wait, those of `ids` only when given. Where somebody cancelled the job, nobody does what
 * waited then; it goes on with what came, or was sent again, since.
 */
async function waitingDatasets({ db }: Pick<Store, 'db'>, ids?: string[]) {
  let query = db
    .selectFrom('training_items')
    .select(['datasetId', 'teamId', (eb) => eb.fn.max('updateTime').as('latest')])
    .where('state', 'in', ['waiting', 'running'])
    .groupBy(['datasetId', 'teamId']);
  if (ids) query = query.where('datasetId', 'in', ids.length > 0 ? ids : ['']);
  const waiting = await query.execute();
  if (waiting.length === 0) return [];
  const cancelled = await db
    .selectFrom('jobs')
    .select(['datasetId', 'endTime'])
    .where('kind', '=', trainKind)
    .where('state', '=', 'cancelled')
    .execute();
  const times = new Map(cancelled.map(({ datasetId, endTime }) => [datasetId, Number(endTime ?? 0)]));
  return waiting.filter(({ datasetId, latest }) => Number(latest) > (times.get(datasetId) ?? 0));
}

/** A job that waits for an item's next try looks at new items now; one that a provider holds back stays where it is. */
async function bringForward({ db }: Pick<Store, 'db'>, id: string): Promise<void> {
  const now = Date.now();
  await db
    .updateTable('jobs')
    .set({ runTime: now })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .where('cause', 'is', null)
    .where('runTime', '>', now)
    .execute();
}
