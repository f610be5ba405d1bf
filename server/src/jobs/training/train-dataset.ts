import type { Kysely } from 'kysely';
import { isDiskProblem } from '../../kernel/disk-problem.ts';
import { type AppError, fail } from '../../kernel/errors.ts';
import { isStoreTrouble } from '../../store/errors.ts';
import { fromJson, toJson } from '../../store/json.ts';
import { lockRows } from '../../store/locking.ts';
import type { Database, DatasetRow, TrainingItemRow } from '../../store/schema.ts';
import { ItemsFailed, type JobCause, type JobError, type JobFailure, toFailure } from '../failure.ts';
import { type Job, type JobHandler, type JobTools, Later } from '../job.ts';
import { insertTrainingItems, triesOfNew } from './items.ts';
import { type Trained, type TrainingDeps, Unusable } from './mode.ts';
import { userOf } from './models.ts';
import { trainers } from './modes/index.ts';
import { addUse, type ModelUse, pointsOf } from './usage.ts';

export const trainKind = 'train';

export interface TrainOptions {
  /** After this long others have their turn, in milliseconds; default 15 s. */
  sliceMs?: number;
  /** Wait before an item's next try, by the number of tries so far. */
  backoffMs?(tries: number): number;
}

/** Items that a model is asked about at the same time. */
const mostAtOnce = 4;
const defaultSliceMs = 15_000;
/** Characters of an answer that could not be used, as they are shown. */
const shownOfAnswer = 200;

/** Statuses with which a provider refuses what is in a request, or whoever sends it: it will do so again. */
const refusals = new Set([400, 401, 403, 404, 413, 422]);

/** 3 s, 6 s, 12 s … up to 5 minutes. */
const defaultBackoff = (tries: number) => Math.min(300_000, 3_000 * 2 ** (tries - 1));

/**
 * Asks language models about what waits in a dataset, a few items at the same time. What a model made of an item is
 * written in the transaction that deletes the item, so that it can be stopped anywhere and nothing is lost or doubled.
 * A provider that has enough is left alone for as long as it says, and no try is counted.
 * When nothing waits any more, the job fails if items of the dataset did.
 */
export function trainDataset(deps: TrainingDeps & { trainOptions?: TrainOptions }): JobHandler {
  const { sliceMs = defaultSliceMs, backoffMs = defaultBackoff } = deps.trainOptions ?? {};
  return async (job, tools) => {
    const run = await beginRun(deps, job, tools, backoffMs);
    if (!run) return;
    const until = Date.now() + sliceMs;
    for (let atOnce = 1; ; atOnce = Math.min(mostAtOnce, atOnce * 2)) {
      tools.signal.throwIfAborted();
      const items = await takeDue(run, atOnce);
      if (items.length === 0) {
        const next = await nextTime(run);
        if (next === undefined) return await endRun(run);
        throw new Later(Math.max(0, next - Date.now()));
      }
      const limits = await Promise.all(items.map((item) => trainItem(run, item)));
      tools.signal.throwIfAborted();
      await showProgress(run);
      const limit = limits.find((error) => error !== undefined);
      if (limit) throw limit;
      if (Date.now() >= until) throw new Later();
    }
  };
}

interface TrainRun {
  deps: TrainingDeps;
  tools: JobTools;
  jobId: string;
  dataset: DatasetRow;
  backoffMs(tries: number): number;
  trained: number;
}

/** Nothing when the dataset is gone. What a stopped process was asking about waits again. */
async function beginRun(
  deps: TrainingDeps,
  { id: jobId, teamId, datasetId, counts }: Job,
  tools: JobTools,
  backoffMs: (tries: number) => number,
): Promise<TrainRun | undefined> {
  const dataset = await deps.store.db
    .selectFrom('datasets')
    .selectAll()
    .where('teamId', '=', teamId)
    .where('id', '=', datasetId)
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
  if (!dataset) return undefined;
  await deps.store.db
    .updateTable('training_items')
    .set({ state: 'waiting' })
    .where('teamId', '=', teamId)
    .where('datasetId', '=', dataset.id)
    .where('state', '=', 'running')
    .execute();
  return { deps, tools, jobId, dataset, backoffMs, trained: counts.trained ?? 0 };
}

function itemsOf(
  db: Kysely<Database>,
  { dataset }: Pick<TrainRun, 'dataset'>,
  state: 'waiting' | 'failed' = 'waiting',
) {
  return db
    .selectFrom('training_items')
    .where('teamId', '=', dataset.teamId)
    .where('datasetId', '=', dataset.id)
    .where('state', '=', state);
}

async function takeDue(run: TrainRun, limit: number): Promise<TrainingItemRow[]> {
  const { db } = run.deps.store;
  const due = await itemsOf(db, run)
    .selectAll()
    .where('runTime', '<=', Date.now())
    .orderBy('runTime')
    .orderBy('id')
    .limit(limit)
    .execute();
  if (due.length > 0) await setState(run, due, 'running');
  return due;
}

function setState(run: TrainRun, items: TrainingItemRow[], state: 'waiting' | 'running') {
  return run.deps.store.db
    .updateTable('training_items')
    .set({ state })
    .where('teamId', '=', run.dataset.teamId)
    .where(
      'id',
      'in',
      items.map(({ id }) => id),
    )
    .where('state', '=', state === 'running' ? 'waiting' : 'running')
    .execute();
}

async function nextTime(run: TrainRun): Promise<number | undefined> {
  const next = await itemsOf(run.deps.store.db, run)
    .select((eb) => eb.fn.min('runTime').as('runTime'))
    .executeTakeFirst();
  return next?.runTime == null ? undefined : Number(next.runTime);
}

/** Answers how many items of the dataset failed for good, whenever that was. */
async function showProgress(run: TrainRun): Promise<number> {
  const [pending, failed] = await Promise.all([countOf(run, 'waiting'), countOf(run, 'failed')]);
  const done = run.trained + failed;
  run.tools.progress({
    stage: 'train',
    percent: (100 * done) / Math.max(1, done + pending),
    counts: { trained: run.trained, failed, pending },
  });
  return failed;
}

async function countOf(run: TrainRun, state: 'waiting' | 'failed'): Promise<number> {
  const row = await itemsOf(run.deps.store.db, run, state)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirst();
  return Number(row?.n ?? 0);
}

/** Nothing waits: it was done, unless items failed. */
async function endRun(run: TrainRun): Promise<void> {
  const count = await showProgress(run);
  if (count === 0) return;
  const last = await itemsOf(run.deps.store.db, run, 'failed')
    .select(['error', 'cause'])
    .orderBy('updateTime', 'desc')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  const error = fromJson<JobError | undefined>(last?.error ?? null, undefined);
  // Corrected or deleted by a person at this very moment.
  if (!last || !error) return;
  throw new ItemsFailed(count, { error, cause: (last.cause ?? 'bug') as JobCause });
}

/** Answers what its provider said when it has enough; the queue holds the job back for as long as that asks. */
async function trainItem(run: TrainRun, item: TrainingItemRow): Promise<unknown> {
  const { deps, tools } = run;
  try {
    const trained = await askAbout(run, item);
    if (trained && (await write(run, item, trained))) {
      run.trained += 1;
      deps.embedding.wanted(item.datasetId);
    }
    return undefined;
  } catch (thrown) {
    if (tools.signal.aborted) return undefined;
    if (isStoreTrouble(thrown) || isDiskProblem(thrown)) throw thrown;
    const uses = thrown instanceof Unusable ? thrown.uses : [];
    if (uses.length > 0) await pay(run, item, uses);
    const failure = toFailure(thrown instanceof Unusable ? unusable(run, thrown) : thrown, run.jobId);
    if (failure.cause === 'limit') {
      await setState(run, [item], 'waiting');
      return thrown;
    }
    if (failure.cause === 'bug')
      deps.log.error({ item: item.id, mode: item.mode, err: thrown }, 'training failed');
    await noteFailure(run, item, failure);
    return undefined;
  }
}

function unusable(run: TrainRun, { said, uses }: Unusable): AppError {
  const model = uses[0]?.model ?? run.dataset.agentModel ?? '';
  const shown = said.slice(0, shownOfAnswer);
  const details =
    shown === ''
      ? { en: 'its answer is empty', zh: '其回答为空' }
      : {
          en: `its answer is not in the form that was asked for: ${shown}`,
          zh: `其回答不符合要求的格式：${shown}`,
        };
  return fail('modelFailed', { params: { model, details } });
}

async function askAbout(run: TrainRun, item: TrainingItemRow): Promise<Trained | undefined> {
  const { deps, dataset, tools } = run;
  const collection = await deps.store.db
    .selectFrom('collections')
    .selectAll()
    .where('teamId', '=', item.teamId)
    .where('datasetId', '=', dataset.id)
    .where('id', '=', item.collectionId)
    .where('deletedTime', 'is', null)
    .executeTakeFirst();
  const train = trainers[item.mode];
  if (!collection || !train) {
    await deps.store.db
      .deleteFrom('training_items')
      .where((eb) => eb.and(asTaken(item)))
      .execute();
    return undefined;
  }
  const user = await userOf(deps.store, item);
  return await train(deps, { item, collection, dataset, user }, tools.signal);
}

/** An item as it was when it was taken: a person may have changed or deleted it since. */
const asTaken = ({ teamId, id, version }: TrainingItemRow) => ({
  teamId,
  id,
  version,
  state: 'running' as const,
});

/** False when the item is no longer what was asked about. */
async function write(run: TrainRun, item: TrainingItemRow, trained: Trained): Promise<boolean> {
  const { store } = run.deps;
  const written = await store.db.transaction().execute(async (trx) => {
    await lockRows(store, trx, 'collections', item.teamId, [item.collectionId]);
    await run.tools.mustHold(trx);
    await addUse(trx, item, trained.uses);
    const deleted = await trx
      .deleteFrom('training_items')
      .where((eb) => eb.and(asTaken(item)))
      .returning('id')
      .execute();
    if (deleted.length === 0) return false;
    if (await trained.write(trx)) return true;
    await insertTrainingItems(trx, [{ ...item, state: 'waiting' }]);
    return false;
  });
  charge(run, item, trained.uses);
  return written;
}

async function pay(run: TrainRun, item: TrainingItemRow, uses: ModelUse[]): Promise<void> {
  await addUse(run.deps.store.db, item, uses);
  charge(run, item, uses);
}

function charge(run: TrainRun, { keyId }: TrainingItemRow, uses: ModelUse[]): void {
  const points = pointsOf(uses);
  if (keyId !== null && points > 0) run.deps.charge(keyId, points);
}

async function noteFailure(
  run: TrainRun,
  item: TrainingItemRow,
  { error, cause, retry, retryAfterMs }: JobFailure,
): Promise<void> {
  const lasting = !retry || refusals.has(error.status ?? 0);
  const retryCount = lasting ? 0 : Math.max(0, item.retryCount - 1);
  const tries = Math.max(1, 1 + triesOfNew - item.retryCount);
  const now = Date.now();
  const wait = Math.ceil(Math.max(run.backoffMs(tries), retryAfterMs));
  await run.deps.store.db
    .updateTable('training_items')
    .set({
      state: retryCount > 0 ? 'waiting' : 'failed',
      retryCount,
      runTime: now + wait,
      error: toJson(error),
      cause,
      updateTime: now,
    })
    .where((eb) => eb.and(asTaken(item)))
    .execute();
}
