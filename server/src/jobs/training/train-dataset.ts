import type { Kysely } from 'kysely';
import { isDiskProblem } from '../../kernel/disk-problem.ts';
import { type AppError, fail } from '../../kernel/errors.ts';
import { isStoreTrouble } from '../../store/errors.ts';
import { toJson } from '../../store/json.ts';
import { lockRows } from '../../store/locking.ts';
import type { Database, DatasetRow, TrainingItemRow } from '../../store/schema.ts';
import { toFailure } from '../failure.ts';
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
        if (next === undefined) return;
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
  failed: number;
}

/** Nothing when the dataset is gone. What a stopped process was asking about waits again. */
async function beginRun(
  deps: TrainingDeps,
  { id: jobId, teamId, datasetId }: Job,
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
  return { deps, tools, jobId, dataset, backoffMs, trained: 0, failed: 0 };
}

function itemsOf(db: Kysely<Database>, { dataset }: Pick<TrainRun, 'dataset'>) {
  return db
    .selectFrom('training_items')
    .where('teamId', '=', dataset.teamId)
    .where('datasetId', '=', dataset.id)
    .where('state', '=', 'waiting');
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

async function showProgress(run: TrainRun): Promise<void> {
  const row = await itemsOf(run.deps.store.db, run)
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirst();
  const pending = Number(row?.n ?? 0);
  run.tools.progress({
    stage: 'train',
    percent: (100 * run.trained) / Math.max(1, run.trained + pending),
    counts: { trained: run.trained, failed: run.failed, pending },
  });
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
    run.failed += 1;
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
  { error, cause, retry, retryAfterMs }: ReturnType<typeof toFailure>,
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
